# SPDX-License-Identifier: Apache-2.0
"""Floating IPs: their ids, the names of their PTR records, and what a body may hold."""
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.resources import floatingips
from tests import base

UUID = '00000000-0000-4000-8000-000000000001'


class FloatingipTest(base.TestCase):

    def test_ids(self):
        for region in 'RegionOne', 'a.b_c-1', 'x' * 100:
            self.assertTrue(floatingips.is_id(f'{region}:{UUID}'), region)
        for text in ('', ':', UUID, f':{UUID}', 'RegionOne', 'RegionOne:', 'RegionOne:1',
                     f'Region One:{UUID}', f'a:b:{UUID}', f'a:{UUID}:', f'{"x" * 101}:{UUID}',
                     f'a\n:{UUID}', f'a:{UUID}\n', f'a:{UUID.upper().replace("8000", "800A")}'):
            self.assertFalse(floatingips.is_id(text), text)

    def test_names(self):
        for address, pointer, zone in (
                ('203.0.113.5', '5.113.0.203.in-addr.arpa.', '113.0.203.in-addr.arpa.'),
                ('0.0.0.255', '255.0.0.0.in-addr.arpa.', '0.0.0.in-addr.arpa.'),
                ('2001:DB8::a', 'a' + '.0' * 23 + '.8.b.d.0.1.0.0.2.ip6.arpa.',
                 '0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.')):
            with self.subTest(address):
                lent = resources.Floatingip(id=f'a:{UUID}', address=address)
                self.assertEqual((pointer, zone), (lent.pointer, lent.zone_name))

    def parse(self, **body: Any) -> dict[str, Any]:
        return resources.Floatingip.parse(body, 'update')

    def test_bodies(self):
        self.assertEqual({}, self.parse())
        self.assertEqual({'ptrdname': None}, self.parse(ptrdname=None))
        self.assertEqual({'ptrdname': 'a.example.', 'ttl': 60, 'description': None},
                         self.parse(ptrdname='a.example.', ttl='60', description=None))

    def test_bodies_that_are_refused(self):
        for body in ({'ptrdname': 'a.example'}, {'ptrdname': '*.example.'}, {'ptrdname': '.'},
                     {'ptrdname': 'a.example.', 'ttl': -1}, {'ttl': 60}, {'description': 'x'},
                     {'ptrdname': 'a.example.', 'description': 'x' * 161},
                     {'ptrdname': 'a.example.', 'address': '203.0.113.5'}):
            with self.subTest(body), self.assertRaises(errors.InvalidObject):
                self.parse(**body)

    def test_without_a_pointer(self):
        self.assertEqual(
            {'id': f'a:{UUID}', 'address': '203.0.113.5', 'ptrdname': None, 'ttl': None,
             'description': None, 'status': 'INACTIVE', 'action': 'NONE'},
            resources.Floatingip(id=f'a:{UUID}', address='203.0.113.5').view())
