# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.transfer, through the answerer that calls it."""
import contextlib
import unittest.mock

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rrset
import dns.xfr
import dns.zone
import hypothesis
from hypothesis import strategies

from designate_like import errors
from designate_like import store
from designate_like.mdns import transfer
from designate_like.mdns import wire
from designate_like.resources import rdata
from designate_like.resources import rr
from designate_like.resources import soa
from tests import base
from tests.unit.mdns import fakes

NAME = 'example.org.'
LONG = rdata.join([(b'\xfa' + b'x' * 250) * 6])     # A TXT record of 1506 octets.


def ixfr(serial: int, name: str = NAME, **options) -> dns.message.Message:
    query = dns.message.make_query(name, 'IXFR', **options)
    query.authority.append(dns.rrset.from_text(
        name, 0, 'IN', 'SOA', f'ns. root. {serial} 1 1 1 1'))
    return query


def axfr(name: str = NAME, **options) -> dns.message.Message:
    return dns.message.make_query(name, 'AXFR', **options)


def records(messages: list[dns.message.Message]) -> list[str]:
    return [rrset.to_text() for message in messages for rrset in message.answer]


def wire_of(text: str) -> bytes:
    return b''.join(rr.encode(each.name, each.type, 3600 if each.ttl is None else each.ttl,
                              each.wire) for each in fakes.rrsets(text))


class TransferCase(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = fakes.Store(self.enterContext)
        self.zone = self.store.add(fakes.zone(NAME), fakes.EXAMPLE)
        self.client = fakes.Client(self.store)

    def many(self, count: int, name: str = 'many.example.') -> None:
        """Add a zone of so many short records."""
        self.store.add(fakes.zone(name), '\n'.join(
            f'h{i}.{name} A 10.{i >> 16}.{i >> 8 & 255}.{i & 255}' for i in range(count)))


class AxfrTest(TransferCase):

    def test_a_small_zone(self):
        message, = self.client.transfer(axfr(use_edns=0))
        self.assertTrue(message.flags & dns.flags.AA)
        self.assertEqual(NAME, message.question[0].name.to_text())
        self.assertEqual(0, message.edns)
        found = records([message])
        first, *between, last = found
        self.assertEqual('example.org. 3600 IN SOA ns1.example.org. admin.example.org. '
                         '1000 3600 600 86400 300', first)
        self.assertEqual(first, last)
        self.assertEqual(len(fakes.EXAMPLE.strip().splitlines()), len(between))
        self.assertIn('Mixed.example.org. 3600 IN TXT "case"', between)
        self.assertIn('*.wild.example.org. 3600 IN MX 5 mail.example.org.', between)

    def test_many_messages_are_full_and_each_can_be_read_alone(self):
        self.many(2000)
        client = fakes.Client(self.store, max_message_size=1000)
        packets = client.send(axfr('many.example.').to_wire(), stream=True)
        read = [dns.message.from_wire(packet, one_rr_per_rrset=True) for packet in packets]
        self.assertEqual(2002, len(records(read)))
        self.assertEqual(2001, len(set(records(read))))
        self.assertLessEqual(max(map(len, packets)), 1000)
        self.assertGreater(min(map(len, packets[:-1])), 1000 - 24)

    def test_dnspython_loads_it(self):
        self.many(500)
        loaded = dns.zone.Zone('many.example.', relativize=False)
        client = fakes.Client(self.store, max_message_size=700)
        query = axfr('many.example.')
        with dns.xfr.Inbound(loaded, query.question[0].rdtype) as inbound:
            done = [inbound.process_message(each) for each in client.transfer(query)]
        self.assertEqual([True], [each for each in done if each])
        self.assertTrue(done[-1])
        self.assertEqual(501, len(loaded.nodes))

    def test_a_ttl_of_its_own(self):
        self.store.add(fakes.zone('ttl.example.', ttl=77),
                       'a.ttl.example. 0 A 192.0.2.1\nb.ttl.example. A 192.0.2.2')
        found = records(self.client.transfer(axfr('ttl.example.')))
        self.assertEqual(['a.ttl.example. 0 IN A 192.0.2.1', 'b.ttl.example. 77 IN A 192.0.2.2'],
                         found[1:-1])

    def test_a_record_that_cannot_fit(self):
        zone = self.store.add(fakes.zone('wide.example.'), 'a.wide.example. A 192.0.2.1')
        self.store.content[zone.id].append(store.recordsets.RRset(
            'b.wide.example.', 'example.wide.b.', 'TXT', None, LONG))
        client = fakes.Client(self.store, max_message_size=600)
        with self.assertLogs('designate_like.mdns.answer', 'ERROR') as logs:
            message, = client.transfer(axfr('wide.example.'))
        self.assertEqual((dns.rcode.SERVFAIL, []), (message.rcode(), message.answer))
        self.assertIn('does not fit', logs.output[0])
        self.assertEqual(4, len(records(self.client.transfer(axfr('wide.example.')))))

    def test_a_failure_in_the_midst_ends_the_transfer(self):
        self.many(200)

        def stream(tx, zone_id):
            yield from self.store.content[zone_id][1:101]
            raise errors.DatabaseUnavailable()
        store.recordsets.stream = stream        # The patch that the fake made puts it back.
        client = fakes.Client(self.store, max_message_size=600)
        with self.assertLogs('designate_like.mdns.answer', 'WARNING'):
            *before, last = client.transfer(axfr('many.example.'))
        self.assertTrue(before)
        self.assertEqual(dns.rcode.SERVFAIL, last.rcode())

    def test_it_is_made_while_it_is_sent(self):
        read = []

        def stream(tx, zone_id):
            for each in self.store.content[zone_id][1:]:
                read.append(each)
                yield each
        self.many(1000)
        store.recordsets.stream = stream
        client = fakes.Client(self.store, max_message_size=600)
        replies = client.answerer.respond(axfr('many.example.').to_wire(), '192.0.2.1', True)
        with contextlib.closing(replies):
            next(replies)
            self.assertLess(len(read), 50)

    def test_by_udp(self):
        packet, = self.client.send(axfr().to_wire())
        self.assertEqual(dns.rcode.FORMERR, dns.message.from_wire(packet).rcode())

    def test_names_that_are_no_zone(self):
        for name in ('www.example.org.', 'example.net.', 'org.', '.'):
            for query in (axfr(name), ixfr(5, name)):
                message, = self.client.transfer(query)
                self.assertEqual(dns.rcode.REFUSED, message.rcode(), name)


class IxfrTest(TransferCase):

    def change(self, old: int, new: int, removed: str, added: str) -> tuple[bytes, bytes]:
        """A difference as the journal keeps it."""
        return (soa.record(self.zone, old) + wire_of(removed),
                soa.record(self.zone, new) + wire_of(added))

    def soa(self, serial: int) -> str:
        return (f'example.org. 3600 IN SOA ns1.example.org. admin.example.org. {serial} '
                '3600 600 86400 300')

    def three_versions(self) -> None:
        self.store.differences[self.zone.id, 998] = [
            self.change(998, 999, 'old.example.org. 5 A 192.0.2.1', ''),
            self.change(999, 1000, '', 'new.example.org. TXT "a"\n'
                                       'www.example.org. A 192.0.2.80')]

    def test_differences(self):
        self.three_versions()
        self.assertEqual([
            self.soa(1000),
            self.soa(998), 'old.example.org. 5 IN A 192.0.2.1',
            self.soa(1000), 'new.example.org. 3600 IN TXT "a"',
            'www.example.org. 3600 IN A 192.0.2.80',
            self.soa(1000)], records(self.client.transfer(ixfr(998))))

    def test_so_many_differences_that_they_are_sent_as_they_are(self):
        self.three_versions()
        self.enterContext(unittest.mock.patch.object(transfer, '_CONDENSABLE', 100))
        self.assertEqual([
            self.soa(1000),
            self.soa(998), 'old.example.org. 5 IN A 192.0.2.1', self.soa(999),
            self.soa(999), self.soa(1000), 'new.example.org. 3600 IN TXT "a"',
            'www.example.org. 3600 IN A 192.0.2.80',
            self.soa(1000)], records(self.client.transfer(ixfr(998))))

    def test_what_was_changed_back_is_not_sent(self):
        self.store.differences[self.zone.id, 998] = [
            self.change(998, 999, 'a.example.org. 5 A 192.0.2.1', 'A.Example.org. 6 A 192.0.2.1'),
            self.change(999, 1000, 'a.example.org. 6 A 192.0.2.1', 'A.example.org. 5 A 192.0.2.1')]
        self.assertEqual([self.soa(each) for each in (1000, 998, 1000, 1000)],
                         records(self.client.transfer(ixfr(998))))

    def test_what_is_larger_than_the_zone_is_a_whole_transfer_unless_its_net_is_small(self):
        texts = '\n'.join(f'a{i}.example.org. TXT "{"x" * 200}"' for i in range(200))
        self.store.differences[self.zone.id, 998] = [
            self.change(998, 999, '', texts), self.change(999, 1000, texts, '')]
        self.assertEqual(4, len(records(self.client.transfer(ixfr(998)))))
        more = '\n'.join(f'b{i}.example.org. TXT "{"x" * 200}"' for i in range(400))
        self.store.differences[self.zone.id, 998] = [self.change(998, 1000, more, '')]
        self.assertEqual(records(self.client.transfer(axfr())),
                         records(self.client.transfer(ixfr(998))))

    def test_differences_by_udp(self):
        self.three_versions()
        packet, = self.client.send(ixfr(998, use_edns=0, payload=1232).to_wire())
        self.assertEqual(7, len(records([dns.message.from_wire(packet, one_rr_per_rrset=True)])))

    def test_what_is_too_long_for_udp_is_the_soa(self):
        self.store.differences[self.zone.id, 998] = [self.change(
            998, 1000, '', '\n'.join(f'a{i}.example.org. A 192.0.2.{i}' for i in range(20)))]
        for query in (ixfr(998), ixfr(5)):
            packet, = self.client.send(query.to_wire())
            read = dns.message.from_wire(packet)
            self.assertEqual([self.soa(1000)], records([read]))
            self.assertEqual(dns.flags.AA, read.flags & (dns.flags.AA | dns.flags.TC))

    def test_a_packet_does_not_have_much_read(self):
        # Each took 40 ms, so that a few a second, of any sender, held up all others.
        texts = '\n'.join(f'a{i}.example.org. TXT "{"x" * 200}"' for i in range(100))
        self.store.differences[self.zone.id, 998] = [
            self.change(998, 999, '', texts), self.change(999, 1000, texts, '')]
        self.assertEqual(4, len(records(self.client.transfer(ixfr(998)))))
        with unittest.mock.patch.object(transfer, 'condense') as condense, \
                unittest.mock.patch.object(store.recordsets, 'stream') as stream:
            for serial in (998, 5):
                packet, = self.client.send(ixfr(serial).to_wire())
                self.assertEqual([self.soa(1000)], records([dns.message.from_wire(packet)]))
        self.assertFalse(condense.mock_calls or stream.mock_calls)

    def test_a_record_that_no_packet_holds_is_no_failure(self):
        removed, added = self.change(999, 1000, '', '')
        added += rr.encode('w.example.org.', 'TXT', 5, LONG)
        self.store.differences[self.zone.id, 999] = [(removed, added)]
        packet, = self.client.send(ixfr(999).to_wire())
        self.assertEqual([self.soa(1000)], records([dns.message.from_wire(packet)]))

    def test_one_that_is_up_to_date_or_ahead_gets_the_soa(self):
        for serial in (1000, 1001, 2**31):
            for stream in (True, False):
                packet, = self.client.send(ixfr(serial).to_wire(), stream=stream)
                self.assertEqual([self.soa(1000)], records([dns.message.from_wire(packet)]), serial)

    def test_what_the_journal_does_not_have_is_a_whole_transfer(self):
        whole = records(self.client.transfer(axfr()))
        for serial in (5, 2**32 - 1, 2**31 + 5000):
            self.assertEqual(whole, records(self.client.transfer(ixfr(serial))), serial)

    def test_without_a_serial(self):
        query = dns.message.make_query(NAME, 'IXFR')
        for stream in (True, False):
            packet, = self.client.send(query.to_wire(), stream=stream)
            self.assertEqual(dns.rcode.FORMERR, dns.message.from_wire(packet).rcode())

    def test_dnspython_applies_it(self):
        self.three_versions()
        copy = dns.zone.from_text(
            '@ 3600 SOA ns1.example.org. admin.example.org. 998 3600 600 86400 300\n'
            'old 5 A 192.0.2.1\n@ NS ns1.example.org.', 'example.org.', relativize=False)
        query = ixfr(998)
        with dns.xfr.Inbound(copy, query.question[0].rdtype, 998) as inbound:
            message, = self.client.transfer(query)
            self.assertTrue(inbound.process_message(message))
        self.assertIsNone(copy.get_node('old.example.org.'))
        self.assertIsNotNone(copy.get_node('new.example.org.'))
        self.assertEqual(1000, copy.find_rdataset('example.org.', 'SOA')[0].serial)


class PackTest(base.TestCase):

    @hypothesis.given(strategies.lists(strategies.integers(20, 300)), strategies.integers(400, 900))
    def test_every_record_once_in_order(self, sizes, limit):
        request = wire.decode(axfr(use_edns=0).to_wire())
        rrs = [rr.encode('a.example.org.', 'TXT', i, size.to_bytes(2, 'big') + bytes(size))
               for i, size in enumerate(sizes)]
        packed = list(transfer.pack(request, rrs, limit))
        self.assertLessEqual(max(map(len, packed)), limit)
        read = [dns.message.from_wire(each, one_rr_per_rrset=True) for each in packed]
        self.assertEqual(list(range(len(sizes))),
                         [rrset.ttl for message in read for rrset in message.answer])
