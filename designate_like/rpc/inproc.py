# SPDX-License-Identifier: Apache-2.0
"""``inproc://``: the message bus inside one process, an oslo.messaging driver.

There is no thread and no polling here: the sender's thread hands a message to the listener of
a server, which gives it to its own pool of threads, and the reply wakes the waiting caller. A
message for which no server listens waits for one, as it would in a broker.

Messages and replies go through JSON text, and errors through oslo.messaging's own form for
them, so everything arrives exactly as it would from another machine: nothing is shared, and
errors are rebuilt when their module is allowed and are RemoteError otherwise.

The virtual host of the URL tells buses apart: ``inproc:///a`` and ``inproc:///b`` never meet,
while all transports of one URL do, whoever made them.
"""
import collections
import queue
import threading
import time
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg
import oslo_messaging
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_serialization import jsonutils

# Messages that wait for a listener; beyond that the oldest are lost, as notifications are when
# nobody ever listens to them.
BACKLOG = 1000

# Exchange, topic, then the server, or the pool of a notification listener.
Address = tuple[str, str, str | None]


class Incoming(base.RpcIncomingMessage):
    """A message as a server gets it: a copy of what was sent."""

    def __init__(self, text: str, replies: queue.SimpleQueue | None,
                 requeue: Callable[[], None]) -> None:
        super().__init__(*jsonutils.loads(text))
        self._replies = replies
        self._requeue = requeue

    def reply(self, reply: Any = None, failure: Any = None) -> None:
        """Hand the result, or an exc_info triple, to the caller."""
        if self._replies is not None:
            error = failure and common.serialize_remote_exception(failure)
            self._replies.put((jsonutils.dumps(reply), error))

    def requeue(self) -> None:
        """Have it handed to a server again."""
        self._requeue()

    def heartbeat(self) -> None:
        """Do nothing: caller and server live and die together."""


class Message:
    """What waits in a queue."""

    def __init__(self, ctxt: dict[str, Any], body: dict[str, Any], timeout: float | None = None,
                 replies: queue.SimpleQueue | None = None) -> None:
        self._text = jsonutils.dumps([ctxt, body])
        self._replies = replies
        self._expires = None if timeout is None else time.monotonic() + timeout

    def expired(self) -> bool:
        """Whether the caller has given up."""
        return self._expires is not None and time.monotonic() >= self._expires

    def incoming(self, requeue: Callable[[], None]) -> Incoming:
        """Return a copy for one server.

        :param requeue: called when the server gives it back.
        """
        return Incoming(self._text, self._replies, requeue)


class Queue:
    """The messages for one address, and the listeners that take them in turn."""

    def __init__(self) -> None:
        self.listeners: collections.deque[Listener] = collections.deque()
        self._waiting: collections.deque[Message] = collections.deque(maxlen=BACKLOG)

    def put(self, message: Message) -> None:
        """Hand over a message, or keep it until somebody listens."""
        if not self.listeners:
            self._waiting.append(message)
        elif not message.expired():
            self.listeners[0].take(message, self)
            self.listeners.rotate(-1)

    def join(self, listener: 'Listener') -> None:
        """Add a listener, and give it what was waiting."""
        self.listeners.append(listener)
        while self._waiting:
            self.put(self._waiting.popleft())


class Bus:
    """All queues of a virtual host.

    The lock is held while a message is handed over, so that a listener that has stopped gets
    none any more.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.queues: dict[Address, Queue] = collections.defaultdict(Queue)

    def send(self, address: Address, message: Message, fanout: bool = False) -> None:
        """Deliver to one listener of the address, or to every one that is there."""
        with self.lock:
            if fanout:
                for listener in self.queues[address].listeners:
                    listener.take(message, self.queues[address])
            else:
                self.queues[address].put(message)

    def publish(self, exchange: str, topic: str, message: Message) -> None:
        """Deliver to one listener of each pool of a topic."""
        with self.lock:
            pools = [address for address in self.queues if address[:2] == (exchange, topic)]
            for address in pools or [(exchange, topic, None)]:
                self.queues[address].put(message)


class Listener(base.Listener):
    """Passes the messages of some addresses to a server's callback."""

    def __init__(self, bus: Bus, addresses: Sequence[Address]) -> None:
        super().__init__(batch_size=1, batch_timeout=None)
        self._bus = bus
        self._addresses = addresses
        with bus.lock:
            # A queue exists, and gathers messages, from the time somebody means to listen.
            self._queues = [bus.queues[address] for address in addresses]

    def start(self, on_incoming_callback: Callable[[list[Incoming]], None]) -> None:
        """Begin to pass messages on."""
        with self._bus.lock:
            super().start(on_incoming_callback)
            for each in self._queues:
                each.join(self)

    def stop(self) -> None:
        """Pass nothing on any more."""
        with self._bus.lock:
            for each in self._queues:
                each.listeners.remove(self)
            super().stop()

    def take(self, message: Message, queue_: Queue) -> None:
        """Pass one message on; the callback only hands it to the server's threads."""
        def requeue() -> None:
            with self._bus.lock:
                queue_.put(message)
        self.on_incoming_callback([message.incoming(requeue)])

    def cleanup(self) -> None:
        """Do nothing: stopping has released everything."""


class InprocDriver(base.BaseDriver):
    """The driver behind ``inproc://``."""

    _buses: dict[str | None, Bus] = {}

    def __init__(self, conf: cfg.ConfigOpts, url: oslo_messaging.TransportURL,
                 default_exchange: str | None = None,
                 allowed_remote_exmods: Sequence[str] | None = None) -> None:
        super().__init__(conf, url, default_exchange, allowed_remote_exmods)
        self._bus = self._buses.setdefault(url.virtual_host, Bus())

    def _exchange(self, target: oslo_messaging.Target) -> str:
        return target.exchange or self._default_exchange

    def send(self, target: oslo_messaging.Target, ctxt: dict[str, Any], message: dict[str, Any],
             wait_for_reply: bool | None = None, timeout: float | None = None,
             call_monitor_timeout: float | None = None, retry: int | None = None,
             transport_options: Any = None) -> Any:
        """Send a request and, where asked to, wait for the reply.

        :param timeout: seconds.
        :raises oslo_messaging.MessagingTimeout: no reply came in time.
        """
        address = (self._exchange(target), target.topic, target.server)
        replies = queue.SimpleQueue() if wait_for_reply else None
        self._bus.send(address, Message(ctxt, message, timeout, replies), bool(target.fanout))
        if replies is None:
            return None
        try:
            reply, error = replies.get(timeout=timeout)
        except queue.Empty:
            raise oslo_messaging.MessagingTimeout(
                f'No reply on topic {target.topic} in {timeout} s') from None
        if error:
            raise common.deserialize_remote_exception(error, self._allowed_remote_exmods)
        return jsonutils.loads(reply)

    def send_notification(self, target: oslo_messaging.Target, ctxt: dict[str, Any],
                          message: dict[str, Any], version: float,
                          retry: int | None = None) -> None:
        """Send a notification."""
        self._bus.publish(self._exchange(target), target.topic, Message(ctxt, message))

    def listen(self, target: oslo_messaging.Target, batch_size: int,
               batch_timeout: float | None) -> Listener:
        """Listen to a topic, and to what is meant for one of its servers."""
        exchange = self._exchange(target)
        return Listener(self._bus, [(exchange, target.topic, None),
                                    (exchange, target.topic, target.server)])

    def listen_for_notifications(
            self, targets_and_priorities: Sequence[tuple[oslo_messaging.Target, str]],
            pool: str | None, batch_size: int, batch_timeout: float | None) -> Listener:
        """Listen to notifications, as a member of a pool where one is named."""
        return Listener(self._bus, [(self._exchange(target), f'{target.topic}.{priority}', pool)
                                    for target, priority in targets_and_priorities])

    def cleanup(self) -> None:
        """Do nothing: the bus is that of the whole process."""
