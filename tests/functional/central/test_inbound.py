# SPDX-License-Identifier: Apache-2.0
"""Secondary zones at central: what a transfer leaves alone."""
import base64
import zlib

from designate_like.central import inbound
from designate_like.resources import rdata
from designate_like.resources import rr
from tests.functional.central import fixture

SOA = {'mname': 'ns1.master.example.', 'email': 'host@master.example', 'refresh': 60, 'retry': 6,
       'expire': 600, 'minimum': 30, 'ttl': 300}
NAME = 'www.example.org.'


def packed(*records: tuple[str, int, str]) -> str:
    """Records of one name, as the worker reports them."""
    wire = b''.join(rr.encode(NAME, type_, ttl, rdata.join([rdata.parse(type_, text, NAME)]))
                    for type_, ttl, text in records)
    return base64.b64encode(zlib.compress(wire)).decode()


class InboundTest(fixture.TestCase):

    def test_a_difference_leaves_the_other_types_of_a_name_alone(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        endpoint = inbound.Inbound(self.collaborators)
        endpoint.transferred(fixture.ADMIN, zone.id, base=None, soa={**SOA, 'serial': 7},
                             whole=True, removed=packed(),
                             added=packed(('A', 0, '192.0.2.1'), ('AAAA', 60, '::1')))
        endpoint.transferred(fixture.ADMIN, zone.id, base=7, soa={**SOA, 'serial': 8},
                             whole=False, removed=packed(('AAAA', 60, '::1')),
                             added=packed(('AAAA', 60, '::2')))
        found = {each.type: each for each in self.rows(zone) if each.name == NAME}
        self.assertEqual((0, 1, ['192.0.2.1']),
                         (found['A'].ttl, found['A'].version, found['A'].records))
        self.assertEqual((60, 2, ['::2']),
                         (found['AAAA'].ttl, found['AAAA'].version, found['AAAA'].records))

    def test_a_difference_may_spell_a_name_otherwise(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        endpoint = inbound.Inbound(self.collaborators)
        endpoint.transferred(fixture.ADMIN, zone.id, base=None, soa={**SOA, 'serial': 7},
                             whole=True, removed=packed(),
                             added=packed(('MX', 60, '10 a.example.'), ('MX', 60, '20 b.example.'),
                                          ('MX', 60, '30 c.example.')))
        endpoint.transferred(fixture.ADMIN, zone.id, base=7, soa={**SOA, 'serial': 8},
                             whole=False, removed=packed(('MX', 60, '10 A.example.')),
                             added=packed(('MX', 60, '20 B.example.')))
        found, = [each for each in self.rows(zone) if each.type == 'MX']
        self.assertEqual(['30 c.example.', '20 B.example.'], found.records)
