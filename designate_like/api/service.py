# SPDX-License-Identifier: Apache-2.0
"""The API as a service of its own: its sockets, and the waitress server on them."""
import socket
import threading
import time
from typing import Any

import waitress.channel
import waitress.server
import waitress.task
import waitress.wasyncore
from oslo_config import cfg

from designate_like import policy
from designate_like import service
from designate_like.api import wsgi
from designate_like.resources import addresses

_DEFAULT_PORT = 9001

# More threads than this only wait for one another, as Python runs one of them at a time.
MOST_THREADS = 32

# Seconds, when a process stops, within which a client that has just connected, or was just
# answered, may still send a request.
LINGER = 0.5

# Seconds that stopping waits for threads, after the requests were waited for.
GRACE = 0.7

# Bytes of a body, above the largest import, with which a request is not even read; the real
# limits are the sizelimit filter's, which says so in a reply.
LARGEST_BODY = 16 * 2**20


class Api(service.Service):
    """The role that serves HTTP.

    Its sockets are open, and clients wait in their queues, from the constructor on: so a port
    that is taken shows at once, and processes that are forked share them.
    """
    name = 'api'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        """Open the sockets.

        :raises OSError: when an address cannot be had; the message names it.
        :raises ConfigurationError: for an address in ``listen`` that is none.
        """
        super().__init__(conf)
        self._sockets: list[socket.socket] = []
        for host, port in service.listen_at(conf, self.name, _DEFAULT_PORT):
            self._sockets.append(_listen(host, port, conf.backlog))
        self._http: Any
        self._map: dict[int, Any] = {}      # what waitress polls, by file descriptor
        self._loop: threading.Thread | None = None

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Read the policy and the paste file."""
        super().check(conf, wait)
        service.listen_at(conf, cls.name, _DEFAULT_PORT)
        policy.init(conf)
        wsgi.load(conf)

    @property
    def addresses(self) -> list[str]:
        """Where it listens, each as host:port."""
        return [addresses.join(*each.getsockname()[:2]) for each in self._sockets]

    def places(self) -> list[str]:
        return [f'HTTP at {each}' for each in self.addresses] + super().places()

    def start(self) -> None:
        """Serve."""
        super().start()
        self._http = waitress.server.create_server(
            wsgi.build(self.conf, self.central), map=self._map, sockets=self._sockets,
            threads=min(self.options.threads, MOST_THREADS), backlog=self.conf.backlog,
            connection_limit=10_000, asyncore_use_poll=True, ident=None,
            max_request_body_size=LARGEST_BODY + self.options.max_import_size,
            # The http_proxy_to_wsgi filter reads them, when it is told to trust them.
            clear_untrusted_proxy_headers=False)
        self._loop = threading.Thread(target=self._http.run, name='api-http', daemon=True)
        self._loop.start()

    def stop(self) -> None:
        """Finish the requests of all who are connected, and close everything.

        Who connects from now on waits for another process, if others have the sockets too.
        """
        if self._loop is not None:
            self._answer_the_last()
            self._http.task_dispatcher.shutdown(timeout=GRACE)
            # The loop ends when it has nothing to poll. Only then is it closed, as the loop may
            # run what it is told before the write that wakes it, into the trigger, is done.
            left: dict[int, Any] = {}
            self._listeners()[0].trigger.pull_trigger(
                lambda: (left.update(self._map), self._map.clear()))
            self._loop.join(GRACE)
            waitress.wasyncore.close_all(left, ignore_all=True)
            self._loop = None
        for each in self._sockets:
            each.close()
        super().stop()

    def _listeners(self) -> list[waitress.server.BaseWSGIServer]:
        return [each for each in list(self._map.values())
                if isinstance(each, waitress.server.BaseWSGIServer)]

    def _answer_the_last(self) -> None:
        """Return when nobody waits for an answer, or after as long as an answer can take."""
        for each in self._listeners():
            each.accepting = False
        end = time.monotonic() + self.conf.rpc_response_timeout
        while time.monotonic() < end:
            channels = [each for each in list(self._map.values())
                        if isinstance(each, waitress.channel.HTTPChannel)]
            for each in channels:
                each.task_class = _LastTask
            if not any(map(_is_busy, channels)):
                return
            time.sleep(LINGER / 20)


class _LastTask(waitress.task.WSGITask):
    """An answer with which the connection ends, and which says so (RFC 9112 section 9.6)."""

    def build_response_header(self) -> bytes:
        self.set_close_on_finish()
        return super().build_response_header()


def _is_busy(channel: waitress.channel.HTTPChannel) -> bool:
    """Whether a client waits for its answer, or may be about to ask."""
    return bool(channel.requests or channel.total_outbufs_len
                or time.time() - channel.last_activity < LINGER)


def _listen(host: str, port: int, backlog: int) -> socket.socket:
    """Open a socket."""
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog)
    except OSError as problem:
        # Python adds the address to it, in its own notation.
        reason = problem.strerror.partition(' (while')[0]
        raise OSError(f'[service:api] listen: cannot listen at {addresses.join(host, port)}: '
                      f'{reason}') from problem
