# SPDX-License-Identifier: Apache-2.0
"""Hosts with ports as text."""
from designate_like.resources import addresses
from tests import base

SPLIT = [
    ('192.0.2.1', ('192.0.2.1', 53)),
    ('192.0.2.1:5354', ('192.0.2.1', 5354)),
    ('ns1.example.org.', ('ns1.example.org.', 53)),
    ('ns1.example.org.:54', ('ns1.example.org.', 54)),
    ('2001:db8::1', ('2001:db8::1', 53)),
    ('[2001:db8::1]', ('2001:db8::1', 53)),
    ('[2001:db8::1]:54', ('2001:db8::1', 54)),
    # What follows the colon is no port.
    ('192.0.2.1:', ('192.0.2.1', 0)),
    ('192.0.2.1:dns', ('192.0.2.1', 0)),
    ('192.0.2.1:-1', ('192.0.2.1', 0)),
    ('192.0.2.1:٣', ('192.0.2.1', 0)),
    ('[2001:db8::1]54x', ('2001:db8::1', 0)),
    ('[2001:db8::1]:', ('2001:db8::1', 0)),
    ('', ('', 53)),
]
HOSTS = ['192.0.2.1', '::1', '2001:db8::1', '::ffff:192.0.2.1', 'localhost', 'ns1.example.org',
         'ns1.example.org.', 'a_b.example', '0x1.example']
NOT_HOSTS = ['', '.', '192.0.2', '192.0.2.256', '1', '192.0.2.1.', 'a b', '-a.example', 'a..b',
             'ns1.example.org..', 'fe80::1%eth0', '[::1]', 'http://a', '2001:db8::g', '*.example',
             'bücher.example']


class AddressesTest(base.TestCase):

    def test_split(self):
        for text, parts in SPLIT:
            with self.subTest(text=text):
                self.assertEqual(parts, addresses.split(text, 53))

    def test_join(self):
        for parts, text in [(('192.0.2.1', 53), '192.0.2.1:53'), (('::1', 53), '[::1]:53'),
                            (('ns.example.', 1), 'ns.example.:1')]:
            with self.subTest(parts=parts):
                self.assertEqual(text, addresses.join(*parts))
                self.assertEqual(parts, addresses.split(text, 0))

    def test_a_port_that_goes_unsaid(self):
        self.assertEqual('::1', addresses.join('::1', 53, unsaid=53))
        self.assertEqual('[::1]:54', addresses.join('::1', 54, unsaid=53))

    def test_hosts(self):
        for text in HOSTS:
            with self.subTest(text=text):
                self.assertTrue(addresses.is_host(text))

    def test_not_hosts(self):
        for text in NOT_HOSTS:
            with self.subTest(text=text):
                self.assertFalse(addresses.is_host(text))
