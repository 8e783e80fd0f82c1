# SPDX-License-Identifier: Apache-2.0
"""A server that speaks the one call of Neutron's API that is used, the list of floating IPs.

The real Neutron is in the interoperability tests; here it is several regions, IPv6 addresses,
which Neutron does not lend at present, and every way to fail.
"""
import http.server
import json
import threading
import urllib.parse
from collections.abc import Callable
from typing import Any


class Neutron(http.server.ThreadingHTTPServer):
    """The Neutron of one region.

    :param page: how many items an answer holds at most.
    """
    daemon_threads = False      # Closing the server waits for its answers.

    def __init__(self, page: int = 1000) -> None:
        super().__init__(('127.0.0.1', 0), _Handler)
        self.lent: list[dict[str, str]] = []
        self.asked: list[tuple[str, dict[str, list[str]], str | None]] = []
        self.page = page
        self.answer: Callable[[http.server.BaseHTTPRequestHandler], None] | None = None
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.server_port}'

    def lend(self, id_: str, project_id: str, address: str) -> None:
        """Give a project a floating IP."""
        self.lent.append({'id': id_, 'project_id': project_id, 'floating_ip_address': address})

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Serve no more."""
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """One request; ``answer`` of the server, if set, answers instead."""
    server: Neutron

    def do_GET(self) -> None:
        """Answer with the floating IPs that match the query, a page of them."""
        path, _, text = self.path.partition('?')
        query = urllib.parse.parse_qs(text)
        self.server.asked.append((path, query, self.headers['X-Auth-Token']))
        if self.server.answer is not None:
            self.server.answer(self)
            return
        members = query.get('fields', ['id'])
        found = [each for each in self.server.lent
                 if query.get('id', [each['id']]) == [each['id']]]
        ids = [each['id'] for each in found]
        start = ids.index(query['marker'][0]) + 1 if 'marker' in query else 0
        end = start + self.server.page
        document: dict[str, Any] = {'floatingips': [
            {name: each[name] for name in members} for each in found[start:end]]}
        if end < len(found):
            document['floatingips_links'] = [{'rel': 'next', 'href': 'http://elsewhere/'}]
        self.reply(200, json.dumps(document))

    def reply(self, code: int, text: str) -> None:
        """Answer with a text."""
        self.send_response(code)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing of what is served."""
