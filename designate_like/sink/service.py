# SPDX-License-Identifier: Apache-2.0
"""The sink as a service: one listener to the notifications of all handlers.

There is one for all of them because services that publish to one topic share its queue, whatever
their exchanges: a listener of each handler's own would take notifications that are another's.
"""
import concurrent.futures
import logging
import threading
from typing import Any

import oslo_messaging
from oslo_config import cfg
from oslo_messaging.notify import dispatcher
from oslo_messaging.notify import listener

from designate_like import notifications
from designate_like import service
from designate_like.sink import handler
from designate_like.sink import intake
from designate_like.sink import transport

LOG = logging.getLogger(__name__)

_GRACE = 1      # Seconds that stopping waits for the bus.
_AGAIN = 10     # Seconds between two tries to listen where the bus refuses.


class Sink(service.Service):
    """The role that makes records of notifications."""
    name = 'sink'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        super().__init__(conf)
        self._handlers: list[handler.Handler] = []
        self._stopping = threading.Event()
        self._listener: _Listener | None = None
        self._listening: threading.Thread | None = None

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Refuse a bus of notifications that is none, and handlers that cannot be used."""
        super().check(conf, wait)
        notifications.check(conf)
        handler.load(conf, conf['service:sink'].enabled_notification_handlers)

    def start(self) -> None:
        """Connect to both buses, and listen."""
        self._handlers = handler.load(self.conf, self.options.enabled_notification_handlers)
        super().start()
        if not self._handlers:
            LOG.warning('The sink has nothing to do: enabled_notification_handlers is empty')
            return
        # The bus may be away, for long; a signal must not wait for it.
        listening = threading.Thread(target=self._listen, name='listening', daemon=True)
        listening.start()
        self._listening = listening

    def _listen(self) -> None:
        """Begin to listen, as soon as the bus allows it; what it refuses is logged once."""
        bus, said = transport.get(self.conf, self.options.threads), ''
        while not self._stopping.is_set():
            made = self._made(bus)
            try:
                made.start(override_pool_size=self.options.threads)
            except oslo_messaging.MessagingException as problem:
                if str(problem) != said:
                    said = str(problem)
                    LOG.error('The sink cannot listen to notifications: %s', said)
                self._stopping.wait(_AGAIN)
            else:
                self._listener = made
                return

    def _made(self, bus: oslo_messaging.Transport) -> '_Listener':
        taking = intake.Intake(self.central, self._handlers, self._stopping)
        targets = {(each.exchange, topic) for each in self._handlers for topic in each.topics}
        return _Listener(
            bus, [oslo_messaging.Target(exchange=exchange, topic=topic)
                  for exchange, topic in sorted(targets)],
            dispatcher.NotificationDispatcher([taking], None),
            pool=self.options.listener_pool_name)

    def stop(self) -> None:
        """Finish what central does at once; the rest goes back to the bus."""
        self._stopping.set()
        if self._listening is not None:
            self._listening.join(_GRACE)
            self._listening = None
        if self._listener is not None:
            self._listener.stop()
            self._listener.wait()
            self._listener = None
        super().stop()


class _Listener(listener.NotificationServer):
    """Uses the threads of the standard library, as our RPC server does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._executor_cls = concurrent.futures.ThreadPoolExecutor
