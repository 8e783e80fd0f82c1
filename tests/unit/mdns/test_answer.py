# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.answer: what is answered at all, and fuzz."""
import struct
import unittest.mock

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import hypothesis
from hypothesis import strategies

from designate_like import errors
from designate_like import store
from tests import base
from tests.unit.mdns import fakes


class AnswererCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = fakes.Store(self.enterContext)
        self.store.add(fakes.zone('example.org.'), fakes.EXAMPLE)
        self.client = fakes.Client(self.store)

    def rcode(self, message: dns.message.Message | bytes) -> str:
        packet = message if isinstance(message, bytes) else message.to_wire()
        reply, = self.client.send(packet)
        return dns.rcode.to_text(dns.message.from_wire(reply).rcode())


class AnswererTest(AnswererCase):

    def query(self, **options) -> dns.message.Message:
        return dns.message.make_query('www.example.org.', 'A', **options)

    def test_what_gets_no_answer(self):
        signed = self.query()
        signed.use_tsig({dns.name.from_text('unknown.'): b'secret'})
        reply = self.query()
        reply.flags |= dns.flags.QR
        for packet in (b'', b'\0', b'GET / HTTP/1.1\r\n\r\n', signed.to_wire(), reply.to_wire(),
                       self.query().to_wire() + b'\0'):
            for stream in (True, False):
                self.assertEqual([], self.client.send(packet, stream=stream))

    def test_other_opcodes(self):
        for opcode in (dns.opcode.IQUERY, dns.opcode.STATUS, dns.opcode.UPDATE, 15):
            query = self.query()
            query.set_opcode(opcode)
            self.assertEqual('REFUSED', self.rcode(query.to_wire()), opcode)

    def test_other_than_one_question(self):
        packet = self.query().to_wire()
        self.assertEqual('REFUSED', self.rcode(packet[:4] + bytes(8)))
        self.assertEqual('REFUSED', self.rcode(
            packet[:4] + struct.pack('!H', 2) + packet[6:] + packet[12:]))

    def test_other_classes(self):
        for class_ in ('CH', 'HS', 'ANY', 'NONE'):
            query = dns.message.make_query('www.example.org.', 'A', class_)
            self.assertEqual('REFUSED', self.rcode(query), class_)

    def test_an_edns_version_to_come(self):
        self.assertEqual('BADVERS', self.rcode(self.query(use_edns=1)))

    def test_two_opt_records(self):
        packet = self.query(use_edns=0).to_wire()
        self.assertEqual('FORMERR', self.rcode(packet[:11] + b'\2' + packet[12:] + packet[-11:]))

    def test_unknown_edns_options_are_ignored(self):
        self.assertEqual('NOERROR', self.rcode(self.query(
            use_edns=0, options=[dns.edns.GenericOption(65001, b'x')])))

    def test_an_unsigned_request_sees_the_default_pool(self):
        self.store.add(fakes.zone('other.example.', pool_id=fakes.OTHER_POOL))
        query = dns.message.make_query('other.example.', 'SOA')
        self.assertEqual('REFUSED', self.rcode(query))
        self.client = fakes.Client(self.store, default_pool_id=fakes.OTHER_POOL)
        self.assertEqual('NOERROR', self.rcode(query))

    def test_an_unsigned_request_where_signatures_are_enforced(self):
        self.client = fakes.Client(self.store, enforce_tsig=True)
        self.assertEqual('REFUSED', self.rcode(self.query()))
        self.assertEqual('REFUSED', self.rcode(dns.message.make_query('example.org.', 'AXFR')))

    def test_a_secondary_zone_that_was_never_transferred(self):
        self.store.add(fakes.zone('secondary.example.', type='SECONDARY'))
        query = dns.message.make_query('secondary.example.', 'SOA')
        self.assertEqual('REFUSED', self.rcode(query))
        self.store.zones[-1] = self.store.zones[-1].replace(transferred_at=fakes.NOW)
        self.assertEqual('NOERROR', self.rcode(query))

    def test_a_database_that_is_away(self):
        with unittest.mock.patch.object(store.zones, 'enclosing',
                                        side_effect=errors.DatabaseUnavailable()), \
                self.assertLogs('designate_like.mdns.answer', 'WARNING') as logs:
            self.assertEqual('SERVFAIL', self.rcode(self.query()))
        self.assertNotIn('Traceback', logs.output[0])

    def test_a_mistake_of_ours(self):
        with unittest.mock.patch.object(store.recordsets, 'at', side_effect=KeyError('mistake')), \
                self.assertLogs('designate_like.mdns.answer', 'ERROR') as logs:
            self.assertEqual('SERVFAIL', self.rcode(self.query()))
        self.assertIn('mistake', logs.output[0])


def _seeds() -> list[bytes]:
    """Good messages of every kind."""
    ixfr = dns.message.from_text('id 1\nopcode QUERY\nrcode NOERROR\nflags\n;QUESTION\n'
                                 'example.org. IN IXFR\n;AUTHORITY\n'
                                 'example.org. 0 IN SOA . . 5 1 1 1 1\n')
    notify = dns.message.make_query('example.org.', 'SOA')
    notify.set_opcode(dns.opcode.NOTIFY)
    return [ixfr.to_wire(), notify.to_wire(),
            *(dns.message.make_query(name, type_, use_edns=edns).to_wire()
              for name in ('example.org.', 'alias.example.org.', 'x.wild.example.org.')
              for type_ in ('A', 'MX', 'ANY', 'AXFR') for edns in (-1, 0, 1))]


@strategies.composite
def mutated(draw) -> bytes:
    """A good message with some octets changed, taken out or put in."""
    packet = bytearray(draw(strategies.sampled_from(_seeds())))
    for _ in range(draw(strategies.integers(1, 4))):
        at = draw(strategies.integers(0, len(packet)))
        new = draw(strategies.binary(max_size=3))
        packet[at:at + draw(strategies.integers(0, 3))] = new
    return bytes(packet)


@strategies.composite
def headed(draw) -> bytes:
    """A header that counts a few records, and anything after it."""
    counts = [draw(strategies.integers(0, 2)) for _ in range(4)]
    flags = draw(strategies.integers(0, 0x7FFF))
    return struct.pack('!6H', 1, flags, *counts) + draw(strategies.binary(max_size=200))


class FuzzTest(AnswererCase):

    @hypothesis.settings(max_examples=1500)
    @hypothesis.given(strategies.binary(max_size=600) | headed() | mutated(), strategies.booleans())
    def test_no_packet_is_answered_with_what_cannot_be_read(self, packet, stream):
        with self.assertNoLogs('designate_like.mdns.answer', 'WARNING'):
            replies = self.client.send(packet, stream=stream)
        for reply in replies:
            read = dns.message.from_wire(reply, one_rr_per_rrset=True)
            self.assertTrue(read.flags & dns.flags.QR)
            self.assertEqual(packet[:2], reply[:2])
            if not stream:
                self.assertLessEqual(len(reply), max(1232, len(packet)))

    @hypothesis.settings(max_examples=300)
    @hypothesis.given(strategies.lists(strategies.binary(min_size=1, max_size=40), max_size=4),
                      strategies.sampled_from(['A', 'MX', 'NS', 'ANY', 'DS', 'TXT']))
    def test_every_name_has_an_answer(self, labels, type_):
        name = dns.name.Name([*labels, b'wild', b'example', b'org', b''])
        reply = self.client.ask(name, type_)
        self.assertIn(reply.rcode(), (dns.rcode.NOERROR, dns.rcode.NXDOMAIN))
