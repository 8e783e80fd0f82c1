# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.tally: each packet counts once, as what became of it."""
import unittest.mock
from collections import Counter

import dns.message
import dns.opcode
import dns.rrset

from designate_like import errors
from designate_like import metrics
from designate_like import store
from designate_like.mdns import tally
from tests import base
from tests.unit.mdns import fakes


class TallyTest(base.TestCase):

    def setUp(self):
        super().setUp()
        database = fakes.Store(self.enterContext)
        database.add(fakes.zone('example.org.'), fakes.EXAMPLE)
        database.add(fakes.zone('long.example.'), '\n'.join(
            f'long.example. TXT "{"x" * 200}{number}"' for number in range(10)))
        database.add(fakes.zone('ours.example.', type='SECONDARY', masters=['192.0.2.200:53']))
        self.respond = tally.counted(fakes.Client(database).answerer.respond)
        self.counted: Counter[tuple[str, str]] = Counter()
        self.enterContext(unittest.mock.patch.object(metrics, 'count', self.count))

    def count(self, name: str, kind: str, transport: str) -> None:
        self.assertEqual('dns_answers_total', name)
        self.counted[kind, transport] += 1

    def check(self, kind: str, packet: bytes, stream: bool = False) -> None:
        self.counted.clear()
        list(self.respond(packet, '192.0.2.200', stream))
        self.assertEqual({(kind, 'tcp' if stream else 'udp'): 1}, self.counted)

    def query(self, name: str, type_: str, **options) -> bytes:
        query = dns.message.make_query(name, type_, **options)
        if type_ == 'IXFR':
            query.authority.append(dns.rrset.from_text(name, 0, 'IN', 'SOA', '. . 1 1 1 1 1'))
        return query.to_wire()

    def notify(self, name: str) -> bytes:
        query = dns.message.make_query(name, 'SOA')
        query.set_opcode(dns.opcode.NOTIFY)
        return query.to_wire()

    def test_what_is_answered(self):
        for stream in (False, True):
            for name, type_ in (('example.org.', 'SOA'), ('no.example.org.', 'A'),
                                ('www.example.org.', 'AAAA'), ('x.child.example.org.', 'A'),
                                ('long.example.', 'TXT')):
                with self.subTest(name, stream=stream):
                    self.check('query', self.query(name, type_), stream)
            self.check('ixfr', self.query('example.org.', 'IXFR'), stream)
            self.check('notify', self.notify('ours.example.'), stream)
        self.check('axfr', self.query('example.org.', 'AXFR'), True)

    def test_what_is_not(self):
        for kind, packet in (
                ('refused', self.query('example.net.', 'A')),
                ('refused', self.query('example.org.', 'SOA', use_edns=1)),
                ('refused', self.query('example.org.', 'AXFR')),
                ('refused', self.query('www.example.org.', 'IXFR')),
                ('refused', self.notify('example.org.')),
                ('dropped', b'garbage'),
                ('dropped', b'\0\0\x80\0' + bytes(8))):
            with self.subTest(kind, packet=packet):
                self.check(kind, packet)

    def test_a_failure(self):
        with unittest.mock.patch.object(store.zones, 'enclosing',
                                        side_effect=errors.DatabaseUnavailable), \
                self.assertLogs('designate_like.mdns.answer', 'WARNING'):
            self.check('failed', self.query('example.org.', 'AXFR'), True)

    def test_a_client_that_leaves_in_the_midst(self):
        messages = self.respond(self.query('example.org.', 'AXFR'), '192.0.2.200', True)
        next(messages)
        messages.close()
        self.assertEqual({('failed', 'tcp'): 1}, self.counted)
