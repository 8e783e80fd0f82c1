# SPDX-License-Identifier: Apache-2.0
"""The SOA that a zone makes: its text and its wire form say the same."""
import datetime
from typing import Any

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import hypothesis
from hypothesis import strategies

from designate_like import resources
from designate_like.resources import soa
from designate_like.resources import types
from tests import base

_WORDS = strategies.text('abcXYZ019_-', min_size=1, max_size=8).filter(
    lambda word: word[0] != '-' and word[-1] != '-')
_DOTTED = strategies.lists(_WORDS, min_size=1, max_size=3).map('.'.join)
EMAILS = strategies.builds('{}@{}'.format, _DOTTED, _DOTTED)


def zone(**fields: Any) -> resources.Zone:
    return resources.Zone(**{
        'id': '11111111-1111-4111-8111-111111111111', 'pool_id': None, 'project_id': 'alpha',
        'name': 'Example.org.', 'key': 'org.example.', 'email': 'host.master@example.org',
        'ttl': 300, 'serial': 7, 'created_at': datetime.datetime(2026, 1, 1),
        'mname': 'ns1.example.net.', 'refresh': 1, 'retry': 2, 'expire': 3, 'minimum': 4,
        **fields})


class SoaTest(base.TestCase):

    def test_text(self):
        self.assertEqual('ns1.example.net. host\\.master.example.org. 7 1 2 3 4',
                         soa.text(zone()))

    def test_the_serial_is_shown_with_32_bits(self):
        self.assertIn(' 1 1 2 3 4', soa.text(zone(serial=2**32 + 1)))
        self.assertEqual(soa.rdata(zone(serial=1)), soa.rdata(zone(serial=2**32 + 1)))

    def test_a_zone_without_name_servers(self):
        self.assertTrue(soa.text(zone(mname=None)).startswith('invalid. '))

    def test_rname(self):
        for email, name in [('a@b', 'a.b.'), ('a.b.c@d.e', 'a\\.b\\.c.d.e.'),
                            ('a_b-c@d', 'a_b-c.d.')]:
            with self.subTest(email=email):
                self.assertEqual(name, soa.rname(email))

    def test_another_serial(self):
        self.assertEqual(soa.rdata(zone(serial=9)), soa.rdata(zone(), serial=9))
        self.assertEqual(soa.record(zone(serial=9)), soa.record(zone(), serial=9))

    def test_record(self):
        head = b'\7Example\3org\0' b'\0\6' b'\0\1' b'\0\0\1\x2c'
        data = soa.rdata(zone())
        self.assertEqual(head + len(data).to_bytes(2) + data, soa.record(zone()))

    @hypothesis.given(EMAILS)
    def test_text_and_wire_agree(self, email):
        made = zone(email=types.Email().parse(email))
        expected = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.SOA, soa.text(made))
        self.assertEqual(expected.to_wire(), soa.rdata(made))
