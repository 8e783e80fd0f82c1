# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.masters."""
import concurrent.futures
import ipaddress
import socket
import threading
import unittest.mock

from designate_like.mdns import masters
from tests import base


class MastersTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.now = 0.0
        self.asked: list[str] = []
        self.hosts = {'ns.example.': ['192.0.2.1', '2001:db8::1']}
        self.answer = threading.Event()
        self.answer.set()
        self.addCleanup(self.answer.set)
        self.enterContext(unittest.mock.patch.object(masters.socket, 'getaddrinfo', self.look_up))
        self.enterContext(unittest.mock.patch.object(masters, '_PATIENCE', 0.01))
        self.known = masters.Masters(lambda: self.now)

    def look_up(self, host: str, port: None, type: int) -> list[tuple]:
        self.asked.append(host)
        self.answer.wait()
        if host not in self.hosts:
            raise socket.gaierror(socket.EAI_NONAME, 'unknown')
        return [(0, type, 0, '', (address, 0)) for address in self.hosts[host]]

    def ask(self, sender: str = '192.0.2.1', *others: str) -> bool | None:
        return self.known.include([*others, 'ns.example.:5300'], sender)

    def soon(self, sender: str, wanted: bool) -> None:
        base.wait(lambda: self.ask(sender) is wanted)

    def test_addresses_need_no_lookup(self):
        for sender in ('192.0.2.7', '2001:db8::7'):
            self.assertTrue(self.known.include(
                ['ns.example.:53', '192.0.2.7:53', '[2001:DB8:0::7]:53'], sender))
        self.assertEqual([], self.asked)

    def test_a_name(self):
        for sender in ('192.0.2.1', '2001:db8::1'):
            self.soon(sender, True)
        self.soon('192.0.2.2', False)
        self.assertEqual(['ns.example.'], self.asked)

    def test_a_link_local_sender(self):
        self.assertFalse(self.known.include(['192.0.2.1'], 'fe80::1%eth0'))

    def test_a_slow_lookup_is_not_waited_for_and_one_at_a_time(self):
        self.answer.clear()
        self.assertIsNone(self.ask())
        self.assertIsNone(self.ask())
        self.assertTrue(self.ask('192.0.2.7', '192.0.2.7:53'))
        self.assertEqual(['ns.example.'], self.asked)
        self.answer.set()
        self.soon('192.0.2.1', True)

    def test_it_is_remembered_for_a_while_also_that_there_is_none(self):
        self.soon('192.0.2.1', True)
        del self.hosts['ns.example.']
        self.assertTrue(self.ask())
        self.now += 61
        with self.assertLogs('designate_like.mdns.masters', 'INFO'):
            self.soon('192.0.2.1', False)
        self.hosts['ns.example.'] = ['192.0.2.1']
        self.assertFalse(self.ask())
        self.now += 61
        self.soon('192.0.2.1', True)

    def test_many_slow_names_do_not_make_many_threads(self):
        self.answer.clear()
        names = [f'ns{number}.example.' for number in range(100)]
        self.assertIsNone(self.known.include(names, '192.0.2.1'))
        self.assertLessEqual(len(self.asked), 16)

    def test_slow_names_hold_up_few_answers_at_once(self):
        """A tenant's slow names had every thread that answers by UDP wait for them."""
        self.answer.clear()
        entered, leave = threading.Semaphore(0), threading.Event()
        self.addCleanup(leave.set)

        def wait(lookups: list[masters.Known], timeout: float) -> None:
            entered.release()
            leave.wait(10)
        self.enterContext(unittest.mock.patch.object(masters.concurrent.futures, 'wait', wait))
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            held = [threads.submit(self.ask) for _ in range(2)]
            for _ in held:
                self.assertTrue(entered.acquire(timeout=10))
            self.assertIsNone(self.ask())       # It would wait for ever.
            leave.set()
            self.assertEqual([None, None], [each.result(10) for each in held])
        self.assertIsNone(self.ask())
        self.assertTrue(entered.acquire(timeout=10))

    def test_a_thread_that_cannot_be_had_is_tried_again(self):
        with unittest.mock.patch.object(threading.Thread, 'start', side_effect=RuntimeError), \
                self.assertLogs('designate_like.mdns.masters', 'WARNING'):
            for _ in range(20):     # More often than lookups may be under way.
                self.assertIsNone(self.ask())
        self.soon('192.0.2.1', True)

    def test_memory_is_bounded(self):
        self.enterContext(unittest.mock.patch.object(masters, '_MOST_KEPT', 2))
        for number in range(5):
            base.wait(lambda: self.known.include([f'{number}.example.'], '192.0.2.1') is False)
        self.assertLessEqual(len(self.known._known), 2)

    def test_addresses_are_compared_as_numbers(self):
        self.hosts['ns.example.'] = [str(ipaddress.ip_address('2001:db8::0:1'))]
        self.soon('2001:0db8:0::1', True)
