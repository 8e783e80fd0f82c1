# SPDX-License-Identifier: Apache-2.0
"""What the guardian asks of central: which zones, their fingerprints, samples, and orphans."""
import unittest.mock
from collections import Counter

import dns.name
import dns.rdataset

from designate_like import store
from designate_like.central import guardian
from designate_like.resources import digest
from tests.functional.central import fixture

SERVER = {'pool_id': fixture.DEFAULT_POOL, 'host': '192.0.2.1', 'port': 53}


class TestCase(fixture.TestCase):

    def gone(self, name: str = 'gone.example.'):
        zone = self.zone(name)
        self.remove(zone)
        return zone


class VerifyTest(TestCase):

    def test_the_settled_zones_are_handed_over_once_each(self):
        self.set('quota_zones', -1)
        zones = [self.zone(f'z{index}.example.') for index in range(130)]
        for zone in zones[5:]:
            self.settle(zone)
        self.zones.delete(self.alpha, zones[5].id)
        self.worker.casts.clear()
        self.assertEqual(124, self.guardian.verify(fixture.ADMIN, fixture.ALL_SHARDS))
        told = [zone.id for each in self.worker.told('verify') for zone in each['zones']]
        self.assertEqual(sorted(zone.id for zone in zones[6:]), sorted(told))

    def looked_for(self) -> list[str]:
        self.worker.casts.clear()
        self.guardian.verify(fixture.ADMIN, list(fixture.ALL_SHARDS))
        return [zone.name for each in self.worker.told('look_for') for zone in each['zones']]

    def test_deleted_zones_are_looked_for_until_the_purge(self):
        self.zone()
        gone = self.gone()
        self.assertEqual([gone.name], self.looked_for())
        self.clock.forward(100)
        self.upkeep.purge(fixture.ADMIN, fixture.ALL_SHARDS, 50)
        self.assertEqual([], self.looked_for())

    def test_a_deleted_zone_of_which_there_is_one_again(self):
        self.gone()
        self.zone('Gone.example.')
        self.assertEqual([], self.looked_for())

    def test_an_abandoned_zone_is_let_be(self):
        zone = self.zone()
        self.zone_tasks.abandon(fixture.ADMIN, zone.id)
        self.assertEqual([], self.looked_for())


class DigestTest(TestCase):

    def digest(self, zone):
        return self.guardian.digest(fixture.ADMIN, zone.id)

    def test_it_is_that_of_the_records_without_the_soa(self):
        zone = self.zone()
        made = self.recordset(zone, records=['192.0.2.1', '192.0.2.2'], ttl=60)
        wanted = digest.Sum()
        for name, type_, ttl, texts in [
                ('example.org.', 'NS', zone.ttl, ['ns1.example.net.', 'ns2.example.net.']),
                ('www.example.org.', 'A', 60, ['192.0.2.1', '192.0.2.2'])]:
            wanted.add(dns.name.from_text(name).to_wire(), ttl,
                       dns.rdataset.from_text('IN', type_, ttl, *texts))
        self.assertEqual({'serial': made.serial, 'digest': wanted.digest.text, 'count': 4},
                         self.digest(zone))

    def test_the_ttl_of_the_zone_counts_where_there_is_no_other(self):
        zone = self.zone()
        self.recordset(zone)
        before = self.digest(zone)
        self.change_zone(zone, ttl=zone.ttl + 1)
        after = self.digest(zone)
        self.assertNotEqual(before['digest'], after['digest'])
        self.assertNotEqual(before['serial'], after['serial'])


class SampleTest(TestCase):

    def sample(self, zone, count: int = 20) -> dict[tuple[str, str], str]:
        drawn = self.guardian.sample(fixture.ADMIN, zone.id, count)
        self.assertEqual(self.row(zone).serial, drawn['serial'])
        return {(each['name'], each['type']): each['digest'] for each in drawn['rrsets']}

    def test_a_small_zone_comes_whole(self):
        zone = self.zone()
        self.recordset(zone, ttl=60)
        drawn = self.sample(zone, 2)
        self.assertEqual({('example.org.', 'NS'), ('www.example.org.', 'A')}, drawn.keys())
        wanted = digest.of_rrset(dns.name.from_text('www.example.org.'),
                                 dns.rdataset.from_text('IN', 'A', 60, '192.0.2.1'))
        self.assertEqual(wanted.text, drawn['www.example.org.', 'A'])

    def test_each_comes_as_often_as_any_other(self):
        zone = self.zone()
        for index in range(8):
            self.recordset(zone, f'r{index}.example.org.')
        seen: Counter[tuple[str, str]] = Counter()
        with unittest.mock.patch.object(guardian.random, 'randrange') as draw:
            draw.side_effect = every = range(-2, 9)
            for _ in every:
                seen.update(list(self.sample(zone, 3)))
        self.assertEqual(len(every) * [unittest.mock.call(-2, 9)], draw.call_args_list)
        self.assertEqual(9 * [3], list(seen.values()))

    def test_names_in_child_zones_are_left_out(self):
        zone = self.zone()
        for name in ('a.child.example.org.', 'child.example.org.', 'other.example.org.'):
            self.recordset(zone, name)
        self.zone('Child.example.org.')
        drawn = self.sample(zone)
        self.assertEqual({'example.org.', 'other.example.org.'}, {name for name, _ in drawn})


class OrphansTest(TestCase):

    def found(self, server=SERVER) -> list[str]:
        return self.orphans.find(fixture.ADMIN, **server)

    def report(self, *names: str, server=SERVER) -> None:
        self.orphans.report(fixture.ADMIN, **server, names=list(names))

    def test_what_is_unknown(self):
        self.zone('Here.example.')
        self.zone_tasks.abandon(fixture.ADMIN, self.zone('abandoned.example.').id)
        self.gone()
        asked = ['here.example.', 'abandoned.example.', 'gone.example.', 'never.example.']
        self.assertEqual(asked[2:], self.orphans.unknown(fixture.ADMIN, asked))

    def test_one_is_told_of_once(self):
        with self.assertLogs('designate_like.central.orphans') as logged:
            self.report('a.example.', 'b.example.')
            self.report('a.example.', 'c.example.')
            self.report('a.example.')
        self.assertEqual(3, len(logged.output))
        self.assertEqual(['a.example.', 'b.example.', 'c.example.'], self.found())

    def test_they_are_forgotten(self):
        other = {**SERVER, 'port': 54}
        with self.assertLogs('designate_like.central.orphans'):
            self.report('a.example.', 'b.example.')
            self.report('a.example.', server=other)
        self.orphans.forget(fixture.ADMIN, **SERVER, names=['a.example.'])
        self.assertEqual((['b.example.'], ['a.example.']), (self.found(), self.found(other)))
        self.orphans.keep(fixture.ADMIN, fixture.DEFAULT_POOL, [['192.0.2.1', 54]])
        self.assertEqual(([], ['a.example.']), (self.found(), self.found(other)))
        self.orphans.keep(fixture.ADMIN, fixture.DEFAULT_POOL, [])
        self.assertEqual([], self.found(other))

    def test_with_the_pool(self):
        self.pool()
        server = {**SERVER, 'pool_id': fixture.OTHER_POOL}
        with self.assertLogs('designate_like.central.orphans'):
            self.report('a.example.', server=server)
        with self.store.write() as tx:
            store.pools.delete(tx, fixture.OTHER_POOL)
        self.assertEqual([], self.found(server))

    def test_an_audit_of_the_pools_within_a_range_of_shards(self):
        self.pool()
        self.orphans.audit(fixture.ADMIN, (0, 0x222))
        self.assertEqual([], self.worker.told('audit'))
        self.orphans.audit(fixture.ADMIN, [0x222, 0x223])
        self.assertEqual([{'pool_id': fixture.OTHER_POOL, 'pool_version': 1}],
                         self.worker.told('audit'))
        self.orphans.audit(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual(2, len(self.worker.told('audit')))
