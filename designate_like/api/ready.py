# SPDX-License-Identifier: Apache-2.0
"""GET /healthcheck/ready: whether the parts behind the API are there, for whoever watches it.

A load balancer should ask /healthcheck: with the bus or the database away, every API is alike,
and answering 503 is better than not answering at all.
"""
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import webob

from designate_like import context
from designate_like import errors
from designate_like import rpc
from designate_like.api import faults
from designate_like.api import http

_TIMEOUT = 3        # seconds that central may take
_FRESH = 1          # seconds for which an answer is given again: nobody has to prove who asks

_OK, _AWAY, _UNKNOWN = 'OK', 'UNAVAILABLE', 'UNKNOWN'


class Ready:
    """A WSGI application that needs no authentication."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._until = 0.0

    def __call__(self, environ: dict[str, Any],
                 start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ['PATH_INFO'].strip('/'):
            raise errors.NotFound()
        if environ['REQUEST_METHOD'] not in ('GET', 'HEAD'):
            raise errors.MethodNotAllowed()
        return self._reply(environ[http.CENTRAL])(environ, start_response)

    def _reply(self, central: rpc.Client) -> webob.Response:
        with self._lock:
            if time.monotonic() > self._until:
                self._known = _look(central)
                self._until = time.monotonic() + _FRESH
            known = self._known
        return http.reply(200 if set(known.values()) == {_OK} else 503, known)


def _look(central: rpc.Client) -> dict[str, str]:
    """The state of each part."""
    try:
        central.within(_TIMEOUT).health.check(context.admin())
    except errors.BusUnavailable:
        return {'bus': _AWAY, 'central': _UNKNOWN, 'database': _UNKNOWN}
    except errors.Timeout:
        return {'bus': _OK, 'central': _AWAY, 'database': _UNKNOWN}
    except errors.Error:
        return {'bus': _OK, 'central': _OK, 'database': _AWAY}
    return {'bus': _OK, 'central': _OK, 'database': _OK}


def app_factory(global_conf: dict[str, str], **local_conf: str) -> faults.WsgiApp:
    """Make the application for PasteDeploy."""
    return faults.guard(Ready())
