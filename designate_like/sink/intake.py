# SPDX-License-Identifier: Apache-2.0
"""What becomes of a notification: its handlers' wishes are central's before it is acknowledged.

While central cannot be asked, or cannot reach its database, a notification waits here for a
while and is then given back to the bus, which hands it over again; so none is lost, whoever
dies. One that central refuses, or that makes no sense, never gets better: it is logged and
dropped.
"""
import datetime
import logging
import threading
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

import oslo_messaging

from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like import rpc
from designate_like.resources import types
from designate_like.sink import handler

LOG = logging.getLogger(__name__)

DONE, AGAIN = oslo_messaging.NotificationResult.HANDLED, oslo_messaging.NotificationResult.REQUEUE

# Seconds between two tries, growing from the first to the second; and until it is given back,
# well before a broker takes a message that nobody acknowledges for lost (30 minutes).
_PAUSES = (0.2, 5)
_PATIENCE = 300

_PASSING = (errors.Unavailable, errors.Timeout)


class Intake:
    """The endpoint of the listener to notifications."""

    def __init__(self, central: rpc.Client, handlers: Iterable[handler.Handler],
                 stopping: threading.Event) -> None:
        """Make it.

        :param stopping: once set, nothing waits for central any more.
        """
        self._central = central
        self._by_event: dict[str, list[handler.Handler]] = {}
        for each in handlers:
            for event in each.events:
                self._by_event.setdefault(event, []).append(each)
        self._zones: dict[str, str] = {}    # name by id, which never changes
        self._stopping = stopping
        self._lock = threading.Lock()
        self._away = False

    def info(self, ctxt: Mapping[str, Any] | None, publisher_id: str, event_type: str,
             payload: Any, metadata: Mapping[str, Any]) -> str:
        """Do what the handlers of an event want; returns what the bus is to do with it."""
        notification = handler.Notification(event_type, ctxt or {}, payload)
        for each in self._by_event.get(event_type, ()):
            label = f'{event_type} of {publisher_id} ({metadata["message_id"]})'
            if not each.zone_id:
                LOG.info('%s: %s is dropped, for the handler has no zone_id', each.name, label)
            elif not self._done(each, notification, label, _when(metadata['timestamp'])):
                return AGAIN
        return DONE

    def _done(self, each: handler.Handler, notification: handler.Notification, label: str,
              when: str | None) -> bool:
        """Do what one handler wants; False if it has to wait for better days."""
        LOG.debug('%s hears %s', each.name, label)
        pause, waited = _PAUSES[0], 0.0
        while not self._stopping.is_set():
            try:
                self._ask(each, notification, when)
            except _PASSING as problem:
                self._note(problem)
                metrics.count('notifications_total', handler=each.name, outcome='waiting')
            except errors.Error as problem:
                LOG.error('%s: %s is dropped: %s', each.name, label, problem.message)
                metrics.count('notifications_total', handler=each.name, outcome='dropped')
                return True
            except Exception:
                LOG.exception('%s: %s is dropped', each.name, label)
                metrics.count('notifications_total', handler=each.name, outcome='dropped')
                return True
            else:
                self._note(None)
                metrics.count('notifications_total', handler=each.name, outcome='ok')
                return True
            if waited >= _PATIENCE:
                break
            self._stopping.wait(pause)
            waited += pause
            pause = min(2 * pause, _PAUSES[1])
        return False

    def _ask(self, each: handler.Handler, notification: handler.Notification,
             when: str | None) -> None:
        ctx = context.admin()
        zone = self._zones.get(each.zone_id)
        if zone is None:
            zone = self._zones[each.zone_id] = self._central.zones.get(
                ctx, zone_id=each.zone_id).name
        wanted = each.wanted(notification, zone)
        if wanted is None:
            return
        if wanted.recordsets:
            self._central.recordsets.manage(ctx, zone_id=each.zone_id, owner=wanted.owner,
                                            recordsets=wanted.recordsets, when=when)
        else:
            self._central.recordsets.unmanage(ctx, owner=wanted.owner, when=when)

    def _note(self, problem: errors.Error | None) -> None:
        """Log that notifications wait from now on, or wait no more."""
        with self._lock:
            if self._away == (problem is not None):
                return
            self._away = problem is not None
        if problem is not None:
            LOG.warning('Notifications wait for central: %s', problem.message)
        else:
            LOG.info('Central answers again; what has waited is done now')


def _when(timestamp: str | None) -> str | None:
    """The time of a notification as central takes it; None where it says none."""
    try:
        moment = datetime.datetime.fromisoformat(timestamp or '')
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return types.DateTime().dump(moment)
