# SPDX-License-Identifier: Apache-2.0
"""Sending notifications in the name of a role, without anybody waiting for it."""
import logging
import queue
import threading
from typing import Any

import oslo_messaging
from oslo_config import cfg

from designate_like import context
from designate_like.rpc import serializer

LOG = logging.getLogger(__name__)

# Notifications that wait while the message bus is away; beyond that new ones are lost.
BACKLOG = 10_000

# Seconds that stopping waits for those that have not been sent yet.
GRACE = 2

INFO, ERROR = 'info', 'error'


class Publisher:
    """Sends notifications from a thread of its own, in the order in which they come."""

    def __init__(self, conf: cfg.ConfigOpts, role: str) -> None:
        """Connect to the notifications' bus; never before a fork.

        :param role: the publisher is ``role.host``.
        """
        transport = oslo_messaging.get_notification_transport(conf)
        self._notifier = oslo_messaging.Notifier(
            transport, f'{role}.{conf.host}', serializer=serializer.Serializer())
        self._queue: queue.Queue[tuple[str, Any] | None] = queue.Queue(BACKLOG)
        self._thread: threading.Thread | None = None
        #: Whether notifications go anywhere; making one for nobody can be spared.
        self.enabled = bool(set(conf.oslo_messaging_notifications.driver) - {'noop'})
        if self.enabled:
            self._thread = threading.Thread(target=self._run, name=f'notify-{role}', daemon=True)
            self._thread.start()

    def send(self, ctx: context.RequestContext, event: str, payload: dict[str, Any],
             priority: str = INFO, patient: bool = False) -> None:
        """Take a notification to be sent soon.

        :param patient: wait while too many others do; else it is lost then, and logged.
        """
        if not self.enabled:
            return
        try:
            self._queue.put((priority, (ctx, event, payload)), block=patient)
        except queue.Full:
            LOG.error('Notification %s is lost: %s others wait to be sent', event, BACKLOG)

    def stop(self) -> None:
        """Send what waits, as far as that is soon done."""
        if self._thread is None:
            return
        try:
            self._queue.put(None, timeout=GRACE)
        except queue.Full:
            return
        self._thread.join(GRACE)

    def _run(self) -> None:
        while (taken := self._queue.get()) is not None:
            priority, arguments = taken
            try:
                getattr(self._notifier, priority)(*arguments)
            except Exception:
                LOG.exception('Notification %s is lost', arguments[1])
