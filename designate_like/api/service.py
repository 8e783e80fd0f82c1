# SPDX-License-Identifier: Apache-2.0
"""The API as a service of its own: its sockets, and the waitress server on them."""
import socket
import threading
from typing import Any

import waitress.server
import waitress.wasyncore
from oslo_config import cfg

from designate_like import errors
from designate_like import policy
from designate_like import service
from designate_like.api import wsgi
from designate_like.resources import addresses

# More threads than this only wait for one another, as Python runs one of them at a time.
MOST_THREADS = 32

# Seconds that stopping waits for requests that are being handled.
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
        for address in self.options.listen:
            self._sockets.append(_listen(address, conf.backlog))
        self._http: Any
        self._map: dict[int, Any] = {}      # what waitress polls, by file descriptor
        self._loop: threading.Thread | None = None

    @classmethod
    def check(cls, conf: cfg.ConfigOpts) -> None:
        """Read the policy and the paste file."""
        super().check(conf)
        policy.init(conf)
        wsgi.load(conf)

    @property
    def addresses(self) -> list[str]:
        """Where it listens, each as host:port."""
        return [addresses.join(*each.getsockname()[:2]) for each in self._sockets]

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
        """Finish the requests that are being handled, and close everything."""
        if self._loop is not None:
            self._http.task_dispatcher.shutdown(timeout=GRACE)
            listener = next(each for each in self._map.values()
                            if isinstance(each, waitress.server.BaseWSGIServer))
            # The loop ends when it has nothing to poll. Only then is it closed, as the loop may
            # run what it is told before the write that wakes it, into the trigger, is done.
            left: dict[int, Any] = {}
            listener.trigger.pull_trigger(lambda: (left.update(self._map), self._map.clear()))
            self._loop.join(GRACE)
            waitress.wasyncore.close_all(left, ignore_all=True)
            self._loop = None
        for each in self._sockets:
            each.close()
        super().stop()


def _listen(address: str, backlog: int) -> socket.socket:
    """Open a socket on ``host:port``; IPv6 hosts stand in brackets."""
    host, port = addresses.split(address, 9001)
    if not port and not address.endswith(':0') or port > 65535:
        raise errors.ConfigurationError(f'[service:api] listen: {address!r} is not host:port')
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog)
    except OSError as problem:
        # Python adds the address to it, in its own notation.
        reason = problem.strerror.partition(' (while')[0]
        raise OSError(f'the API cannot listen at {addresses.join(host, port)}: '
                      f'{reason}') from problem
