# SPDX-License-Identifier: Apache-2.0
"""What becomes of a notification: done, given back, or logged and dropped."""
import threading
import types
from collections.abc import Callable
from typing import Any
from unittest import mock

import oslo_messaging

from designate_like import errors
from designate_like import resources
from designate_like.sink import intake
from designate_like.sink import nova
from tests.unit.sink import notifications

DONE = oslo_messaging.NotificationResult.HANDLED
AGAIN = oslo_messaging.NotificationResult.REQUEUE
LOG = 'designate_like.sink.intake'


class Central:
    """Stands for the handle on central: writes down what it is asked, and answers as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[Exception] = []
        self.zones = types.SimpleNamespace(get=self._method('get'))
        self.recordsets = types.SimpleNamespace(manage=self._method('manage'),
                                                unmanage=self._method('unmanage'))

    def _method(self, name: str) -> Callable[..., Any]:
        def method(ctx: Any, **kwargs: Any) -> Any:
            if self.troubles:
                raise self.troubles.pop(0)
            self.asked.append((name, kwargs))
            return resources.Zone(id=notifications.ZONE_ID, name='example.org.')
        return method


class IntakeTest(notifications.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.central, self.stopping = Central(), threading.Event()
        self.zone_id: str | None = notifications.ZONE_ID
        self.build()

    def build(self) -> None:
        self.intake = intake.Intake(self.central, [nova.Fixed('nova_fixed', self.section(
            'nova_fixed', zone_id=self.zone_id))], self.stopping)

    def hear(self, event: str = nova.CREATED, payload: Any = notifications.CREATED,
             timestamp: str | None = '2026-11-21 03:00:00.123456') -> str:
        return self.intake.info(notifications.CONTEXT, 'compute.compute1', event, payload,
                                {'message_id': 'm-1', 'timestamp': timestamp})

    def test_what_is_done(self):
        self.assertEqual([DONE, DONE], [self.hear(), self.hear(nova.DELETED)])
        self.assertEqual(['get', 'manage', 'unmanage'], [name for name, _ in self.central.asked])
        _, asked = self.central.asked[1]
        self.assertEqual((notifications.ZONE_ID, '2026-11-21T03:00:00.123456'),
                         (asked['zone_id'], asked['when']))
        self.assertEqual(2, len(asked['recordsets']))

    def test_times(self):
        for timestamp, when in {
                '2026-11-21 03:00:00': '2026-11-21T03:00:00.000000',
                '2026-11-21T05:00:00+02:00': '2026-11-21T03:00:00.000000',
                'yesterday': None, None: None}.items():
            with self.subTest(timestamp):
                self.hear(timestamp=timestamp)
                self.assertEqual(when, self.central.asked[-1][1]['when'])

    def test_events_of_nobody(self):
        self.assertEqual(DONE, self.hear('compute.instance.update'))
        self.assertEqual([], self.central.asked)

    def test_a_handler_without_a_zone(self):
        self.zone_id = None
        self.build()
        with self.assertLogs(LOG, 'INFO') as logged:
            self.assertEqual(DONE, self.hear())
        self.assertIn('has no zone_id', logged.output[0])
        self.assertEqual([], self.central.asked)

    def test_what_never_works_is_dropped(self):
        self.hear()
        for trouble in (errors.ZoneNotFound(), errors.InvalidObject('no name'),
                        errors.OverQuota('too many'), errors.BackendError('?'), KeyError('bug')):
            with self.subTest(trouble), self.assertLogs(LOG, 'ERROR') as logged:
                self.central.troubles = [trouble]
                self.assertEqual(DONE, self.hear())
                self.assertIn('nova_fixed: compute.instance.create.end of compute.compute1 (m-1) '
                              'is dropped', logged.output[0])

    def test_a_payload_that_makes_no_sense_is_dropped(self):
        for payload in ({}, None, [], 'text'):
            with self.subTest(payload), self.assertLogs(LOG, 'ERROR'):
                self.assertEqual(DONE, self.hear(payload=payload))

    def test_it_waits_for_central_and_says_so_once(self):
        self.central.troubles = [errors.BusUnavailable(), errors.RpcTimeout(),
                                 errors.DatabaseUnavailable()]
        with self.assertLogs(LOG, 'INFO') as logged:
            self.assertEqual(DONE, self.hear())
        self.assertEqual(['WARNING', 'INFO'], [each.levelname for each in logged.records])
        self.assertEqual(['get', 'manage'], [name for name, _ in self.central.asked])

    def test_it_gives_back_what_has_waited_for_long(self):
        self.central.troubles = [errors.BusUnavailable() for _ in range(1000)]
        with mock.patch.object(intake, '_PATIENCE', 0.1), self.assertLogs(LOG, 'WARNING'):
            self.assertEqual(AGAIN, self.hear())

    def test_it_gives_back_when_it_stops(self):
        self.stopping.set()
        self.assertEqual(AGAIN, self.hear())
        self.assertEqual([], self.central.asked)
