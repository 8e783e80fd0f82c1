# SPDX-License-Identifier: Apache-2.0
"""Record data: the table of accepted texts, the rules of owners, the stored form, fuzz."""
import struct
import unittest

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import hypothesis
from hypothesis import strategies

from designate_like.resources import names
from designate_like.resources import rdata
from tests.unit.resources import rdata_texts

OWNER = 'www.example.org.'


def read_back(kind: str, wire: bytes) -> dns.rdata.Rdata:
    """What a name server would make of the wire form."""
    return dns.rdata.from_wire(dns.rdataclass.IN, rdata.TYPES[kind].number, wire, 0, len(wire))


class TextsTest(unittest.TestCase):
    def test_every_type_has_texts_of_both_sorts(self):
        self.assertEqual(17, len(rdata.TYPES))
        self.assertEqual(set(rdata.TYPES), set(rdata_texts.ACCEPTED))
        self.assertEqual(set(rdata.TYPES), set(rdata_texts.REJECTED))

    def test_numbers_are_the_registered_ones(self):
        for kind, record_type in rdata.TYPES.items():
            self.assertEqual(dns.rdatatype.from_text(kind), record_type.number)

    def test_accepted(self):
        for kind, texts in rdata_texts.ACCEPTED.items():
            for text, expected in texts.items():
                with self.subTest(kind=kind, text=text):
                    wire = rdata.parse(kind, text, OWNER)
                    self.assertEqual(expected, str(read_back(kind, wire)))
                    self.assertEqual(wire, read_back(kind, wire).to_wire())

    def test_rejected(self):
        for kind, texts in rdata_texts.REJECTED.items():
            for text in texts:
                with self.subTest(kind=kind, text=text):
                    with self.assertRaisesRegex(ValueError, rf'a valid {kind} record: .+\w.*\.$'):
                        rdata.parse(kind, text, OWNER)

    def test_unknown_type(self):
        for kind in ('a', 'DNAME', '', 'TYPE1', 'ANY'):
            with self.assertRaisesRegex(ValueError, 'not a supported record type'):
                rdata.parse(kind, '192.0.2.1', OWNER)

    def test_a_sentence_names_the_rule(self):
        for kind, text, rule in [('SSHFP', '1 1 0123456789', 'must have 40 digits'),
                                 ('TLSA', '3 1 2 aabb', 'must have 128 digits'),
                                 ('HTTPS', '1 t. ech=Zm9v', 'must be an ECHConfigList'),
                                 ('HTTPS', '0 t. port=1', 'there may be no parameters'),
                                 ('MX', '010 a.', 'preference must be a number from 0 to 65535'),
                                 ('TXT', '\ud800', 'no UTF-8 form')]:
            with self.subTest(kind=kind, text=text):
                with self.assertRaisesRegex(ValueError, rule):
                    rdata.parse(kind, text, OWNER)

    def test_an_error_repeats_only_the_start_of_a_long_text(self):
        for kind in rdata.TYPES:
            with self.assertRaises(ValueError) as caught:
                rdata.parse(kind, '"' + 'a' * 100000, OWNER)
            self.assertLess(len(str(caught.exception)), 400)


class DistinctTest(unittest.TestCase):
    def test_names_are_without_case_where_rfc_4034_says_so(self):
        for kind, first, second in [
                ('MX', '10 a.example.', '10 A.example.'), ('NS', 'a.example.', 'a.Example.'),
                ('CNAME', 'a.', 'A.'), ('PTR', 'a.', 'A.'), ('SRV', '1 2 3 a.', '1 2 3 A.'),
                ('NAPTR', '1 1 "S" "" "" a.', '1 1 "S" "" "" A.'),
                ('AAAA', '::1', '0::1'), ('TXT', 'a', '"a"')]:
            with self.subTest(kind=kind):
                one, other = rdata.parse(kind, first, OWNER), rdata.parse(kind, second, OWNER)
                self.assertEqual([one], rdata.distinct(kind, [one, other]))
                self.assertEqual([other], rdata.distinct(kind, [other, one]))

    def test_what_is_not_the_same(self):
        for kind, first, second in [
                ('MX', '10 a.', '20 a.'), ('TXT', '"a"', '"A"'), ('SVCB', '1 a.', '1 A.')]:
            with self.subTest(kind=kind):
                both = [rdata.parse(kind, text, OWNER) for text in (first, second)]
                self.assertEqual(both, rdata.distinct(kind, both))


class StringsTest(unittest.TestCase):
    def test_a_long_spf_goes_on_in_the_next_string(self):
        wire = rdata.parse('SPF', '"' + 'a' * 300 + '"', OWNER)
        self.assertEqual((b'a' * 255, b'a' * 45), read_back('SPF', wire).strings)

    def test_pieces_stay_apart(self):
        text = f'"{"a" * 253}" "" "b"'
        for kind in ('TXT', 'SPF'):
            wire = rdata.parse(kind, text, OWNER)
            self.assertEqual((b'a' * 253, b'', b'b'), read_back(kind, wire).strings)

    def test_data_longer_than_a_record_can_be(self):
        with self.assertRaisesRegex(ValueError, '65535 are the most'):
            rdata.parse('SPF', 'a' * 65535, OWNER)
        self.assertEqual(65535, len(rdata.parse('SPF', 'a' * (65535 - 256), OWNER)))


class ServiceBindingTest(unittest.TestCase):
    def test_parameters_go_in_order_of_their_numbers(self):
        wire = rdata.parse('SVCB', '1 t. dohpath=/q{?dns} port=1 alpn=h2 mandatory=port,alpn',
                           OWNER)
        self.assertEqual(b'\0\1\1t\0' b'\0\0\0\4\0\1\0\3' b'\0\1\0\3\2h2' b'\0\3\0\2\0\1'
                         b'\0\7\0\10/q{?dns}', wire)

    def test_dohpath_is_required_of_dns_names_that_offer_doh(self):
        for owner in ('_dns.example.org.', '_DNS.example.org.', '_8443._dns.example.org.'):
            for alpn in ('h2', 'h3', 'http/1.1,h2'):
                with self.subTest(owner=owner, alpn=alpn):
                    with self.assertRaisesRegex(ValueError, 'dohpath is required'):
                        rdata.parse('SVCB', f'1 t. alpn={alpn}', owner)
                    rdata.parse('SVCB', f'1 t. alpn={alpn} dohpath=/q{{?dns}}', owner)
            rdata.parse('SVCB', '1 t. alpn=http/1.1', owner)
            rdata.parse('SVCB', '1 t.', owner)
            rdata.parse('HTTPS', '1 t. alpn=h2', owner)
        for owner in (OWNER, 'a._dns.example.org.', 'www._a._dns.example.org.', '.', ''):
            rdata.parse('SVCB', '1 t. alpn=h2', owner)


class OwnerTest(unittest.TestCase):
    allowed = {
        'NS': ['example.org.', 'sub.example.org.', '_a.example.org.'],
        'SRV': ['_sip._tcp.example.org.', '_a._b.c.', '_SIP._udp.a.b.c.d.'],
        'TLSA': ['_443._tcp.example.org.', '_0._udp.a.', '_65535._sctp.example.org.'],
        'A': ['*.example.org.', 'example.org.'],
        'SPF': ['*.sub.example.org.'],
        'CNAME': ['*.example.org.'],
        'NONESUCH': ['example.org.'],
    }
    refused = {
        'NS': ['*.example.org.'],
        'SRV': ['example.org.', 'sip._tcp.example.org.', '_sip.tcp.example.org.', '_sip._tcp.',
                '_._tcp.example.org.', '_sip._.example.org.', '*._tcp.example.org.', '_a._b'],
        'TLSA': ['example.org.', '443._tcp.example.org.', '_443.tcp.example.org.', '_443._tcp.',
                 '_65536._tcp.example.org.', '_https._tcp.example.org.', '*._tcp.example.org.',
                 '_0443._tcp.example.org.', '_99999999999._tcp.example.org.'],
    }

    def test_allowed(self):
        for kind, owners in self.allowed.items():
            for owner in owners:
                with self.subTest(kind=kind, owner=owner):
                    self.assertIsNone(rdata.owner_problem(kind, owner))

    def test_refused(self):
        for kind, owners in self.refused.items():
            for owner in owners:
                with self.subTest(kind=kind, owner=owner):
                    self.assertIn(owner, rdata.owner_problem(kind, owner))


class StoredFormTest(unittest.TestCase):
    def test_form(self):
        self.assertEqual(b'\0\1a\0\0\0\2bc', rdata.join([b'a', b'', b'bc']))

    @hypothesis.given(strategies.lists(strategies.binary(max_size=300)))
    def test_split_gives_back_what_was_joined(self, rdatas):
        self.assertEqual(rdatas, rdata.split(rdata.join(rdatas)))

    def test_the_longest_data(self):
        self.assertEqual([b'x' * 65535], rdata.split(rdata.join([b'x' * 65535])))
        with self.assertRaises(struct.error):
            rdata.join([b'x' * 65536])


_KINDS = strategies.sampled_from(sorted(rdata.TYPES))
_ALPHABET = strategies.one_of(strategies.sampled_from(' ".\\;()=,+!:/-@0129afZ_*#\n\t\u00e9'),
                              strategies.characters(codec=None))


@strategies.composite
def _nearly_right(draw) -> tuple[str, str]:
    """A type, and an accepted text of it in which one stretch gives way to something else."""
    kind = draw(_KINDS)
    text = draw(strategies.sampled_from(list(rdata_texts.ACCEPTED[kind])))
    start = draw(strategies.integers(0, len(text)))
    end = draw(strategies.integers(start, min(len(text), start + 4)))
    return kind, text[:start] + draw(strategies.text(_ALPHABET, max_size=4)) + text[end:]


class FuzzTest(unittest.TestCase):
    def check(self, kind: str, text: str, owner: str) -> None:
        try:
            wire = rdata.parse(kind, text, owner)
        except ValueError as error:
            self.assertRegex(str(error), r'(?s)\w.*\.$')
            str(error).encode()
            self.assertNotIsInstance(error, UnicodeError)
        else:
            self.assertEqual(wire, read_back(kind, wire).to_wire())

    @hypothesis.given(_KINDS, strategies.text(_ALPHABET), strategies.text(_ALPHABET))
    @hypothesis.settings(max_examples=400)
    def test_any_text(self, kind, text, owner):
        self.check(kind, text, owner)
        rdata.owner_problem(kind, owner)

    @hypothesis.given(_nearly_right(), strategies.sampled_from([OWNER, '_dns.a.', '*.b.']))
    @hypothesis.settings(max_examples=600)
    def test_nearly_right_text(self, pair, owner):
        self.check(*pair, owner)

    @hypothesis.given(strategies.text(_ALPHABET, max_size=700))
    @hypothesis.settings(max_examples=300)
    def test_strings_hold_the_octets_of_the_text(self, text):
        quoted = text.replace('\\', '').replace('"', '')
        try:
            wire = rdata.parse('TXT', f'"{quoted}"', OWNER)
        except ValueError:
            return
        self.assertEqual(quoted.encode(), b''.join(read_back('TXT', wire).strings))

    @hypothesis.given(strategies.text(_ALPHABET, max_size=40))
    def test_any_name_that_is_read_has_a_key_and_labels(self, text):
        self.assertTrue(names.is_below(text, '.'))
        self.assertEqual(len(names.labels(text)), sum(1 for _ in names.parents(text))
                         + (len(names.labels(text)) > 0))
