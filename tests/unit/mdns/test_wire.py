# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.wire."""
import struct

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rrset
import dns.update

from designate_like.mdns import wire
from designate_like.resources import rdata
from tests import base


def records(name: str, type_: str, *texts: str, ttl: int = 60) -> wire.Records:
    return wire.Records(name, rdata.TYPES[type_].number, ttl,
                        rdata.join([rdata.parse(type_, text, name) for text in texts]))


def request(name: str = 'www.Example.org.', type_: str = 'A', **options) -> wire.Request:
    return wire.decode(dns.message.make_query(name, type_, **options).to_wire())


class DecodeTest(base.TestCase):

    def test_a_query(self):
        query = dns.message.make_query('www.Example.org.', 'AAAA', id=77)
        read = wire.decode(query.to_wire())
        self.assertEqual(77, read.id)
        self.assertEqual(dns.flags.RD, read.flags)
        self.assertEqual(0, read.opcode)
        question, = read.questions
        self.assertEqual(('www.Example.org.', dns.rdatatype.AAAA, 1), question[:3])
        self.assertEqual(query.to_wire()[12:], question.wire)
        self.assertEqual(([], None, 0), (read.edns, read.serial, read.tsig_at))

    def test_edns(self):
        read = request(use_edns=0, payload=4096, want_dnssec=True,
                       options=[dns.edns.GenericOption(10, b'12345678')])
        self.assertEqual([wire.Edns(0, 4096, True)], read.edns)

    def test_the_size_of_a_reply_by_udp(self):
        for payload, size in ((None, 512), (100, 512), (800, 800), (4096, 1232)):
            options = {} if payload is None else {'use_edns': 0, 'payload': payload}
            self.assertEqual(size, request(**options).udp_size, payload)

    def test_the_serial_of_an_ixfr(self):
        query = dns.message.make_query('example.org.', 'IXFR')
        query.authority.append(dns.rrset.from_text(
            'example.org.', 0, 'IN', 'SOA', 'ns. root.example.org. 4294967295 1 2 3 4'))
        self.assertEqual(2**32 - 1, wire.decode(query.to_wire()).serial)

    def test_a_signed_message(self):
        query = dns.message.make_query('example.org.', 'SOA')
        query.use_tsig({dns.name.from_text('key.'): b'secret'})
        self.assertGreater(wire.decode(query.to_wire()).tsig_at, 0)

    def test_another_opcode(self):
        update = dns.update.UpdateMessage('example.org.')
        update.delete('www', 'A')
        self.assertEqual(5, wire.decode(update.to_wire()).opcode)

    def test_names_with_every_octet(self):
        for octets in (b'a.b', b'a\\', b'\0', b'\xff"', b'@', b'sp ace', bytes(range(48, 90))):
            name = dns.name.Name([octets, b'Org', b''])
            read, end = wire.read_name(name.to_wire(), 0)
            self.assertEqual(name.to_text(), read)
            self.assertEqual(len(name.to_wire()), end)

    def test_the_root(self):
        self.assertEqual('.', request('.', 'NS').questions[0].name)

    def test_what_is_no_message(self):
        query = dns.message.make_query('www.example.org.', 'A', use_edns=0).to_wire()
        header = query[:12]
        plain = header[:10] + b'\0\0'
        bad = {
            'empty': b'',
            'too short for a header': query[:11],
            'cut in the name': query[:20],
            'cut in the question': query[:30],
            'cut in a record': query[:-1],
            'more than it says': query + b'\0',
            'a pointer in the question': plain + b'\xc0\x04\0\1\0\1',
            'a label of an unknown kind': plain + b'\x40\0\0\1\0\1',
            'a name of 256 octets': plain + (b'\x3f' + b'a' * 63) * 4 + b'\0\0\1\0\1',
            'a record that goes on after the end': query[:-2] + b'\0\5',
            'an owner of OPT that is not the root':
                query[:-11] + b'\1a\0' + query[-10:],
        }
        for why, packet in bad.items():
            with self.subTest(why), self.assertRaises(ValueError):
                wire.decode(packet)


class EncodeTest(base.TestCase):

    def read(self, packet: bytes) -> dns.message.Message:
        return dns.message.from_wire(packet)

    def test_sections_and_compression(self):
        reply = wire.Reply(
            authoritative=True, zone='example.org.',
            answer=[records('www.Example.org.', 'A', '192.0.2.1', '192.0.2.2')],
            authority=[records('example.org.', 'NS', 'ns.example.org.')],
            additional=[records('ns.example.org.', 'A', '192.0.2.3', ttl=0)])
        packet = wire.encode(request(), reply)
        read = self.read(packet)
        self.assertEqual('QR AA RD', dns.flags.to_text(read.flags))
        self.assertEqual(['www.Example.org. 60 IN A 192.0.2.1\nwww.Example.org. 60 IN A 192.0.2.2'],
                         [each.to_text() for each in read.answer])
        self.assertEqual(['Example.org. 60 IN NS ns.example.org.'],
                         [each.to_text() for each in read.authority])
        self.assertEqual(['ns.Example.org. 0 IN A 192.0.2.3'],
                         [each.to_text() for each in read.additional])
        self.assertEqual(1, packet.count(b'\7Example\3org\0'))

    def test_each_signature_has_the_ttl_of_what_it_signs(self):
        signed = wire.Records('www.example.org.', dns.rdatatype.RRSIG, 5, rdata.join([
            dns.rdata.from_text('IN', 'RRSIG', f'{type_} 13 2 {ttl} 20300101000000 20260101000000 '
                                               '1 example.org. AA==').to_wire()
            for type_, ttl in (('A', 60), ('MX', 3600))]))
        for some in (signed, signed._replace(data=signed.data[:len(signed.data) // 2])):
            read = wire.render(b'\0', some)
            self.assertEqual([ttl for ttl, _ in zip((60, 3600), read)],
                             [int.from_bytes(each[5:9], 'big') for each in read])

    def test_the_question_comes_back_to_the_letter(self):
        asked = request('wWw.eXample.ORG.')
        packet = wire.encode(asked, wire.Reply(rcode=dns.rcode.REFUSED))
        self.assertEqual(asked.questions[0].wire, packet[12:])
        self.assertEqual(dns.rcode.REFUSED, self.read(packet).rcode())

    def test_owners_with_escapes(self):
        reply = wire.Reply(zone='example.org.',
                           answer=[records('www.example.org.', 'CNAME', 'a.example.org.')._replace(
                               name='a\\.b.x.example.org.')])
        read = self.read(wire.encode(request('a\\.b.x.example.org.'), reply))
        self.assertEqual(dns.name.from_text('a\\.b.x.example.org.'), read.answer[0].name)
        read = self.read(wire.encode(request('y.example.org.'), reply))
        self.assertEqual(dns.name.from_text('a\\.b.x.example.org.'), read.answer[0].name)

    def test_edns_is_answered_with_edns(self):
        read = self.read(wire.encode(request(use_edns=0, want_dnssec=True), wire.Reply()))
        self.assertEqual((0, wire.UDP_SIZE, dns.flags.DO),
                         (read.edns, read.payload, read.ednsflags))
        self.assertEqual(-1, self.read(wire.encode(request(), wire.Reply())).edns)

    def test_an_extended_rcode(self):
        packet = wire.encode(request(use_edns=0), wire.Reply(rcode=dns.rcode.BADVERS))
        self.assertEqual(dns.rcode.BADVERS, self.read(packet).rcode())

    def test_several_questions_are_not_repeated(self):
        query = dns.message.make_query('example.org.', 'A').to_wire()
        twice = query[:4] + struct.pack('!H', 2) + query[6:] + query[12:]
        packet = wire.encode(wire.decode(twice), wire.Reply(rcode=dns.rcode.REFUSED))
        self.assertEqual(12, len(packet))

    def addresses(self, count: int) -> wire.Records:
        return records('www.Example.org.', 'A', *(f'192.0.2.{i}' for i in range(count)))

    def test_additional_records_are_left_out_first(self):
        reply = wire.Reply(authoritative=True, zone='Example.org.', answer=[self.addresses(1)],
                           additional=[self.addresses(100)])
        read = self.read(wire.encode(request(), reply, 512))
        self.assertEqual((1, 0), (len(read.answer[0]), len(read.additional)))
        self.assertFalse(read.flags & dns.flags.TC)

    def test_a_referral_without_its_glue_is_truncated(self):
        reply = wire.Reply(zone='Example.org.', authority=[self.addresses(1)],
                           additional=[self.addresses(100)])
        read = self.read(wire.encode(request(), reply, 512))
        self.assertEqual((1, 0), (len(read.authority[0]), len(read.additional)))
        self.assertTrue(read.flags & dns.flags.TC)

    def test_truncation(self):
        reply = wire.Reply(authoritative=True, zone='Example.org.', answer=[self.addresses(100)])
        packet = wire.encode(request(use_edns=0), reply, 1232)
        self.assertLess(len(packet), 64)
        read = self.read(packet)
        self.assertTrue(read.flags & dns.flags.TC)
        self.assertEqual((0, [], 0), (read.rcode(), read.answer, read.edns))

    def test_a_message_that_just_fits_is_whole(self):
        reply = wire.Reply(authoritative=True, zone='Example.org.', answer=[self.addresses(20)])
        size = len(wire.encode(request(), reply))
        self.assertEqual(size, len(wire.encode(request(), reply, size)))
        self.assertLess(len(wire.encode(request(), reply, size - 1)), 64)
