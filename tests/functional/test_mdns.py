# SPDX-License-Identifier: Apache-2.0
"""mdns over a real store and real sockets on loopback: how it treats its clients."""
import contextlib
import socket
import struct
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.zone

from designate_like import resources
from designate_like import store
from designate_like.mdns import listener
from designate_like.resources import soa
from tests import base
from tests.functional import engines
from tests.unit.mdns import fakes

TIMEOUT = 10        # seconds; for what should be there at once


def fill(tx, zone: resources.Zone, rrsets: list[store.recordsets.RRset]) -> None:
    """Write a zone with its recordsets, the row of the SOA too."""
    store.zones.insert(tx, zone)
    rrsets = [store.recordsets.RRset(zone.name, zone.key, 'SOA', None, b''), *rrsets]
    for each in rrsets:
        recordset = resources.Recordset(
            id=str(uuid.uuid4()), project_id='project', zone_id=zone.id, name=each.name,
            key=each.key, type=each.type, ttl=each.ttl, records=['as sent'], serial=1,
            created_at=fakes.NOW)
        store.recordsets.insert(tx, recordset, each.wire)


def many(name: str, count: int) -> list[store.recordsets.RRset]:
    return [store.recordsets.RRset(f'h{i}.{name}', f'example.many.h{i:06}.', 'A', None,
                                   b'\0\4\12' + i.to_bytes(3, 'big')) for i in range(count)]


class MdnsCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = engines.opened(self, engines.url(self))
        self.zone = fakes.zone('example.org.')
        with self.store.write() as tx:
            fill(tx, self.zone, fakes.rrsets(fakes.EXAMPLE))
        self.client = fakes.Client(self.store)
        self.host, self.port = self.listen(self.client.answerer.respond)[0]

    def listen(self, respond: Callable, hosts: tuple = (('127.0.0.1', 0),), **options):
        """Listen; returns the addresses."""
        served = listener.Listener(hosts, respond, **{
            'connections': 1000, 'per_client': 500, 'backlog': 100,
            'receive_timeout': 2, **options})
        served.bind()
        self.addCleanup(served.stop)
        served.start()
        return served.addresses

    def snapshots(self) -> int:
        """How many of the database are held."""
        database = self.store._database
        return getattr(database, '_reader', database.engine).pool.checkedout()

    def udp(self, name: str, type_: str, host: str | None = None, **options):
        query = dns.message.make_query(name, type_, **options)
        return dns.query.udp(query, host or self.host, TIMEOUT, self.port)

    @contextlib.contextmanager
    def connect(self) -> Iterator[socket.socket]:
        with socket.create_connection((self.host, self.port), TIMEOUT) as connection:
            yield connection

    def read(self, connection: socket.socket) -> dns.message.Message:
        return dns.query.receive_tcp(connection, time.time() + TIMEOUT)[0]


class AnswersTest(MdnsCase):

    def test_by_udp_and_tcp(self):
        query = dns.message.make_query('www.example.org.', 'A')
        for ask in (dns.query.udp, dns.query.tcp):
            reply = ask(query, self.host, TIMEOUT, self.port)
            self.assertEqual(2, len(reply.answer[0]))

    def test_the_store_serves_what_the_fake_one_does(self):
        for question in ('example.org. SOA', 'alias.example.org. A', 'x.wild.example.org. MX',
                         'y.ent.wild.example.org. TXT', 'ent.wild.example.org. TXT',
                         'into.example.org. A', 'no.example.org. A', 'example.net. A',
                         'a\\.b\\000.wild.example.org. TXT', '. NS', 'child.example.org. DS'):
            name, type_ = question.split()
            real = self.client.ask(name, type_, id=1)
            with contextlib.ExitStack() as patches:
                fake = fakes.Store(patches.enter_context)
                fake.add(self.zone, fakes.EXAMPLE)
                wanted = fakes.Client(fake).ask(name, type_, id=1)
            self.assertEqual(wanted.to_text(), real.to_text(), question)

    def test_a_deleted_zone_is_gone(self):
        with self.store.write() as tx:
            store.zones.update(tx, self.zone.id, deleting=True)
        self.assertEqual(dns.rcode.REFUSED, self.udp('example.org.', 'SOA').rcode())

    def test_the_answer_comes_from_the_address_that_was_asked(self):
        (_, self.port), = self.listen(self.client.answerer.respond, (('0.0.0.0', 0),))
        for host in ('127.0.0.1', '127.0.0.2', '127.1.2.3'):
            # dnspython drops what comes from elsewhere, and fails in time.
            self.assertEqual(dns.rcode.NOERROR, self.udp('example.org.', 'SOA', host).rcode())

    def test_ipv6(self):
        for host in ('::1', '::'):
            try:
                (_, self.port), = self.listen(self.client.answerer.respond, ((host, 0),))
            except OSError as problem:
                self.skipTest(f'no IPv6 on this machine: {problem}')
            self.assertEqual(dns.rcode.NOERROR, self.udp('example.org.', 'SOA', '::1').rcode())

    def test_several_addresses(self):
        hosts = self.listen(self.client.answerer.respond, (('127.0.0.1', 0), ('127.0.0.2', 0)))
        for self.host, self.port in hosts:
            self.assertEqual(dns.rcode.NOERROR, self.udp('example.org.', 'SOA').rcode())

    def test_dig_transfers_a_zone_with_escapes_and_all(self):
        run = subprocess.run(
            [base.require('dig'), f'@{self.host}', '-p', str(self.port), '+tcp', '+onesoa',
             '+noall', '+answer', 'Example.ORG.', 'AXFR'], capture_output=True, text=True,
            check=True, timeout=TIMEOUT)
        lines = run.stdout.strip().splitlines()
        self.assertEqual(len(fakes.EXAMPLE.strip().splitlines()) + 1, len(lines), run.stdout)

    def test_ixfr_from_the_journal(self):
        newer = self.zone.replace(serial=self.zone.serial + 5)
        with self.store.write() as tx:
            store.zones.update(tx, newer.id, serial=newer.serial)
            store.journal.append(tx, newer.id, self.zone.serial, newer.serial,
                                 soa.record(self.zone), soa.record(newer), fakes.NOW)
        query = dns.message.make_query('example.org.', 'IXFR')
        query.authority.append(dns.rrset.from_text('example.org.', 0, 'IN', 'SOA',
                                                   '. . 1000 1 1 1 1'))
        for ask in (dns.query.udp, dns.query.tcp):
            reply = ask(query, self.host, TIMEOUT, self.port, one_rr_per_rrset=True)
            self.assertEqual([1005, 1000, 1005, 1005], [each[0].serial for each in reply.answer])


class TransferTest(MdnsCase):

    def setUp(self):
        super().setUp()
        with self.store.write() as tx:
            fill(tx, fakes.zone('many.example.'), many('many.example.', 5000))
        self.query = dns.message.make_query('many.example.', 'AXFR')

    def transfer(self) -> dns.zone.Zone:
        loaded = dns.zone.Zone('many.example.')
        dns.query.inbound_xfr(self.host, loaded, self.query, self.port, TIMEOUT)
        return loaded

    def test_several_at_once(self):
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(len(self.transfer().nodes)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
        self.assertEqual([5001] * 4, found)

    def test_one_snapshot_while_writes_go_on(self):
        small = fakes.Client(self.store, max_message_size=600)
        replies = small.answerer.respond(self.query.to_wire(), '127.0.0.1', True)
        with contextlib.closing(replies):
            first = next(replies)
            with self.store.write() as tx:
                zone = store.zones.enclosing(tx, 'example.many.', None)
                store.zones.update(tx, zone.id, serial=zone.serial + 1)
                tx.exec_driver_sql(f"DELETE FROM recordsets WHERE zone_id = '{zone.id}'")
            read = [dns.message.from_wire(each, one_rr_per_rrset=True)
                    for each in (first, *replies)]
        found = [rrset for message in read for rrset in message.answer]
        self.assertEqual(5002, len(found))
        self.assertEqual([1000, 1000], [found[0][0].serial, found[-1][0].serial])
        message, = small.transfer(self.query)
        self.assertEqual(2, len(message.answer))

    def test_a_client_that_leaves_in_the_midst_leaves_nothing_behind(self):
        slow = fakes.Client(self.store, max_message_size=512)
        ended = threading.Event()

        def respond(packet, sender, stream):
            try:
                yield from slow.answerer.respond(packet, sender, stream)
            finally:
                ended.set()
        (self.host, self.port), = self.listen(respond)
        with self.connect() as connection:
            # With unread data at close, the system resets the connection.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            dns.query.send_tcp(connection, self.query)
            connection.recv(1)
        self.assertTrue(ended.wait(TIMEOUT))
        base.wait(lambda: self.snapshots() == 0)


class ConnectionsTest(MdnsCase):

    def test_pipelining(self):
        queries = [dns.message.make_query(f'{name}.example.org.', 'A')
                   for name in ('www', 'no', 'mail', 'ns1')]
        with self.connect() as connection:
            connection.sendall(b''.join(query.to_wire(prepend_length=True) for query in queries))
            self.assertEqual([query.id for query in queries],
                             [self.read(connection).id for _ in queries])

    def test_a_request_octet_by_octet(self):
        with self.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for octet in dns.message.make_query('www.example.org.', 'A').to_wire(
                    prepend_length=True):
                connection.sendall(bytes([octet]))
            self.assertEqual(dns.rcode.NOERROR, self.read(connection).rcode())

    def test_half_closed(self):
        with self.connect() as connection:
            dns.query.send_tcp(connection, dns.message.make_query('www.example.org.', 'A'))
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(dns.rcode.NOERROR, self.read(connection).rcode())
            self.assertEqual(b'', connection.recv(1))

    def test_idle_and_slow_ones_are_closed(self):
        (self.host, self.port), = self.listen(self.client.answerer.respond, receive_timeout=0.1)
        for sent in (b'', b'\0', b'\0\x64' + b'x' * 50, b'GET / HTTP/1.1\r\n\r\n'):
            with self.connect() as connection:
                connection.sendall(sent)
                self.assertEqual(b'', connection.recv(1), sent)

    def test_garbage_does_not_disturb(self):
        for packet in (b'', b'x', b'\xff' * 500, bytes(1400)):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.sendto(packet, (self.host, self.port))
            with self.connect() as connection:
                connection.sendall(struct.pack('!H', len(packet)) + packet)
        self.assertEqual(dns.rcode.NOERROR, self.udp('example.org.', 'SOA').rcode())

    def test_more_connections_than_may_be_wait_their_turn(self):
        (self.host, self.port), = self.listen(self.client.answerer.respond, connections=2,
                                              receive_timeout=0.2)
        with self.connect(), self.connect(), self.connect() as third:
            dns.query.send_tcp(third, dns.message.make_query('www.example.org.', 'A'))
            self.assertEqual(dns.rcode.NOERROR, self.read(third).rcode())


class ListenerTest(base.TestCase):

    def respond(self, packet: bytes, sender: str, stream: bool) -> Iterator[bytes]:
        yield packet

    def made(self, host: str, port: int, **options) -> listener.Listener:
        made = listener.Listener([(host, port)], self.respond, connections=10, per_client=10,
                                 backlog=10, receive_timeout=60, **options)
        self.addCleanup(made.stop)
        return made

    def test_a_taken_port(self):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            for share in (False, True):
                with socket.socket(socket.AF_INET, kind) as taker:
                    taker.bind(('127.0.0.1', 0))
                    if kind == socket.SOCK_STREAM:
                        taker.listen()
                    port = taker.getsockname()[1]
                    with self.assertRaisesRegex(
                            OSError, fr'^\[service:mdns\] listen: cannot listen at '
                                     f'127.0.0.1:{port}: Address already in use$'):
                        self.made('127.0.0.1', port, share=share).bind()

    def test_an_address_that_is_not_ours(self):
        with self.assertRaisesRegex(OSError, 'cannot listen at 192.0.2.1:5354: '):
            self.made('192.0.2.1', 5354).bind()

    def test_sharing(self):
        first = self.made('127.0.0.1', 0, share=True)
        first.bind()
        self.made(*first.addresses[0], share=True).bind()
        alone = self.made('127.0.0.1', 0)
        alone.bind()
        with self.assertRaises(OSError):
            self.made(*alone.addresses[0]).bind()

    def test_the_port_is_free_after_a_stop(self):
        first = self.made('127.0.0.1', 0)
        first.bind()
        first.start()
        with socket.create_connection(first.addresses[0], TIMEOUT) as connection:
            connection.sendall(b'\0\1x')
            self.assertEqual(b'\0\1x', connection.recv(3))
            before = time.monotonic()
            first.stop()
            self.assertLess(time.monotonic() - before, 1)
            self.assertEqual(b'', connection.recv(1))
        second = self.made(*first.addresses[0])
        second.bind()

    def test_a_stop_leaves_no_thread(self):
        names = {'mdns-udp', 'mdns-tcp', 'mdns-connection'}
        one = self.made('127.0.0.1', 0)
        one.bind()
        one.start()
        self.assertTrue(names & {thread.name for thread in threading.enumerate()})
        with socket.create_connection(one.addresses[0], TIMEOUT):
            one.stop()
            base.wait(lambda: not names & {thread.name for thread in threading.enumerate()})
