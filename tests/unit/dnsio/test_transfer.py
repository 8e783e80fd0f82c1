# SPDX-License-Identifier: Apache-2.0
"""What is taken of the records that a master sends."""
from unittest import mock

import dns.exception
import dns.name
import dns.rdataset

from designate_like.dnsio import transfer
from tests import base


class DifferenceTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.difference = transfer.Difference(dns.name.from_text('example.org.'))

    def add(self, name: str, address: str = '192.0.2.1') -> None:
        self.difference.add(dns.name.from_text(name),
                            dns.rdataset.from_text('IN', 'A', 60, address))

    def test_what_is_not_in_the_zone_is_left_out(self):
        self.add('www.bank.example.')
        self.add('notexample.org.')
        self.assertEqual(b'', self.difference.added)
        self.difference.delete_exact(dns.name.from_text('www.bank.example.'),
                                     dns.rdataset.from_text('IN', 'A', 60, '192.0.2.1'))
        self.assertEqual(b'', self.difference.removed)
        self.add('EXAMPLE.org.')
        self.add('www.example.org.')
        self.assertEqual(2, self.difference.added.count(bytes([192, 0, 2, 1])))

    def test_too_many_records(self):
        with mock.patch.object(transfer, 'MOST_RECORDS', 3), \
                self.assertRaisesRegex(dns.exception.FormError, 'more than 3 records'):
            for number in range(10):
                self.add(f'a{number}.example.org.')
        self.assertLess(self.difference.added.count(bytes([192, 0, 2, 1])), 10)

    def test_what_comes_and_goes_again_does_not_count(self):
        www = dns.name.from_text('www.example.org.')
        self.add('www.example.org.')
        self.difference.delete_exact(www, dns.rdataset.from_text('IN', 'A', 60, '192.0.2.1'))
        self.assertEqual((b'', b''), (self.difference.removed, self.difference.added))
