# SPDX-License-Identifier: Apache-2.0
"""Tasks on zones; and how a zone that moves leaves its old pool, whatever dies on the way."""
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.store import tables
from tests.functional.central import fixture
from tests.functional.central.fixture import ADMIN
from tests.functional.central.fixture import ALL_SHARDS
from tests.functional.central.fixture import DEFAULT_POOL
from tests.functional.central.fixture import OTHER_POOL


class XfrTest(fixture.TestCase):

    def test_the_worker_is_asked(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        self.worker.casts.clear()
        self.zone_tasks.xfr(self.alpha, zone.id)
        self.assertEqual([{'zone_id': zone.id}], self.worker.told('transfer'))

    def test_a_zone_that_goes(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        self.zones.delete(self.alpha, zone.id)
        with self.refused(errors.BadRequest):
            self.zone_tasks.xfr(self.alpha, zone.id)


class AbandonTest(fixture.TestCase):

    def test_it_is_gone_at_once_and_nobody_is_told(self):
        self.set('quota_zones', 1)
        zone = self.zone()
        self.worker.casts.clear()
        self.zone_tasks.abandon(ADMIN, zone.id)
        self.assertEqual([], self.worker.casts)
        with self.refused(errors.ZoneNotFound):
            self.zones.get(self.alpha, zone.id)
        self.assertEqual(0, self.upkeep.sweep(ADMIN, ALL_SHARDS))
        again = self.zone()
        self.assertFalse(self.upkeep.removed(ADMIN, zone.id))
        self.assertEqual(again, self.zones.get(self.alpha, again.id))


class MoveTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.pool(ns_records=[resources.NsRecord(hostname='ns9.example.net.', priority=1)],
                  version=4)
        with self.store.write() as tx:
            store.tsigkeys.repository.insert(tx, resources.Tsigkey(
                id=OTHER_POOL, name='other', algorithm='hmac-sha256', secret='c2VjcmV0',
                scope='POOL', resource_id=OTHER_POOL, created_at=fixture.START))
        self.moved = self.zone()
        self.recordset(self.moved)
        self.settle(self.moved)

    def move(self, pool_id: str | None = OTHER_POOL) -> resources.Zone:
        self.clock.forward(1)
        self.worker.casts.clear()
        self.zone_tasks.move(ADMIN, self.moved.id, pool_id)
        return self.row(self.moved)

    def swept(self) -> list[tuple[str, Any]]:
        """What a sweep tells the worker: the verb, and the pool that it is about."""
        self.worker.casts.clear()
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        return [(verb, arguments.get('pool_id', arguments['zone'].pool_id))
                for verb, arguments in self.worker.casts]

    def departures(self) -> list[tuple]:
        with self.store.read() as tx:
            return [tuple(row) for row in tx.execute(tables.departures.select())]

    def test_a_version_with_the_name_servers_of_the_new_pool(self):
        before, content = self.row(self.moved), self.content(self.moved)
        after = self.move()
        self.assertEqual(
            (OTHER_POOL, 4, 0, 'ns9.example.net.', before.version + 1, 'UPDATE', 'PENDING'),
            (after.pool_id, after.pool_version, after.told_version, after.mname, after.version,
             *after.state))
        self.assertGreater(after.serial, before.serial)
        self.assertEqual(['ns9.example.net.'], self.apex(self.moved, 'NS').records)
        self.assertEqual([{'zone': after}], self.worker.told('deploy'))
        [(removed, added)] = self.difference(self.moved, before.serial)
        content.subtract(fixture.records(removed))
        content.update(fixture.records(added))
        self.assertEqual(self.content(self.moved), +content)

    def test_the_old_servers_are_told_once_the_new_ones_show_it(self):
        after = self.move()
        for _ in range(2):      # Whatever was lost the first time.
            self.assertEqual([('deploy', OTHER_POOL)], self.swept())
        self.settle(self.moved)
        for _ in range(2):
            self.assertEqual([('leave', DEFAULT_POOL)], self.swept())
        self.assertEqual([{'zone': self.row(self.moved), 'pool_id': DEFAULT_POOL,
                           'pool_version': 1}], self.worker.told('leave'))
        self.assertTrue(self.upkeep.departed(ADMIN, after.id, DEFAULT_POOL))
        self.assertFalse(self.upkeep.departed(ADMIN, after.id, DEFAULT_POOL))
        self.assertEqual([], self.swept())

    def test_later_changes_do_not_keep_it_there(self):
        serial = self.move().serial
        self.recordset(self.moved, 'later.example.org.')
        self.settle(self.moved, serial)
        self.assertEqual([('deploy', OTHER_POOL), ('leave', DEFAULT_POOL)], self.swept())

    def test_what_the_servers_of_the_old_pool_show_does_not_count(self):
        after = self.move()
        self.assertFalse(self.upkeep.settle(ADMIN, after.id, after.serial, 4, DEFAULT_POOL))
        self.assertEqual('PENDING', self.row(self.moved).status)
        self.assertTrue(self.upkeep.settle(ADMIN, after.id, after.serial, 4, OTHER_POOL))
        self.assertEqual(('ACTIVE', 4), (self.row(self.moved).status,
                                         self.row(self.moved).told_version))

    def test_back_before_it_has_left(self):
        self.move()
        self.assertEqual(DEFAULT_POOL, self.move(None).pool_id)
        self.assertEqual([(self.moved.id, OTHER_POOL, self.row(self.moved).serial)],
                         self.departures())
        self.settle(self.moved)
        self.assertEqual([('leave', OTHER_POOL)], self.swept())

    def test_a_zone_that_is_deleted_leaves_both(self):
        self.move()
        self.zones.delete(self.alpha, self.moved.id)
        self.assertEqual([('deploy', OTHER_POOL), ('leave', DEFAULT_POOL)], self.swept())
        self.upkeep.removed(ADMIN, self.moved.id)
        self.assertEqual([('leave', DEFAULT_POOL)], self.swept())
        self.clock.forward(10)
        self.assertEqual(0, self.upkeep.purge(ADMIN, ALL_SHARDS, 1))
        self.upkeep.departed(ADMIN, self.moved.id, DEFAULT_POOL)
        self.assertEqual([], self.swept())
        self.assertEqual(1, self.upkeep.purge(ADMIN, ALL_SHARDS, 1))

    def test_an_abandoned_zone_leaves_nothing(self):
        self.move()
        self.zone_tasks.abandon(ADMIN, self.moved.id)
        self.assertEqual(([], []), (self.departures(), self.swept()))

    def test_a_pool_that_is_no_more(self):
        self.move()
        self.settle(self.moved)
        self.pools.delete(ADMIN, DEFAULT_POOL)
        self.assertEqual(([], []), (self.departures(), self.swept()))

    def test_the_same_name_in_both_pools(self):
        self.set('scheduler_filters', ['pool_id_attribute', 'in_doubt_default_pool'],
                 'service:central')
        self.build()
        other = self.zone(ctx=fixture.user('alpha', 'admin'), attributes={'pool_id': OTHER_POOL})
        self.assertEqual(OTHER_POOL, other.pool_id)
        with self.refused(errors.DuplicateZone):
            self.zone_tasks.move(ADMIN, self.moved.id, OTHER_POOL)
        self.assertEqual((DEFAULT_POOL, []), (self.row(self.moved).pool_id, self.departures()))
