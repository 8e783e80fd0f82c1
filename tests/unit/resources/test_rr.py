# SPDX-License-Identifier: Apache-2.0
"""Resource records in wire form."""
import dns.rdata

from designate_like.resources import rdata
from designate_like.resources import rr
from tests import base


class EncodeTest(base.TestCase):

    def test_no_record(self):
        self.assertEqual(b'', rr.encode('a.example.', 'A', 60, b''))

    def test_one_record(self):
        self.assertEqual(b'\1a\7example\0' b'\0\1\0\1\0\0\0\x3c' b'\0\4\xc0\0\2\1', rr.encode(
            'a.example.', 'A', 60, rdata.join([b'\xc0\0\2\1'])))

    def test_several_records_in_order(self):
        head = b'\1*\1a\0' b'\0\x10\0\1\0\0\0\0'
        self.assertEqual(head + b'\0\2\1x' + head + b'\0\1\0', rr.encode(
            '*.a.', 'TXT', 0, rdata.join([b'\1x', b'\0'])))

    def test_each_signature_has_the_ttl_of_what_it_signs(self):
        signed = [dns.rdata.from_text('IN', 'RRSIG', text).to_wire() for text in (
            'A 13 2 60 20300101000000 20260101000000 1 a. AA==',
            'MX 13 2 3600 20300101000000 20260101000000 1 a. AA==')]
        self.assertEqual([('a.', 'RRSIG', 60, signed[0]), ('a.', 'RRSIG', 3600, signed[1])],
                         list(rr.decode(rr.encode('a.', 'RRSIG', 5, rdata.join(signed)))))

    def test_large_records_and_the_largest_ttl(self):
        data = b'\xff' * 65535
        encoded = rr.encode('a.', 'TXT', 2**31 - 1, rdata.join([data]))
        self.assertEqual(b'\1a\0\0\x10\0\1\x7f\xff\xff\xff\xff\xff' + data, encoded)
