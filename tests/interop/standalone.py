# SPDX-License-Identifier: Apache-2.0
"""The service as a user starts it: designate-like-standalone in a process of its own."""
import contextlib
import http.client
import json
import pathlib
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import yaml

from designate_like.conf import metrics
from tests import base
from tests.interop import bind
from tests.interop import server

POOL_ID = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
NO_LIMITS = '[DEFAULT]\n' + ''.join(f'quota_{name} = -1\n' for name in (
    'zones', 'zone_recordsets', 'zone_records', 'recordset_records', 'api_export_size'))


class Refused(Exception):
    """An answer that is an error; ``code`` and ``document`` tell which."""

    def __init__(self, code: int, document: Any) -> None:
        super().__init__(f'{code} {document}')
        self.code = code
        self.document = document


class Client:
    """A client of the API that keeps its connection.

    :param headers: what each request says besides, such as a token.
    """

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._headers = {'Content-Type': 'application/json', **(headers or {})}
        self._connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The document of the answer.

        :raises Refused: for an answer that is an error.
        """
        self._connection.request(method, path, None if body is None else json.dumps(body),
                                 self._headers)
        response = self._connection.getresponse()
        content = response.read()
        document = json.loads(content) if content else None
        if response.status >= 400:
            raise Refused(response.status, document)
        return document

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def zone(self, name: str) -> str:
        """Create a zone, wait until it is ACTIVE; returns its id."""
        zone_id = self('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})['id']
        self.active(f'/v2/zones/{zone_id}')
        return zone_id

    def record(self, zone_id: str, name: str, *records: str, type_: str = 'A') -> str:
        """Create a recordset; returns its id."""
        return self('POST', f'/v2/zones/{zone_id}/recordsets',
                    {'name': name, 'type': type_, 'records': list(records)})['id']

    def active(self, path: str, timeout: float = 30) -> None:
        """Wait until what the path shows is ACTIVE."""
        base.wait(lambda: self('GET', path)['status'] == 'ACTIVE', timeout, pause=0.002)

    def gone(self, path: str, timeout: float = 30) -> None:
        """Wait until there is nothing at the path."""
        def is_gone() -> bool:
            try:
                self('GET', path)
            except Refused as refused:
                return refused.code == 404
            return False
        base.wait(is_gone, timeout)


class Metrics:
    """Free ports at which the roles tell what they have counted.

    ``settings`` is a section of the configuration file.
    """

    def __init__(self) -> None:
        self.ports = {role: server.free_port() for role in metrics.PORTS}
        self.settings = '[metrics]\nenabled = true\n' + ''.join(
            f'{role}_port = {port}\n' for role, port in self.ports.items())

    def lines(self, role: str) -> list[str]:
        """What a role tells."""
        with urllib.request.urlopen(f'http://127.0.0.1:{self.ports[role]}/metrics') as page:
            return page.read().decode().splitlines()


class Standalone:
    """One service, with its ports and its state.

    :param servers: the server or servers that are its pool; without one mdns is.
    :param settings: the text of its configuration file.
    :param relay_port: the port from which the servers pull, where a relay stands between.
    """

    def __init__(self, directory: pathlib.Path,
                 servers: server.Server | Sequence[server.Server] | None = None,
                 settings: str = '', relay_port: int | None = None) -> None:
        self.state = directory
        self.port = server.free_port()
        self.dns_port = server.free_port()
        self.process: subprocess.Popen | None = None
        (directory / 'standalone.conf').write_text(settings)
        self.command = [
            sys.executable, '-m', 'designate_like.cmd.standalone',
            '--config-file', str(directory / 'standalone.conf'), '--state-path', str(directory),
            '--listen', f'127.0.0.1:{self.port}', '--dns-listen', f'127.0.0.1:{self.dns_port}']
        if servers is not None:
            if isinstance(servers, server.Server):
                servers = [servers]
            (directory / 'pools.yaml').write_text(yaml.safe_dump([{
                'id': POOL_ID, 'name': 'default',
                'ns_records': [{'hostname': 'ns1.example.net.', 'priority': 1}],
                'nameservers': [{'host': '127.0.0.1', 'port': each.port} for each in servers],
                'targets': [each.target(relay_port or self.dns_port) for each in servers]}]))
            self.command += ['--pools', str(directory / 'pools.yaml')]

    def start(self) -> None:
        """Start it, and return when it says that it is ready."""
        with (self.state / 'log').open('ab') as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log,
                                            text=True)
        line = self.process.stdout.readline()
        if 'is ready' not in line:
            self.process.send_signal(signal.SIGABRT)    # What it does is told, if it is alive.
            code = self._ended()                        # Negative: the signal that it died of.
            raise AssertionError(f'standalone did not start: {line!r}, exit {code}:\n{self.log()}')

    def stop(self) -> int:
        """Stop it as SIGTERM does; returns its exit code."""
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """Let it die at once, if it is alive."""
        if self.process is not None:
            self.process.kill()
            self._ended()

    def _ended(self) -> int:
        code = self.process.wait(20)
        self.process.stdout.close()
        self.process = None
        return code

    def client(self, **headers: str) -> Client:
        """A new client of the API.

        :param headers: what each of its requests says besides, with ``_`` for ``-``.
        """
        return Client(self.port, {name.replace('_', '-'): headers[name] for name in headers})

    def memory(self) -> int:
        """Bytes that it has in memory."""
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith('VmRSS:'):
                return int(line.split()[1]) * 1024
        raise AssertionError('the service is gone')

    def log(self) -> str:
        """Return all that it has written to its log."""
        return (self.state / 'log').read_text(errors='replace')


class Mixin(bind.Mixin):
    """What a test has besides: ``self.standalone()`` and ``self.client(service)``."""

    def standalone(self, servers: server.Server | Sequence[server.Server] | None = None,
                   settings: str = NO_LIMITS) -> Standalone:
        """Return a new service that runs, killed after the test."""
        service = Standalone(self.directory(), servers, settings)   # type: ignore[attr-defined]
        self.addCleanup(service.kill)                             # type: ignore[attr-defined]
        service.start()
        return service

    def client(self, service: Standalone, **headers: str) -> Client:
        """Return a new client of a service, closed after the test."""
        return self.enterContext(                                 # type: ignore[attr-defined]
            contextlib.closing(service.client(**headers)))
