# SPDX-License-Identifier: Apache-2.0
"""Offering endpoints on the bus.

An endpoint is an object with a ``namespace`` (the noun) whose public methods take the context
and keyword arguments. What goes wrong in the ordinary course of things, that is every error
of ours that says what it is, goes back to the caller without a traceback in the log.
"""
import concurrent.futures
import functools
import inspect
import logging
import threading
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import oslo_messaging
from oslo_messaging.rpc import server

from designate_like import errors
from designate_like import metrics
from designate_like.rpc import pulse
from designate_like.rpc import rabbit
from designate_like.rpc import serializer

LOG = logging.getLogger(__name__)

VERSION = '1.0'

# Seconds that a stop takes before it looks whether the bus is there at all: who listens on it
# looks up every two. And seconds between two looks.
_PATIENCE = 4
_LOOK = 0.5

# Not the one of the notifications, which others declare too: what stands by quorum queues must
# be durable, and RabbitMQ refuses whoever declares one exchange in another way than it is.
EXCHANGE = 'designate_like'


class Server:
    """Takes requests for a topic, and those meant for this host alone."""

    def __init__(self, transport: oslo_messaging.Transport, topic: str, host: str,
                 endpoints: Iterable[Any], threads: int) -> None:
        self._threads = threads
        self._transport = transport
        self._dispatcher = pulse.Dispatcher(
            [_Exposed(endpoint) for endpoint in endpoints], serializer.Serializer())
        self._server = _Server(
            transport, oslo_messaging.Target(exchange=EXCHANGE, topic=topic, server=host),
            self._dispatcher)

    def start(self) -> None:
        """Begin to take requests, ``threads`` at once."""
        self._dispatcher.pulse.start()
        self._server.start(override_pool_size=self._threads)

    def stop(self) -> None:
        """Take no more requests, and return when those taken are done.

        While the bus is away neither happens: who listens is connecting, and no reply can be
        sent. Then requests under way are left to themselves, whose callers hear nothing anyway.
        """
        stopping = threading.Thread(target=self._finish, name='stop-server', daemon=True)
        stopping.start()
        stopping.join(_PATIENCE)
        while stopping.is_alive() and rabbit.listens(self._transport):
            stopping.join(_LOOK)
        if stopping.is_alive():
            LOG.warning('Stopping without the message bus')

    def _finish(self) -> None:
        self._server.stop()
        for request in rabbit.take_the_rest(self._server.listener):
            self._server._on_incoming([request])
        self._server.wait()
        self._dispatcher.pulse.stop()


class _Server(server.RPCServer):
    """Uses the threads of the standard library.

    Those that oslo.messaging chooses take a second to stop, and wake up every second to look
    whether they should.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._executor_cls = concurrent.futures.ThreadPoolExecutor


class _Exposed:
    """The public methods of an endpoint, and the target by which the bus finds them."""

    def __init__(self, endpoint: Any) -> None:
        self.target = oslo_messaging.Target(namespace=endpoint.namespace, version=VERSION)
        for name, method in inspect.getmembers(endpoint, inspect.ismethod):
            if not name.startswith('_'):
                setattr(self, name, _quietly(method, f'{endpoint.namespace}.{name}'))


def _quietly(method: Callable[..., Any], label: str) -> Callable[..., Any]:
    """Mark the errors that are no fault of ours as expected, which keeps them out of the log."""
    @functools.wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            with metrics.timed('rpc_work_seconds', method=label):
                return method(*args, **kwargs)
        except errors.Error as error:
            if type(error) is errors.Error:
                raise
            if error.code >= errors.Internal.code:
                level = logging.ERROR if isinstance(error, errors.Internal) else logging.WARNING
                LOG.log(level, '%s failed: %s', method.__qualname__, error.message)
            raise oslo_messaging.ExpectedException() from None
    return wrapper
