# SPDX-License-Identifier: Apache-2.0
"""Reports of the worker in every order, and the sweeps of the producer."""
import itertools
import unittest.mock

from designate_like import resources
from designate_like import store
from designate_like.store import tables
from tests.functional.central import fixture
from tests.functional.central import test_quotas

NOBODY = '5850a862-d57a-4738-ab13-9875525d9f4f'


class SettleTest(fixture.TestCase):

    def test_one_statement_settles_the_zone_and_all_its_recordsets(self):
        zone = self.zone()
        for index in range(5):
            self.recordset(zone, f'r{index}.example.org.')
        self.assertTrue(self.settle(zone))
        self.assertEqual(('NONE', 'ACTIVE'), self.row(zone).state)
        self.assertEqual({('NONE', 'ACTIVE')}, {each.state for each in self.rows(zone)})

    def test_a_late_report_settles_what_was_there_by_then(self):
        zone = self.zone()
        early = self.recordset(zone, 'early.example.org.')
        late = self.recordset(zone, 'late.example.org.')
        self.assertTrue(self.settle(zone, early.serial))
        self.assertEqual(('UPDATE', 'PENDING'), self.row(zone).state)
        self.assertEqual(
            {'early.example.org.': ('NONE', 'ACTIVE'), 'late.example.org.': ('CREATE', 'PENDING')},
            {each.name: each.state for each in self.rows(zone, name='*.example.org.')})
        self.assertTrue(self.settle(zone, late.serial))
        self.assertEqual('ACTIVE', self.row(zone).status)

    def test_reports_in_every_order_and_twice(self):
        for turn, order in enumerate(itertools.permutations(range(4))):
            zone = self.zone(f'turn{turn}.example.', fixture.user(f'project{turn}'))
            shown = [zone.serial] + [self.recordset(
                zone, f'r{index}.{zone.name}', ctx=fixture.ADMIN).serial for index in range(3)]
            highest = 0
            for index in order + order:
                self.assertEqual(shown[index] > highest, self.settle(zone, shown[index]))
                highest = max(highest, shown[index])
                self.assertEqual(highest, self.row(zone).settled_serial)
            self.assertEqual('ACTIVE', self.row(zone).status)

    def test_a_serial_that_the_zone_does_not_have_yet(self):
        zone = self.zone()
        self.assertFalse(self.settle(zone, zone.serial + 1))
        self.assertEqual('PENDING', self.row(zone).status)

    def test_zones_that_are_leaving_or_gone(self):
        zone = self.zone()
        self.zones.delete(self.alpha, zone.id)
        self.assertFalse(self.settle(zone))
        self.assertEqual(('DELETE', 'PENDING'), self.row(zone).state)
        self.upkeep.removed(fixture.ADMIN, zone.id)
        for call in (lambda id_: self.upkeep.settle(
                fixture.ADMIN, id_, zone.serial, 1, zone.pool_id),
                     lambda id_: self.upkeep.fail(fixture.ADMIN, id_, zone.serial, 'x'),
                     lambda id_: self.upkeep.removed(fixture.ADMIN, id_)):
            for id_ in (zone.id, NOBODY):
                self.assertFalse(call(id_))

    def test_what_the_targets_were_told_never_goes_back(self):
        zone = self.zone()
        for serial, told, left in [(0, 3, 3), (1, 2, 3), (2, 5, 5)]:
            with self.store.write() as tx:
                store.zones.update(tx, zone.id, serial=zone.serial + serial)
            self.assertTrue(self.upkeep.settle(
                fixture.ADMIN, zone.id, zone.serial + serial, told, zone.pool_id))
            self.assertEqual(left, self.row(zone).told_version)


class FailTest(fixture.TestCase):

    def test_error_and_back(self):
        zone = self.zone()
        made = self.recordset(zone)
        serial = self.row(zone).serial
        self.assertTrue(self.upkeep.fail(fixture.ADMIN, zone.id, serial, 'no one answers'))
        self.assertEqual(('CREATE', 'ERROR'), self.row(zone).state)
        self.assertEqual(('CREATE', 'ERROR'), self.recordsets.get(
            self.alpha, zone.id, made.id).state)
        self.assertFalse(self.upkeep.fail(fixture.ADMIN, zone.id, serial, 'again'))
        self.assertTrue(self.settle(zone))
        self.assertEqual(('NONE', 'ACTIVE'), self.row(zone).state)
        self.assertEqual({('NONE', 'ACTIVE')}, {each.state for each in self.rows(zone)})

    def test_what_was_settled_before_stays_active(self):
        zone = self.zone()
        self.recordset(zone, 'old.example.org.')
        self.settle(zone)
        self.recordset(zone, 'new.example.org.')
        self.upkeep.fail(fixture.ADMIN, zone.id, self.row(zone).serial, 'gone')
        self.assertEqual(('UPDATE', 'ERROR'), self.row(zone).state)
        self.assertEqual({'old.example.org.': 'ACTIVE', 'new.example.org.': 'ERROR'},
                         {each.name: each.status for each in self.rows(zone, type='A')})

    def test_a_change_is_a_new_try(self):
        zone = self.zone()
        self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'gone')
        self.recordset(zone)
        self.assertEqual(('CREATE', 'PENDING'), self.row(zone).state)

    def test_late_failures(self):
        zone = self.zone()
        self.recordset(zone)
        self.assertFalse(self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'passed'))
        self.settle(zone)
        self.assertFalse(self.upkeep.fail(fixture.ADMIN, zone.id, self.row(zone).serial, 'late'))
        self.assertEqual('ACTIVE', self.row(zone).status)

    def test_a_deletion_that_fails_and_is_tried_again(self):
        zone = self.zone()
        self.settle(zone)
        self.zones.delete(self.alpha, zone.id)
        self.assertTrue(self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'gone'))
        self.assertEqual(('DELETE', 'ERROR'), self.row(zone).state)
        self.assertEqual(1, self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS))
        self.assertTrue(self.upkeep.removed(fixture.ADMIN, zone.id))

    def test_a_long_reason_is_cut(self):
        zone = self.zone()
        self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'x' * 5000)
        self.assertEqual(1000, len(self.row(zone).failed))


class RemovedTest(fixture.TestCase):

    def test_a_zone_that_is_not_leaving_stays(self):
        zone = self.zone()
        self.assertFalse(self.upkeep.removed(fixture.ADMIN, zone.id))
        self.assertEqual(zone, self.row(zone))


class SweepTest(fixture.TestCase):

    def swept(self, shards: tuple[int, int] = fixture.ALL_SHARDS) -> set[str]:
        self.worker.casts.clear()
        count = self.upkeep.sweep(fixture.ADMIN, shards)
        told = [each['zone'].id for each in self.worker.told('deploy')]
        self.assertEqual(count, len(told))
        self.assertEqual(count, len(set(told)))
        return set(told)

    def test_it_finds_what_is_not_settled(self):
        names = ('new', 'changed', 'failed', 'leaving', 'gone', 'settled')
        zones = {name: self.zone(f'{name}.example.') for name in names}
        for name in names[1:]:
            self.settle(zones[name])
        self.recordset(zones['changed'], 'a.changed.example.')
        self.change_zone(zones['failed'])
        self.upkeep.fail(fixture.ADMIN, zones['failed'].id, self.row(zones['failed']).serial, 'x')
        self.zones.delete(self.alpha, zones['leaving'].id)
        self.remove(zones['gone'])
        self.assertEqual({zones[name].id for name in names[:4]}, self.swept())
        for name in names[:3]:
            self.settle(zones[name])
        self.assertEqual({zones['leaving'].id}, self.swept())

    def test_the_worker_gets_the_zone_as_it_is(self):
        zone = self.zone()
        self.recordset(zone)
        self.worker.casts.clear()
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual([{'zone': self.row(zone)}], self.worker.told('deploy'))

    def test_shards_are_half_open_and_come_as_lists_over_the_bus(self):
        zones = [self.zone(f'z{index}.example.') for index in range(8)]
        middle = sorted(zone.shard for zone in zones)[4]
        lower, upper = self.swept([0, middle]), self.swept([middle, 4096])
        self.assertEqual({zone.id for zone in zones if zone.shard < middle}, lower)
        self.assertEqual({zone.id for zone in zones if zone.shard >= middle}, upper)


class PurgeTest(fixture.TestCase):

    def left(self) -> list[int]:
        with self.store.read() as tx:
            return [len(tx.execute(table.select()).all())
                    for table in (tables.zones, tables.recordsets, tables.journal)]

    def purge(self, older_than: float) -> int:
        return self.upkeep.purge(fixture.ADMIN, fixture.ALL_SHARDS, older_than)

    def test_after_its_time_nothing_is_left(self):
        stays, goes = self.zone('stays.example.'), self.zone('goes.example.')
        self.recordset(goes, 'a.goes.example.')
        self.recordset(stays, 'a.stays.example.')
        self.remove(goes)
        self.clock.forward(100)
        self.assertEqual(0, self.purge(older_than=101))
        self.assertEqual([2, 6, 2], self.left())
        self.assertEqual(1, self.purge(older_than=99))
        self.assertEqual([1, 3, 1], self.left())
        self.assertEqual(0, self.purge(older_than=99))
        self.assertEqual(3, len(self.rows(stays)))

    def test_zones_that_are_leaving_are_not_gone(self):
        self.zones.delete(self.alpha, self.zone().id)
        self.clock.forward(100)
        self.assertEqual(0, self.purge(older_than=1))

    def test_the_new_zone_of_the_name_is_not_touched(self):
        self.remove(self.zone())
        zone = self.zone()
        self.recordset(zone)
        self.clock.forward(100)
        self.assertEqual(1, self.purge(older_than=1))
        self.assertEqual([1, 3, 1], self.left())

    def test_a_name_may_come_and_go_many_times(self):
        for _ in range(5):
            self.remove(self.zone())
        self.clock.forward(100)
        self.assertEqual(5, self.purge(older_than=1))

    def test_the_lock_of_a_name_goes_with_the_last_zone_there(self):
        def locked() -> list[str]:
            self.clock.forward(100)
            self.purge(older_than=1)
            with self.store.read() as tx:
                return sorted(tx.execute(tables.name_locks.select()).scalars())
        last, other = self.zone('a.b.example.'), self.zone('b.examples.')
        for name in ('c.b.example.', 'd.b.example.'):
            self.remove(self.zone(name))
        self.assertEqual(['example.b.', 'examples.b.'], locked())
        self.remove(last)
        self.assertEqual(['examples.b.'], locked())
        self.zone('b.example.')
        self.remove(other)
        self.assertEqual(['example.b.'], locked())

    def test_zones_that_exclude_each_other_come_while_the_lock_of_their_name_goes(self):
        calls = [lambda: self.zone('b.example.'), lambda: self.zone('a.b.example.', self.beta),
                 lambda: self.purge(older_than=1), lambda: self.purge(older_than=1)]
        for turn in range(10):
            outcomes = test_quotas.at_once(4, lambda index: calls[index]())
            self.assertEqual(3, outcomes['done'], outcomes)
            [zone] = self.zones.find(fixture.ADMIN, {}, None, 20, 'name', 'asc')['items']
            self.remove(zone)
            self.clock.forward(100)

    def test_more_than_one_batch(self):
        self.set('quota_zones', -1)
        for index in range(103):
            self.remove(self.zone(f'z{index}.example.'))
        self.clock.forward(100)
        self.assertEqual(103, self.purge(older_than=1))
        self.assertEqual([0, 0, 0], self.left())

    def test_a_large_zone_goes_in_small_transactions(self):
        zone = self.zone()
        with self.store.write() as tx:
            for index in range(2500):
                name = f'r{index}.example.org.'
                store.recordsets.insert(tx, resources.Recordset(
                    id=f'{index:08x}-0000-4000-8000-000000000000', zone_id=zone.id,
                    project_id='alpha', name=name, key=name, type='A',
                    created_at=fixture.START), b'')
        self.remove(zone)
        self.clock.forward(100)
        self.assertEqual(1, self.purge(older_than=1))
        self.assertEqual([0, 0, 0], self.left())


class RenewTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.all = [self.zone(f'z{index}.example.') for index in range(3)]
        self.secondary = self.zone('second.example.', type='SECONDARY', masters=['192.0.2.1'])
        self.leaving = self.zone('leaving.example.')
        for zone in (*self.all, self.secondary, self.leaving):
            self.settle(zone)
        self.zones.delete(self.alpha, self.leaving.id)
        self.clock.forward(10)
        self.worker.casts.clear()

    def change_pool(self, **values: object) -> None:
        self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, values)

    def test_new_name_servers(self):
        before = {zone.id: self.content(zone) for zone in self.all}
        self.change_pool(ns_records=[
            resources.NsRecord(hostname='new.example.net.', priority=1),
            resources.NsRecord(hostname='ns1.example.net.', priority=2)])
        self.assertEqual(5, self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS))
        self.worker.casts.clear()
        for zone in self.all:
            now, servers = self.row(zone), self.apex(zone, 'NS')
            self.assertEqual((2, 0, 'new.example.net.', ('UPDATE', 'PENDING')),
                             (now.pool_version, now.told_version - 1, now.mname, now.state))
            self.assertEqual((['new.example.net.', 'ns1.example.net.'], 2, now.serial),
                             (servers.records, servers.version, servers.serial))
            self.assertTrue(self.apex(zone, 'SOA').records[0].startswith('new.example.net. '))
            [(removed, added)] = self.difference(zone, zone.serial)
            after = before[zone.id] - fixture.Counter(fixture.records(removed))
            self.assertEqual(self.content(zone),
                             after + fixture.Counter(fixture.records(added)))
        self.assertEqual(('new.example.net.', ['SOA']), (
            self.row(self.secondary).mname,
            [each.type for each in self.rows(self.secondary)]))
        self.assertEqual(self.leaving.serial, self.row(self.leaving).serial)

    def test_it_happens_once(self):
        self.change_pool(ns_records=[resources.NsRecord(hostname='new.example.', priority=1)])
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        serials = [self.row(zone).serial for zone in self.all]
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual(serials, [self.row(zone).serial for zone in self.all])

    def test_new_targets_are_told(self):
        self.change_pool(targets=[resources.Target(type='fake')])
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        for zone in self.all:
            now = self.row(zone)
            self.assertEqual((2, 1), (now.pool_version, now.told_version))
            self.assertEqual('PENDING', now.status)
            self.upkeep.settle(fixture.ADMIN, zone.id, now.serial, 2, zone.pool_id)
            self.assertEqual((2, 'ACTIVE'),
                             (self.row(zone).told_version, self.row(zone).status))
            self.assertEqual(1, self.apex(zone, 'NS').version)

    def test_what_does_not_concern_the_servers_changes_no_zone(self):
        self.change_pool(name='renamed', description='x', attributes={'a': 'b'})
        self.assertEqual(1, self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS))
        self.assertEqual([zone.serial for zone in self.all],
                         [self.row(zone).serial for zone in self.all])

    def test_only_its_own_shards(self):
        self.change_pool(targets=[resources.Target(type='fake')])
        shard = self.all[0].shard
        self.upkeep.sweep(fixture.ADMIN, (shard, shard + 1))
        self.assertEqual([zone.shard == shard for zone in self.all],
                         [self.row(zone).pool_version == 2 for zone in self.all])

    def test_a_zone_that_was_made_after_the_change(self):
        self.change_pool(ns_records=[resources.NsRecord(hostname='new.example.', priority=1)])
        zone = self.zone('late.example.')
        self.assertEqual((2, 'new.example.'), (zone.pool_version, zone.mname))
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual(zone, self.row(zone))

    def test_zones_that_are_leaving_or_gone_since_the_look(self):
        self.change_pool(targets=[resources.Target(type='fake')])
        ids = [NOBODY, self.leaving.id, self.all[0].id]
        with unittest.mock.patch.object(store.sweeps, 'outdated', lambda *_: ids):
            self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        for before in (self.leaving, self.all[0]):
            now = self.row(before)
            self.assertEqual((2, before is self.leaving),
                             (now.pool_version, now.serial == before.serial))
