# SPDX-License-Identifier: Apache-2.0
"""Secondary zones at central: what a transfer leaves alone."""
import base64
import zlib

from designate_like import resources
from designate_like import store
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

    def setUp(self) -> None:
        super().setUp()
        self.inbound = inbound.Inbound(self.collaborators)

    def transferred(self, zone: resources.Zone, serial: int, base: int | None,
                    address: str = '192.0.2.1') -> resources.Zone:
        """Have a whole transfer reported; returns the zone as it is then."""
        self.inbound.transferred(fixture.ADMIN, zone.id, base=base, soa={**SOA, 'serial': serial},
                                 whole=True, removed=packed(), added=packed(('A', 0, address)))
        return self.row(zone)

    def secondary(self, serial: int) -> resources.Zone:
        """A zone that was transferred."""
        zone = self.transferred(self.zone(type='SECONDARY', masters=['192.0.2.1']), serial, None)
        self.assertEqual((serial, serial), (zone.serial, zone.master_serial))
        return zone

    def test_versions_of_ours_do_not_hide_those_of_the_master(self):
        zone = self.secondary(7)
        self.settle(zone)
        self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, {'ns_records': [
            resources.NsRecord(hostname='new.example.net.', priority=1)]})
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        zone = self.row(zone)
        self.assertEqual((8, 7, SOA['mname']), (zone.serial, zone.master_serial, zone.mname))
        zone = self.transferred(zone, 8, 7, '192.0.2.2')
        self.assertEqual((9, 8), (zone.serial, zone.master_serial))
        zone = self.transferred(zone, 20, 8, '192.0.2.3')
        self.assertEqual((20, 20), (zone.serial, zone.master_serial))

    def test_a_transfer_from_another_version_of_the_master_is_too_late(self):
        zone = self.transferred(self.secondary(7), 8, 7, '192.0.2.2')
        for base in (None, 7):
            self.assertEqual(zone, self.transferred(zone, 8, base, '192.0.2.3'))

    def test_a_zone_that_has_expired_is_announced_when_a_master_is_back(self):
        zone = self.secondary(7)
        for seconds, told in ((600, []), (601, [zone.id])):
            self.clock.forward(seconds)
            self.worker.casts.clear()
            self.inbound.refreshed(fixture.ADMIN, zone.id)
            there = self.worker.told('deploy')
            self.assertEqual(told, [each['zone'].id for each in there])
            self.assertFalse(any(each['zone'].is_stale for each in there))

    def test_a_zone_that_has_expired_is_in_error(self):
        zone = self.secondary(7)
        self.settle(zone)
        self.assertEqual(('NONE', 'ACTIVE'), self.row(zone).state)
        self.assertEqual([0, 0, 2], self.seen(zone))
        self.clock.forward(601)
        self.assertEqual(('UPDATE', 'ERROR'), self.row(zone).state)
        self.assertEqual([1, 2, 0], self.seen(zone))
        self.inbound.refreshed(fixture.ADMIN, zone.id)
        self.assertEqual(('NONE', 'ACTIVE'), self.row(zone).state)
        self.assertEqual([0, 0, 2], self.seen(zone))
        self.clock.forward(601)
        self.zones.delete(self.alpha, zone.id)
        self.assertEqual(('DELETE', 'PENDING'), self.row(zone).state)
        self.assertEqual([0, 0, 0], self.seen(zone))

    def seen(self, zone: resources.Zone) -> list[int]:
        """How many zones are in ERROR, and recordsets wait for a version or are ACTIVE."""
        zones = self.zones.find(self.alpha, {'status': 'ERROR'}, None, 9, 'status', 'asc')
        with self.store.read() as tx:
            census = store.reports.census(tx)
        self.assertEqual(len(zones['items']), census['ERROR'])
        self.assertEqual(1, sum(census.values()))
        found = [self.recordsets.find(self.alpha, zone.id, filters, None, 9, 'name', 'asc', True)
                 for filters in ({'action': 'UPDATE', 'status': 'ERROR'}, {'status': 'ACTIVE'})]
        for each in (item for page in found for item in page['items']):
            self.assertEqual(self.row(zone).state, each.state)
        return [len(zones['items']), *(page['total'] for page in found)]

    def test_new_masters_may_have_lower_serials(self):
        zone = self.secondary(500)
        self.zones.update(self.alpha, zone.id, {'masters': ['192.0.2.2']})
        self.assertIsNone(self.row(zone).master_serial)
        zone = self.transferred(zone, 5, None, '192.0.2.2')
        self.assertEqual((501, 5), (zone.serial, zone.master_serial))

    def test_what_was_asked_for_anew_and_is_the_same_makes_no_version(self):
        zone = self.secondary(7)
        self.zone_tasks.xfr(self.alpha, zone.id)
        self.assertIsNone(self.row(zone).master_serial)
        self.clock.forward(10)
        again = self.transferred(zone, 7, None)
        self.assertEqual((7, 7), (again.serial, again.master_serial))
        self.assertGreater(again.expire_at, zone.expire_at)

    def test_a_difference_leaves_the_other_types_of_a_name_alone(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        self.inbound.transferred(fixture.ADMIN, zone.id, base=None, soa={**SOA, 'serial': 7},
                                 whole=True, removed=packed(),
                                 added=packed(('A', 0, '192.0.2.1'), ('AAAA', 60, '::1')))
        self.inbound.transferred(fixture.ADMIN, zone.id, base=7, soa={**SOA, 'serial': 8},
                                 whole=False, removed=packed(('AAAA', 60, '::1')),
                                 added=packed(('AAAA', 60, '::2')))
        found = {each.type: each for each in self.rows(zone) if each.name == NAME}
        self.assertEqual((0, 1, ['192.0.2.1']),
                         (found['A'].ttl, found['A'].version, found['A'].records))
        self.assertEqual((60, 2, ['::2']),
                         (found['AAAA'].ttl, found['AAAA'].version, found['AAAA'].records))

    def test_a_difference_may_spell_a_name_otherwise(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        self.inbound.transferred(fixture.ADMIN, zone.id, base=None, soa={**SOA, 'serial': 7},
                                 whole=True, removed=packed(),
                                 added=packed(('MX', 60, '10 a.example.'),
                                              ('MX', 60, '20 b.example.'),
                                              ('MX', 60, '30 c.example.')))
        self.inbound.transferred(fixture.ADMIN, zone.id, base=7, soa={**SOA, 'serial': 8},
                                 whole=False, removed=packed(('MX', 60, '10 A.example.')),
                                 added=packed(('MX', 60, '20 B.example.')))
        found, = [each for each in self.rows(zone) if each.type == 'MX']
        self.assertEqual(['30 c.example.', '20 B.example.'], found.records)
