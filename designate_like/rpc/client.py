# SPDX-License-Identifier: Apache-2.0
"""Calling another role: ``central.zones.create(ctx, zone=zone)``.

A handle is not told which nouns and methods there are: the first attribute is the namespace,
the second the method. Three ways of asking:

    central.zones.create(ctx, ...)        a call: waits for the result
    worker.cast.zones.deploy(ctx, ...)    a cast: one server does it some time
    worker.fanout.pools.forget(ctx, ...)  a cast to every server that is there

A cast may be lost, and whoever sends one has a sweep behind it; so a bus that is away does
not fail it but leaves a line in the log.
"""
import logging
from collections.abc import Callable
from typing import Any

from oslo_config import cfg
import oslo_messaging
from oslo_messaging.rpc import client as oslo_client

from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like.rpc import rabbit
from designate_like.rpc import serializer
from designate_like.rpc import server

# While the bus or a role is away, one line is enough for all that is asked in vain.
_AWAY = logging.getLogger(f'{__name__}.away')
_AWAY.addFilter(rabbit.Once())

# A timeout does not bound connecting: without a limit on retries a caller that is cut off from
# all brokers waits for ever. One retry reaches the next broker of a cluster.
RETRY = 1

# Seconds for a reply of a server that is alive; oslo.messaging's own default is a minute.
cfg.set_defaults(oslo_client._client_opts, rpc_response_timeout=15)

# Seconds without a sign of life from the server after which a call counts as lost. It must be
# longer than a request may wait for a free thread there.
CALL_MONITOR_TIMEOUT = 10

# A call for which there is no queue yet, as no server has ever come to this bus, fails at once.
_TO_SOMEBODY = oslo_messaging.TransportOptions(at_least_once=True)

# A connection that cannot even be made fails with an error of kombu's or below.
_UNSENT = (oslo_messaging.MessageDeliveryFailure, oslo_messaging.MessageUndeliverable,
           oslo_messaging.ClientSendError, *rabbit.LOST)

Method = Callable[..., Any]


class _Namespaces:
    """Makes attribute access the choice of a namespace and a method."""

    def __init__(self, rpc: Any, send: Callable[..., Any]) -> None:
        self._rpc = rpc
        self._send = send

    def __getattr__(self, noun: str) -> '_Methods':
        methods = _Methods(self._rpc.prepare(namespace=noun), noun, self._send)
        # The next access finds the attribute and does not come here.
        setattr(self, noun, methods)
        return methods


class _Methods:
    """The methods of one namespace."""

    def __init__(self, rpc: Any, noun: str, send: Callable[..., Any]) -> None:
        self._rpc = rpc
        self._noun = noun
        self._send = send

    def __getattr__(self, name: str) -> Method:
        def method(ctx: context.RequestContext, **kwargs: Any) -> Any:
            return self._send(self._rpc, f'{self._noun}.{name}', ctx, name, kwargs)
        setattr(self, name, method)
        return method


class Client(_Namespaces):
    """A handle on the servers of a topic; its own attributes are calls."""

    def __init__(self, transport: oslo_messaging.Transport, topic: str,
                 timeout: float | None = None) -> None:
        """Make a handle.

        :param timeout: seconds to wait for a result; None is ``rpc_response_timeout``.
        """
        rpc = oslo_messaging.get_rpc_client(
            transport, oslo_messaging.Target(exchange=server.EXCHANGE, topic=topic,
                                             version=server.VERSION),
            timeout=timeout, serializer=serializer.Serializer(), retry=RETRY,
            call_monitor_timeout=CALL_MONITOR_TIMEOUT)
        super().__init__(rpc.prepare(transport_options=_TO_SOMEBODY), _call)
        self.cast = _Namespaces(rpc, _cast)
        self.fanout = _Namespaces(rpc.prepare(fanout=True), _cast)

    def within(self, seconds: float) -> _Namespaces:
        """The same calls with another timeout."""
        return _Namespaces(self._rpc.prepare(timeout=seconds), _call)


def _call(rpc: Any, label: str, ctx: context.RequestContext, name: str,
          kwargs: dict[str, Any]) -> Any:
    """Call and wait.

    :raises errors.Error: as the callee raised it.
    :raises errors.RpcTimeout: no reply in time; whether it was done is not known.
    :raises errors.BusUnavailable: the request could not be sent.
    :raises oslo_messaging.RemoteError: the callee raised what is no error of ours.
    """
    with metrics.timed('rpc_call_seconds', method=label):
        try:
            rabbit.reach(rpc.transport, RETRY)
            return rpc.call(ctx, name, **kwargs)
        except errors.Error as error:
            raise _as_raised(error) from None
        except oslo_messaging.MessagingTimeout as error:
            _AWAY.warning('No reply to %s in time: %s', label, error)
            raise errors.RpcTimeout() from error
        except _UNSENT as error:
            _AWAY.warning('%s could not be sent: %s', label, _reason(error))
            raise errors.BusUnavailable() from error


def _cast(rpc: Any, label: str, ctx: context.RequestContext, name: str,
          kwargs: dict[str, Any]) -> None:
    """Send and forget."""
    try:
        rpc.cast(ctx, name, **kwargs)
    except _UNSENT as error:
        _AWAY.warning('%s could not be sent: %s', label, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, oslo_messaging.MessageUndeliverable):      # It says nothing of itself.
        return 'the role that it is for has never come to this bus'
    return str(error) or repr(error)


def _as_raised(error: errors.Error) -> errors.Error:
    """Return the error in its own class.

    The bus hands over a subclass made on the fly, whose text holds the remote traceback.
    """
    kind = next(each for each in type(error).__mro__ if each.__module__ == errors.__name__)
    return kind(error.message, **error.kwargs)
