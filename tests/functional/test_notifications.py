# SPDX-License-Identifier: Apache-2.0
"""Notifications of running roles, as another service on the same message bus hears them."""
import queue
import unittest.mock
from typing import Any

import oslo_messaging
from oslo_messaging.notify import notifier

from designate_like import conf
from designate_like.central import rules
from tests import base
from tests.functional.http import site

GROUP = 'oslo_messaging_notifications'
MEMBER = site.CALLERS['member']


class Ears:
    """Hears what is published, whatever its priority."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[tuple[str, str, str, dict[str, Any]]] = queue.SimpleQueue()

    def info(self, ctxt: dict[str, Any], publisher_id: str, event_type: str,
             payload: dict[str, Any], metadata: dict[str, Any]) -> None:
        self.heard.put(('info', publisher_id, event_type, payload))

    def error(self, ctxt: dict[str, Any], publisher_id: str, event_type: str,
              payload: dict[str, Any], metadata: dict[str, Any]) -> None:
        self.heard.put(('error', publisher_id, event_type, payload))


class BusTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.site = site.Site()
        self.addCleanup(self.site.stop)
        conf.CONF.register_opts(notifier._notifier_opts, GROUP)
        conf.CONF.set_override('driver', ['messagingv2', 'log'], GROUP)
        conf.CONF.set_override('notify_api_faults', True)
        self.addCleanup(conf.CONF.clear_override, 'driver', GROUP)
        self.addCleanup(conf.CONF.clear_override, 'notify_api_faults')
        self.ears = Ears()
        listener = oslo_messaging.get_notification_listener(
            oslo_messaging.get_notification_transport(conf.CONF),
            [oslo_messaging.Target(topic='notifications')], [self.ears], executor='threading')
        listener.start(override_pool_size=1)
        self.addCleanup(listener.wait)
        self.addCleanup(listener.stop)
        self.site.start()

    def hear(self) -> tuple[str, str, str, dict[str, Any]]:
        """The next notification."""
        return self.ears.heard.get(timeout=10)

    def test_a_zone_that_is_created(self):
        zone = self.site.make('/zones', name='example.org.', email='a@example.org')
        for event in ('dns.zone.create', 'dns.domain.create'):
            priority, publisher, heard, payload = self.hear()
            self.assertEqual(('info', f'central.{conf.CONF.host}', event),
                             (priority, publisher, heard))
            self.assertEqual((zone['id'], 'mine', 'example.org.', 'PENDING'), tuple(
                payload[name] for name in ('id', 'tenant_id', 'name', 'status')))

    def test_a_request_that_fails_behind_the_api(self):
        with unittest.mock.patch.object(rules, 'limits', side_effect=KeyError('the reason')), \
                self.assertLogs(level='ERROR'):
            reply = self.site.send('GET', '/v2/limits?x=1', MEMBER)
        self.assertEqual(500, reply.code)
        self.assertNotIn('the reason', reply.text)
        priority, publisher, event, payload = self.hear()
        self.assertEqual(('error', f'api.{conf.CONF.host}', 'dns.api.fault', 500),
                         (priority, publisher, event, payload['status']))
        self.assertTrue(payload['url'].endswith('/v2/limits?x=1'), payload)
        self.assertIn('the reason', payload['exception'])

    def test_a_request_that_is_refused_is_no_fault(self):
        self.assertEqual(400, self.site.send('GET', '/v2/zones/x', MEMBER).code)
        self.site.make('/zones', name='example.org.', email='a@example.org')
        self.assertEqual('dns.zone.create', self.hear()[2])
