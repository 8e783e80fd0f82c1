# SPDX-License-Identifier: Apache-2.0
"""One client of mdns, whatever it does, disturbs no other; and a transfer shows one moment."""
import concurrent.futures
import contextlib
import resource
import socket
import threading
import unittest.mock
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.query
import dns.rcode
import dns.xfr
import dns.zone

from designate_like import store
from designate_like.mdns import answer
from designate_like.mdns import listener
from designate_like.mdns import tcp
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.store import tables
from tests import base
from tests.functional import test_mdns
from tests.unit.mdns import fakes

TIMEOUT = 30        # seconds; for what should be there soon, on a busy machine too


@contextlib.contextmanager
def meanwhile(*functions: Callable[[], None]) -> Iterator[None]:
    """Call functions again and again, each in a thread of its own, during the block."""
    stopping = threading.Event()

    def again(function: Callable[[], None]) -> None:
        while not stopping.is_set():
            function()
    with concurrent.futures.ThreadPoolExecutor(len(functions)) as threads:
        calls = [threads.submit(again, function) for function in functions]
        try:
            yield
        finally:
            stopping.set()
    for call in calls:
        call.result()


class Case(test_mdns.MdnsCase):

    def setUp(self) -> None:
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def many(self, count: int) -> None:
        with self.store.write() as tx:
            test_mdns.fill(tx, fakes.zone('many.example.'), test_mdns.many('many.example.', count))

    def serve(self, transfers: int = 100, **options: int) -> None:
        """Serve anew, with other limits."""
        client = fakes.Client(self.store, transfers=transfers)
        (self.host, self.port), = self.listen(client.answerer.respond, **options)

    def buffer_little(self) -> None:
        """Have the system take no more than a few messages off mdns, not a whole transfer."""
        original = listener.Listener._socket

        def made(*arguments: Any) -> socket.socket:
            found = original(*arguments)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            return found
        self.enterContext(unittest.mock.patch.object(listener.Listener, '_socket', made))

    def transfer(self, name: str = 'many.example.') -> dns.zone.Zone:
        loaded = dns.zone.Zone(name, relativize=False)
        dns.query.inbound_xfr(self.host, loaded, None, self.port, TIMEOUT, TIMEOUT)
        return loaded


class IsolationTest(Case):

    def is_answering(self, source: str | None = None) -> bool:
        query = dns.message.make_query('www.example.org.', 'A')
        reply = dns.query.tcp(query, self.host, TIMEOUT, self.port, source=source)
        return reply.rcode() == dns.rcode.NOERROR

    def test_many_transfers_of_one_server_at_once(self):
        self.many(500)
        for transfers in (100, 3):      # Fewer than come: the others wait, and none fails.
            self.serve(transfers)
            with concurrent.futures.ThreadPoolExecutor(130) as threads:
                begin = threading.Barrier(130, timeout=TIMEOUT)
                calls = [threads.submit(lambda: (begin.wait(), len(self.transfer().nodes))[1])
                         for _ in range(130)]
                self.assertEqual([501] * 130, [call.result() for call in calls])

    def test_a_client_of_many_connections_leaves_room_for_others(self):
        self.serve(connections=30, per_client=20, receive_timeout=60)
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(self.connect()) for _ in range(50)]
            self.assertTrue(self.is_answering('127.0.0.2'))
            denied = [each for each in held if self.is_denied(each)]
            self.assertEqual(30, len(denied))
        base.wait(self.is_answered)     # It is let in again when it has left.

    def is_denied(self, connection: socket.socket) -> bool:
        connection.settimeout(TIMEOUT)
        try:
            dns.query.send_tcp(connection, dns.message.make_query('www.example.org.', 'A'))
            return not connection.recv(1)
        except ConnectionError:
            return True

    def is_answered(self) -> bool:
        try:
            return self.is_answering()
        except (OSError, EOFError):
            return False

    def test_addresses_of_one_ipv6_network_are_one_client(self):
        self.assertEqual(tcp._network('2001:db8::1'), tcp._network('2001:db8:0:0:ffff::2'))
        self.assertNotEqual(tcp._network('2001:db8::1'), tcp._network('2001:db8:0:1::1'))
        self.assertEqual(tcp._network('fe80::1%eth0'), tcp._network('fe80::2%eth0'))
        self.assertNotEqual(tcp._network('192.0.2.1'), tcp._network('192.0.2.2'))

    def test_one_that_does_not_take_its_answer_is_cut(self):
        self.buffer_little()
        self.many(40_000)
        self.enterContext(unittest.mock.patch.object(tcp, '_SEND_TIMEOUT', 3))
        self.serve(transfers=2)
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                slow = stack.enter_context(socket.socket())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                slow.bind(('127.0.0.3', 0))
                slow.connect((self.host, self.port))
                dns.query.send_tcp(slow, dns.message.make_query('many.example.', 'AXFR'))
            # Half of the slots is not for that client.
            self.assertEqual(40_001, len(self.transfer().nodes))
            base.wait(lambda: self.snapshots() == 0, TIMEOUT)

    def test_one_that_takes_each_message_in_time_and_the_whole_too_late_is_cut(self):
        self.buffer_little()
        self.many(40_000)
        self.enterContext(unittest.mock.patch.multiple(tcp, _SEND_TIMEOUT=600, _ANSWER_TIMEOUT=1))
        self.serve(transfers=2)
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            slow.connect((self.host, self.port))
            dns.query.send_tcp(slow, dns.message.make_query('many.example.', 'AXFR'))
            slow.recv(1)
            base.wait(lambda: self.snapshots() == 0, TIMEOUT)

    def test_no_message_is_sent_after_the_time_of_the_whole_answer(self):
        self.enterContext(unittest.mock.patch.object(tcp, '_ANSWER_TIMEOUT', 0))
        here, there = socket.socketpair()
        with here, there, self.assertRaises(TimeoutError):
            tcp._send(here, iter([b'late']))

    def test_queries_are_answered_while_every_transfer_is_held_up(self):
        self.buffer_little()
        self.many(40_000)
        self.serve(transfers=2)
        with contextlib.ExitStack() as stack:
            for source in ('127.0.0.3', '127.0.0.4', '127.0.0.5'):
                slow = stack.enter_context(socket.socket())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                slow.bind((source, 0))
                slow.connect((self.host, self.port))
                dns.query.send_tcp(slow, dns.message.make_query('many.example.', 'AXFR'))
            base.wait(lambda: self.snapshots() == 2, TIMEOUT)
            self.assertTrue(self.is_answering())
            query = dns.message.make_query('many.example.', 'SOA')
            self.assertTrue(dns.query.udp(query, self.host, TIMEOUT, self.port).answer)

    def test_a_turn_that_does_not_come_is_a_failure_and_no_silence(self):
        self.buffer_little()
        self.many(40_000)
        self.enterContext(unittest.mock.patch.object(answer, '_PATIENCE', 0.01))
        self.serve(transfers=1)
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            slow.connect((self.host, self.port))
            dns.query.send_tcp(slow, dns.message.make_query('many.example.', 'AXFR'))
            slow.recv(1)
            with self.assertLogs('designate_like.mdns.answer', 'WARNING'), \
                    self.assertRaisesRegex(dns.xfr.TransferError, 'SERVFAIL'):
                self.transfer()
            self.assertTrue(self.is_answering())


class SnapshotTest(Case):
    """Writers change pairs of records together; no transfer shows half a pair."""

    PAIRS = 300

    def setUp(self) -> None:
        super().setUp()
        self.pairs = fakes.zone('pairs.example.')
        with self.store.write() as tx:
            test_mdns.fill(tx, self.pairs, [
                store.recordsets.RRset(name, names.key(name), 'TXT', None, self.text(0))
                for number in range(self.PAIRS) for name in self.pair(number)])
        self.version = 0

    def pair(self, number: int) -> tuple[str, str]:
        """Two names, one at each end of the zone."""
        return f'a{number:03}.pairs.example.', f'z{number:03}.pairs.example.'

    @staticmethod
    def text(version: int) -> bytes:
        return rdata.join([rdata.parse('TXT', f'"{version}"', 'pairs.example.')])

    def write(self) -> None:
        """The next version of a pair, and of the zone."""
        self.version += 1
        keys = [names.key(name) for name in self.pair(self.version % self.PAIRS)]
        with self.store.write() as tx:
            tx.execute(tables.recordsets.update().where(
                tables.recordsets.c.zone_id == self.pairs.id,
                tables.recordsets.c.key.in_(keys)).values(wire=self.text(self.version)))
            store.zones.update(tx, self.pairs.id, serial=self.pairs.serial + self.version)

    def test_no_transfer_shows_half_a_pair(self):
        serials = []
        with meanwhile(self.write):
            while len(set(serials)) < 15:
                serials.append(self.look())
        self.assertEqual(sorted(serials), serials)

    def look(self) -> int:
        """The serial of a transfer that is right."""
        seen = self.transfer('pairs.example.')
        serial = seen.get_soa().serial
        newest = 0
        for number in range(self.PAIRS):
            a, z = (str(seen.find_rdataset(name, 'TXT')[0]) for name in self.pair(number))
            self.assertEqual(a, z, number)
            newest = max(newest, int(a.strip('"')))
        self.assertEqual(self.pairs.serial % 2**32 + newest, serial)
        return serial
