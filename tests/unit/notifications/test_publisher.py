# SPDX-License-Identifier: Apache-2.0
"""Sending: the envelope, the order, a message bus that hangs or fails."""
import threading
import unittest.mock
import uuid

import oslo_messaging
from oslo_messaging.notify import _impl_test
from oslo_messaging.notify import notifier

from designate_like import conf
from designate_like import context
from designate_like import rpc
from designate_like.notifications import publisher
from tests import base

GROUP = 'oslo_messaging_notifications'


class TestCase(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.addCleanup(_impl_test.reset)
        rpc.set_transport_url(conf.CONF, f'inproc:///{uuid.uuid4()}')
        conf.CONF.register_opts(notifier._notifier_opts, GROUP)

    def publisher(self, *drivers: str) -> publisher.Publisher:
        conf.CONF.set_override('driver', list(drivers), GROUP)
        self.addCleanup(conf.CONF.clear_override, 'driver', GROUP)
        made = publisher.Publisher(conf.CONF, 'central')
        self.addCleanup(made.stop)
        return made


class PublisherTest(TestCase):

    def test_the_envelope(self):
        ctx = context.RequestContext(user_id='u', project_id='alpha', auth_token='secret',
                                     overwrite=False)
        sender = self.publisher('test')
        sender.send(ctx, 'dns.zone.create', {'name': 'example.org.'})
        sender.stop()
        [(sent_ctx, message, priority, _)] = _impl_test.NOTIFICATIONS
        self.assertEqual((f'central.{conf.CONF.host}', 'dns.zone.create', 'INFO',
                          {'name': 'example.org.'}),
                         tuple(message[each] for each in (
                             'publisher_id', 'event_type', 'priority', 'payload')))
        self.assertEqual('INFO', priority)
        self.assertEqual(('alpha', 'u', ctx.request_id),
                         tuple(sent_ctx[each] for each in ('project_id', 'user', 'request_id')))
        self.assertNotIn('secret', repr(sent_ctx))

    def test_an_error(self):
        sender = self.publisher('test')
        sender.send(context.admin(), 'dns.api.fault', {}, publisher.ERROR)
        sender.stop()
        self.assertEqual('ERROR', _impl_test.NOTIFICATIONS[0][2])

    def test_nothing_is_done_for_nobody(self):
        for drivers in ((), ('noop',)):
            sender = self.publisher(*drivers)
            self.assertFalse(sender.enabled)
            sender.send(context.admin(), 'dns.zone.create', {})
            sender.stop()

    def test_the_log(self):
        with self.assertLogs('oslo.messaging.notification.dns.zone.create', 'INFO') as logs:
            sender = self.publisher('log')
            sender.send(context.admin(), 'dns.zone.create', {'name': 'example.org.'})
            sender.stop()
        self.assertIn('example.org.', logs.output[0])

    def test_listeners_on_the_bus_inside_the_process(self):
        heard, all_heard = [], threading.Event()

        class Endpoint:
            def info(self, ctxt, publisher_id, event_type, payload, metadata):
                heard.append((publisher_id, event_type, payload))
                if len(heard) == 20:
                    all_heard.set()

        sender = self.publisher('messagingv2')
        transport = oslo_messaging.get_notification_transport(conf.CONF)
        listener = oslo_messaging.get_notification_listener(
            transport, [oslo_messaging.Target(topic='notifications')], [Endpoint()],
            executor='threading')
        listener.start(override_pool_size=1)
        self.addCleanup(listener.wait)
        self.addCleanup(listener.stop)
        for number in range(20):
            sender.send(context.admin(), 'dns.zone.update', {'number': number})
        self.assertTrue(all_heard.wait(10))
        self.assertEqual([(f'central.{conf.CONF.host}', 'dns.zone.update', {'number': number})
                          for number in range(20)], heard)

    def test_without_a_listener_nothing_is_held_up(self):
        sender = self.publisher('messagingv2')
        for _ in range(2000):
            sender.send(context.admin(), 'dns.zone.update', {})
        sender.stop()
        self.assertFalse(sender._thread.is_alive())


class TroubleTest(TestCase):
    """The message bus does not take a notification."""

    def setUp(self) -> None:
        super().setUp()
        self.go_on, self.tried = threading.Event(), threading.Event()

        def hang(*args: object) -> None:
            self.tried.set()
            self.go_on.wait(10)
        self.enterContext(unittest.mock.patch.object(_impl_test.TestDriver, 'notify', hang))

    def publisher(self, *drivers: str) -> publisher.Publisher:
        made = super().publisher(*drivers)
        self.addCleanup(self.go_on.set)     # Before it is stopped: what waits goes nowhere.
        return made

    def test_senders_do_not_wait(self):
        self.enterContext(unittest.mock.patch.object(publisher, 'BACKLOG', 3))
        sender = self.publisher('test')
        sender.send(context.admin(), 'dns.zone.update', {})
        self.assertTrue(self.tried.wait(10))
        for _ in range(3):
            sender.send(context.admin(), 'dns.zone.update', {})
        with self.assertLogs('designate_like.notifications.publisher', 'ERROR') as logs:
            sender.send(context.admin(), 'dns.zone.delete', {})
        self.assertIn('dns.zone.delete is lost', logs.output[0])

    def test_stopping_does_not_wait_for_ever(self):
        self.enterContext(unittest.mock.patch.object(publisher, 'GRACE', 0.01))
        sender = self.publisher('test')
        sender.send(context.admin(), 'dns.zone.update', {})
        sender.stop()
        self.assertTrue(sender._thread.is_alive())

    def test_a_failure_is_logged_and_the_next_one_goes_out(self):
        sent = []

        def fail(_self: object, ctxt: object, message: dict, *rest: object) -> None:
            sent.append(message['event_type'])
            if len(sent) == 1:
                raise ConnectionError('the bus is away')
        with unittest.mock.patch.object(_impl_test.TestDriver, 'notify', fail), \
                self.assertLogs(level='ERROR') as logs:
            sender = self.publisher('test')
            sender.send(context.admin(), 'dns.zone.create', {})
            sender.send(context.admin(), 'dns.zone.update', {})
            sender.stop()
        self.assertEqual(['dns.zone.create', 'dns.zone.update'], sent)
        self.assertIn('the bus is away', logs.output[0])
