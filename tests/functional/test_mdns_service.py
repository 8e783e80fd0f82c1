# SPDX-License-Identifier: Apache-2.0
"""mdns as a role: built from the configuration, on a bus."""
import queue
import socket
import subprocess
import sys
import threading
import unittest.mock
from collections.abc import Iterator
from typing import Any

import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rrset

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like import rpc
from designate_like import store
from designate_like.mdns import service
from tests.functional import engines
from tests.unit.mdns import fakes
from tests.unit.rpc import bus

TIMEOUT = 10


class Zones:
    """The endpoint of the worker that hears of changed secondary zones."""
    namespace = 'zones'

    def __init__(self) -> None:
        self.seen: queue.Queue[tuple[bool, str]] = queue.Queue()

    def transfer(self, ctx: context.RequestContext, zone_id: str) -> None:
        self.seen.put((ctx.is_admin, zone_id))


class MdnsServiceTest(bus.TestCase):

    def setUp(self):
        super().setUp()
        url = engines.url(self)
        self.set('connection', url, 'storage:sqlalchemy')
        self.set('listen', ['127.0.0.1:0'], 'service:mdns')
        self.set('default_pool_id', fakes.POOL, 'service:central')
        self.set('emitter_type', 'noop', 'heartbeat_emitter')
        self.store = engines.opened(self, url)

    def set(self, name: str, value: Any, group: str) -> None:
        conf.CONF.set_override(name, value, group)
        self.addCleanup(conf.CONF.clear_override, name, group)

    def start(self) -> service.Mdns:
        role = service.Mdns(conf.CONF)
        role.start()
        self.addCleanup(role.stop)
        return role

    def ask(self, role: service.Mdns, query: dns.message.Message) -> str:
        host, port = role.addresses[0]
        return dns.rcode.to_text(dns.query.udp(query, host, TIMEOUT, port).rcode())

    def test_it_serves_the_default_pool(self):
        with self.store.write() as tx:
            store.zones.insert(tx, fakes.zone('example.org.'))
            store.zones.insert(tx, fakes.zone('example.net.', pool_id=fakes.OTHER_POOL))
        role = self.start()
        self.assertEqual('NOERROR', self.ask(role, dns.message.make_query('example.org.', 'SOA')))
        self.assertEqual('REFUSED', self.ask(role, dns.message.make_query('example.net.', 'SOA')))

    def test_signatures_enforced(self):
        self.set('query_enforce_tsig', True, 'service:mdns')
        with self.store.write() as tx:
            store.zones.insert(tx, fakes.zone('example.org.'))
        self.assertEqual('REFUSED', self.ask(self.start(),
                                             dns.message.make_query('example.org.', 'SOA')))

    def test_a_notify_reaches_the_worker(self):
        zones = Zones()
        worker = rpc.Server(self.transport(), 'worker', 'one', [zones], 1)
        worker.start()
        self.addCleanup(worker.stop)
        zone = fakes.zone('example.org.', type='SECONDARY', masters=['127.0.0.1:53'])
        with self.store.write() as tx:
            store.zones.insert(tx, zone)
        notify = dns.message.make_query('example.org.', 'SOA')
        notify.set_opcode(dns.opcode.NOTIFY)
        self.assertEqual('NOERROR', self.ask(self.start(), notify))
        self.assertEqual((True, zone.id), zones.seen.get(timeout=TIMEOUT))

    def test_a_bus_that_takes_nothing_holds_up_no_answer(self):
        """Each NOTIFY held a thread for as long as the bus was tried, up to eleven seconds."""
        tried, back = threading.Event(), threading.Event()
        self.addCleanup(back.set)

        def cast(*arguments: Any) -> None:
            tried.set()
            back.wait(TIMEOUT)
        self.enterContext(unittest.mock.patch.object(rpc.client, '_cast', cast))
        with self.store.write() as tx:
            store.zones.insert(tx, fakes.zone('example.org.', type='SECONDARY',
                                              masters=['127.0.0.1:53']))
        role = self.start()
        notify = dns.message.make_query('example.org.', 'SOA')
        notify.set_opcode(dns.opcode.NOTIFY)
        for _ in range(10):     # More than there are threads.
            self.assertEqual('NOERROR', self.ask(role, notify))
        self.assertTrue(tried.wait(TIMEOUT))

    def test_each_packet_is_counted(self):
        with self.store.write() as tx:
            for zone in (fakes.zone('example.org.'),
                         fakes.zone('ours.example.', type='SECONDARY', masters=['127.0.0.1:53'])):
                store.zones.insert(tx, zone)
        counted: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        self.enterContext(unittest.mock.patch.object(
            metrics, 'count', lambda name, **labels: counted.put((name, labels))))
        address = self.start().addresses[0]
        for transport, kind in ((socket.SOCK_STREAM, 'tcp'), (socket.SOCK_DGRAM, 'udp')):
            for expected, packet in self.packets(kind):
                with socket.socket(type=transport) as client:
                    client.connect(address)
                    size = len(packet).to_bytes(2, 'big') if kind == 'tcp' else b''
                    client.sendall(size + packet)
                    self.assertEqual(
                        ('dns_answers_total', {'kind': expected, 'transport': kind}),
                        counted.get(timeout=TIMEOUT))

    def packets(self, transport: str) -> Iterator[tuple[str, bytes]]:
        """Packets, and what becomes of each."""
        def query(name: str, type_: str, flags: int = 0) -> dns.message.Message:
            return dns.message.make_query(name, type_, flags=flags)
        yield 'query', query('example.org.', 'SOA').to_wire()
        yield 'refused', query('example.net.', 'SOA').to_wire()
        yield 'dropped', b'garbage'
        yield 'notify', query('ours.example.', 'SOA', dns.opcode.NOTIFY << 11).to_wire()
        yield ('axfr' if transport == 'tcp' else 'refused',
               query('example.org.', 'AXFR').to_wire())
        ixfr = query('example.org.', 'IXFR')
        ixfr.authority.append(dns.rrset.from_text('example.org.', 0, 'IN', 'SOA', '. . 1 1 1 1 1'))
        yield 'ixfr', ixfr.to_wire()
        with unittest.mock.patch.object(store.zones, 'enclosing',
                                        side_effect=errors.DatabaseUnavailable), \
                self.assertLogs('designate_like.mdns.answer', 'WARNING'):
            yield 'failed', ixfr.to_wire()

    def test_addresses_that_are_none(self):
        for text in ('127.0.0.1:dns', '127.0.0.1:70000', '127.0.0.1:'):
            self.set('listen', [text], 'service:mdns')
            with self.assertRaisesRegex(errors.ConfigurationError, 'is not host:port'):
                service.Mdns(conf.CONF)

    def test_the_program_says_in_one_line_that_a_port_is_taken(self):
        with socket.socket() as taker:
            taker.bind(('127.0.0.1', 0))
            taker.listen()
            port = taker.getsockname()[1]
            settings = self.directory() / 'settings.conf'
            settings.write_text(f'[service:mdns]\nlisten = 127.0.0.1:{port}\n')
            run = subprocess.run(
                [sys.executable, '-m', 'designate_like.cmd.mdns', '--config-file', settings],
                capture_output=True, text=True, timeout=60)
        self.assertEqual(1, run.returncode)
        self.assertEqual(f'mdns.py: {settings}: [service:mdns] listen: cannot listen at '
                         f'127.0.0.1:{port}: Address already in use\n', run.stderr)
