# SPDX-License-Identifier: Apache-2.0
"""What the driver itself promises: addresses, expiry, notifications."""
import queue
from typing import Any

import oslo_messaging

from designate_like import conf
from designate_like.rpc import inproc
from tests.unit.rpc import bus


class DriverTest(bus.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.driver = self.transport()._driver
        self.got: queue.Queue = queue.Queue()

    def listen(self, server: str, driver: Any = None) -> Any:
        target = oslo_messaging.Target(topic='topic', server=server)
        listener = (driver or self.driver).listen(target, 1, None)
        listener.start(lambda incoming: self.got.put((server, incoming[0])))
        return listener

    def send(self, number: int, **kwargs: Any) -> Any:
        wait = {name: kwargs.pop(name) for name in ('wait_for_reply', 'timeout') if name in kwargs}
        target = oslo_messaging.Target(topic='topic', **kwargs)
        return self.driver.send(target, {}, {'number': number}, **wait)

    def drain(self) -> list[tuple[str, int]]:
        found = []
        while not self.got.empty():
            server, incoming = self.got.get_nowait()
            found.append((server, incoming.message['number']))
        return found

    def test_delivery_is_done_when_send_returns(self) -> None:
        self.listen('one')
        self.listen('two')
        for number in range(3):
            self.send(number)
        self.assertEqual([('one', 0), ('two', 1), ('one', 2)], self.drain())

    def test_a_server_can_be_meant(self) -> None:
        self.listen('one')
        self.listen('two')
        self.send(1, server='two')
        self.send(2, server='two')
        self.assertEqual([('two', 1), ('two', 2)], self.drain())

    def test_a_listener_that_stopped_gets_nothing_and_nothing_is_lost(self) -> None:
        listener = self.listen('one')
        listener.stop()
        self.send(1)
        self.assertEqual([], self.drain())
        self.listen('two')
        self.assertEqual([('two', 1)], self.drain())

    def test_a_request_whose_caller_gave_up_is_not_delivered(self) -> None:
        self.assertRaises(oslo_messaging.MessagingTimeout, self.send, 1, wait_for_reply=True,
                          timeout=0.01)
        self.send(2)
        self.listen('one')
        self.assertEqual([('one', 2)], self.drain())

    def test_the_backlog_is_bounded_and_the_oldest_go(self) -> None:
        for number in range(inproc.BACKLOG + 2):
            self.send(number)
        self.listen('one')
        self.assertEqual(list(range(2, inproc.BACKLOG + 2)),
                         [number for _, number in self.drain()])

    def test_exchanges_and_virtual_hosts_never_meet(self) -> None:
        self.listen('one')
        self.send(1, exchange='other')
        foreign = oslo_messaging.get_rpc_transport(conf.CONF, url='inproc:///elsewhere')
        foreign._driver.send(oslo_messaging.Target(topic='topic'), {}, {'number': 2})
        self.assertEqual([], self.drain())

    def test_transports_of_one_url_meet(self) -> None:
        self.listen('one', self.transport()._driver)
        self.send(1)
        self.assertEqual([('one', 1)], self.drain())

    def test_foreign_errors_are_remote_errors(self) -> None:
        def refuse(incoming: list) -> None:
            try:
                raise inproc.queue.Empty('a module that is not allowed')
            except inproc.queue.Empty as error:
                incoming[0].reply(failure=(type(error), error, error.__traceback__))
        listener = self.driver.listen(oslo_messaging.Target(topic='topic', server='s'), 1, None)
        listener.start(refuse)
        with self.assertRaises(oslo_messaging.RemoteError) as caught:
            self.send(1, wait_for_reply=True, timeout=5)
        self.assertEqual('Empty', caught.exception.exc_type)


class NotificationTest(bus.TestCase):

    def listener(self, pool: str | None) -> queue.Queue:
        got: queue.Queue = queue.Queue()

        class Endpoint:
            def info(self, ctxt: Any, publisher: str, event: str, payload: Any,
                     metadata: Any) -> None:
                got.put((publisher, event, payload))

        transport = oslo_messaging.get_notification_transport(conf.CONF)
        listener = oslo_messaging.get_notification_listener(
            transport, [oslo_messaging.Target(topic='notifications')], [Endpoint()], pool=pool)
        listener.start()
        self.addCleanup(listener.wait)
        self.addCleanup(listener.stop)
        return got

    def test_each_pool_gets_every_notification_once(self) -> None:
        members = [self.listener(None), self.listener('a'), self.listener('b')]
        second = self.listener('b')
        notifier = oslo_messaging.Notifier(
            oslo_messaging.get_notification_transport(conf.CONF), 'central.host',
            driver='messagingv2', topics=['notifications'])
        notifier.info({}, 'dns.zone.create', {'id': 1})
        expected = ('central.host', 'dns.zone.create', {'id': 1})
        for got in members[:2]:
            self.assertEqual(expected, got.get(timeout=5))
            self.assertTrue(got.empty())
        self.assertEqual(expected, members[2].get(timeout=5))
        self.assertTrue(second.empty())
