# SPDX-License-Identifier: Apache-2.0
"""RabbitMQ with the settings that survive it best, and its absence in one line of the log.

What the operator sets, in [oslo_messaging_rabbit] or in the query of ``transport_url``, holds;
the rest is ours where oslo.messaging's own defaults lose requests or take a minute to notice a
dead broker. The settings travel in the query of the URL, so that other connections of the
process, such as the one to the bus of notifications, have theirs.
"""
import contextlib
import logging
import socket
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import amqp.exceptions
import kombu.exceptions
from oslo_config import cfg
import oslo_messaging
from oslo_messaging import opts
from oslo_messaging._drivers import amqpdriver
from oslo_messaging._drivers import impl_rabbit
from oslo_utils import strutils

GROUP = 'oslo_messaging_rabbit'

# Queues of which there are several copies; those of rabbit_ha_queues are of another kind.
QUORUM = ('rabbit_quorum_queue', 'rabbit_transient_quorum_queue')

DEFAULTS = {
    # Replicated queues: a broker that dies takes no request with it.
    'rabbit_quorum_queue': 'true',
    'rabbit_transient_quorum_queue': 'true',
    # Seconds before the next broker is tried; with the default, 1, calls stall for 7 to 13.
    'kombu_reconnect_delay': '0.1',
    # Seconds after which a silent broker counts as dead; the default is a minute.
    'heartbeat_timeout_threshold': '10',
    # Seconds, at most, between two tries while all brokers are away.
    'rabbit_interval_max': '5',
}

# Seconds from a message to the next look at whether notifications were handled that are to be
# acknowledged; they double while nothing comes, and a message does not wait for a look. With the
# default, a millisecond, a dozen looks follow each message, on the connections for requests and
# replies too; at 0.2 ms of a processor each they cost more than the messages.
amqpdriver.ACK_REQUEUE_EVERY_SECONDS_MIN = 0.1

# What oslo.messaging lets through when a broker goes away just as a connection is made.
LOST = (kombu.exceptions.OperationalError, amqp.exceptions.ConnectionError, ConnectionError,
        TimeoutError)

# Seconds within which a broker that is there takes a connection.
_CONNECT = 1

# Seconds without a try to connect after which a failure is news again.
_QUIET = 30


def with_defaults(conf: cfg.ConfigOpts, url: oslo_messaging.TransportURL,
                  defaults: dict[str, str]) -> oslo_messaging.TransportURL:
    """Add settings to the URL of a bus, where it is RabbitMQ and the operator set no others."""
    if url.transport.startswith(('rabbit', 'kombu')):
        conf.register_opts(dict(opts.list_opts())[GROUP], GROUP)
        mirrored = is_on(conf, url, 'rabbit_ha_queues')
        for name, value in defaults.items():
            if not is_said(conf, url, name) and not (mirrored and name in QUORUM):
                url.query[name] = value
    return url


def is_said(conf: cfg.ConfigOpts, url: oslo_messaging.TransportURL, name: str) -> bool:
    """Whether an operator has set an option of RabbitMQ, in the URL or in its section."""
    return name in url.query or conf.get_location(name, GROUP).location.is_user_controlled


def is_on(conf: cfg.ConfigOpts, url: oslo_messaging.TransportURL, name: str) -> bool:
    """Whether an option of RabbitMQ is, by the URL or by its section."""
    return strutils.bool_from_string(url.query.get(name, conf[GROUP][name]))


def show_defaults() -> None:
    """Have oslo-config-generator, which calls this, print the defaults that hold here."""
    cfg.set_defaults(impl_rabbit.rabbit_opts, **DEFAULTS)


def reach(transport: oslo_messaging.Transport, retry: int) -> None:
    """Fail when no broker can be reached, if this is a process's first call.

    For its replies oslo.messaging then opens a connection that no timeout and no limit on retries
    bounds, and under a lock, so that all calls would wait as long as the bus is away.

    :raises kombu.exceptions.OperationalError: after so many retries.
    """
    driver = transport._driver
    if getattr(driver, '_reply_q', driver) is None:
        with driver._get_connection(retry=retry):
            pass


def take_the_rest(listener: Any) -> Iterator[Any]:
    """Let no more requests come to a listener that was stopped, and yield those that are there.

    oslo.messaging is sent requests until it has closed the connection; those that arrive while it
    does so it acknowledges, and forgets.
    """
    polled = getattr(listener, '_poll_style_listener', None)
    if not isinstance(polled, amqpdriver.AMQPListener):
        return
    connection = polled.conn.connection
    # What a broker that is away has sent, and was not acknowledged, it sends to another.
    with contextlib.suppress(OSError, *connection.connection.connection_errors,
                             *connection.connection.channel_errors):
        for consumer, tag in connection._consumers.items():
            consumer.cancel(tag)
    while polled.incoming:
        yield polled.incoming.pop(0)


def listens(transport: oslo_messaging.Transport) -> bool:
    """Whether one of the brokers of a bus takes connections; a bus without brokers is there."""
    brokers = transport._driver._url.hosts
    return not brokers or any(_connects(each) for each in brokers)


def _connects(broker: oslo_messaging.TransportHost) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection((broker.hostname, broker.port or 5672), _CONNECT).close()
        return True
    return False


class Once(logging.Filter):
    """Drops what was just said: each message, whatever its arguments, once until it is quiet."""

    def __init__(self, quiet: float = _QUIET,
                 clock: Callable[[], float] = time.monotonic) -> None:
        """Remember nothing yet.

        :param quiet: seconds without the message after which it is let through again.
        """
        super().__init__()
        self._quiet = quiet
        self._clock = clock
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        if record.levelno < logging.INFO:
            return True
        now = self._clock()
        before, self._last[record.msg] = self._last.get(record.msg), now
        return before is None or now - before > self._quiet


class Brief(logging.Filter):
    """Says in one line, without a traceback, that a broker went away."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through."""
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, LOST):
            record.msg, record.args = '%s: %s', (record.getMessage(), problem)
            record.exc_info = record.exc_text = None
        return True


# What it cannot acknowledge or reply to.
logging.getLogger('oslo_messaging.rpc.server').addFilter(Brief())
# It writes a line for each try of each connection.
logging.getLogger('oslo.messaging._drivers.impl_rabbit').addFilter(Once())
