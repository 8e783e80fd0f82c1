# SPDX-License-Identifier: Apache-2.0
"""The catalog zone of a pool (RFC 9432): its content, who joins and leaves, and who sees it."""
import threading
import unittest.mock
import uuid
from collections import Counter
from typing import Any

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import catalog
from designate_like.resources import rr
from designate_like.store import tables
from tests.functional.central import fixture
from tests.functional.central.fixture import ADMIN
from tests.functional.central.fixture import ALL_SHARDS
from tests.functional.central.fixture import DEFAULT_POOL
from tests.functional.central.fixture import OTHER_POOL

NAME = 'Catalog.invalid.'
SECRET = 'c2VjcmV0'
ZONE_FILE = '''
@ 300 IN SOA ns.elsewhere.example. admin.example.org. 5 6 7 8 9
www 60 IN A 192.0.2.1
'''


def settings(name: str = NAME, **more: Any) -> resources.CatalogZone:
    return resources.CatalogZone(
        catalog_zone_fqdn=name, **{f'catalog_zone_{key}': value for key, value in more.items()})


class TestCase(fixture.TestCase):

    def follow(self, pool_id: str = DEFAULT_POOL, name: str = NAME,
               **more: Any) -> resources.Zone:
        """Give a pool a catalog; returns it."""
        self.pools.update(ADMIN, pool_id, {'catalog_zone': settings(name, **more)})
        return self.catalog(pool_id)

    def catalog(self, pool_id: str = DEFAULT_POOL) -> resources.Zone | None:
        """The catalog of a pool as it is now."""
        found = self.zones.find(ADMIN, {'type': 'CATALOG'}, None, 10, 'name', 'asc')['items']
        return next((each for each in found if each.pool_id == pool_id), None)

    def members(self, of: resources.Zone) -> dict[str, list[str]]:
        """What a catalog names, by the first label of what does."""
        suffix = f'.zones.{of.name}'
        return {each.name.removesuffix(suffix): each.records
                for each in self.rows(of, type='PTR')}

    def keys(self) -> list[tuple[str, str, str, str, str]]:
        with self.store.read() as tx:
            return [(each.name, each.algorithm, each.secret, each.scope, each.resource_id)
                    for each in store.tsigkeys.repository.where(tx)]


class MembersTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.before = self.zone('before.example.')
        self.leaving = self.zone('leaving.example.')
        self.zones.delete(self.alpha, self.leaving.id)
        self.it = self.follow(refresh=30)
        self.worker.casts.clear()

    def test_what_it_holds(self):
        with self.store.read() as tx:
            records = Counter(fixture.records(b''.join(
                rr.encode(each.name, each.type, self.it.ttl, each.wire)
                for each in store.recordsets.stream(tx, self.it.id))))
        self.assertEqual({
            (NAME, 'NS', b'\x07invalid\x00'), (f'version.{NAME}', 'TXT', b'\x012'),
            (f'{self.before.id}.zones.{NAME}', 'PTR', b'\x06before\x07example\x00'),
        }, {(name, type_, data) for record in records
            for name, type_, _, data in rr.decode(record)})
        self.assertEqual(('CATALOG', 30, 30, 4, 0, '00000000-0000-0000-0000-000000000000', 2),
                         (self.it.type, self.it.refresh, self.it.retry, self.it.recordset_count,
                          self.it.record_count, self.it.project_id, self.it.pool_version))

    def test_every_change_of_a_member_is_a_version(self):
        start, content = self.it.serial, self.content(self.it)
        made = self.zone('made.example.')
        self.assertEqual([self.catalog(), made],
                         [each['zone'] for each in self.worker.told('deploy')])
        self.recordset(made, 'www.made.example.')
        self.assertEqual(1, len(self.worker.told('deploy')))
        self.zones.delete(self.alpha, self.before.id)
        self.assertEqual(['CATALOG', 'PRIMARY'],
                         [each['zone'].type for each in self.worker.told('deploy')])
        self.zones.delete(self.alpha, self.before.id)
        self.assertEqual(1, len(self.worker.told('deploy')))
        self.assertEqual({made.id: ['made.example.']}, self.members(self.it))
        self.assertEqual((start + 2, 4), (self.catalog().serial, self.catalog().recordset_count))
        for removed, added in self.difference(self.it, start):
            content.subtract(fixture.records(removed))
            content.update(fixture.records(added))
        self.assertEqual(self.content(self.it), +content)

    def test_imports_join(self):
        self.zone_imports.create(self.alpha, {}, str(uuid.uuid4()), 0,
                                 f'$ORIGIN imported.example.\n{ZONE_FILE}')
        self.assertIn(['imported.example.'], self.members(self.it).values())
        self.assertEqual(['CATALOG', 'PRIMARY'],
                         [each['zone'].type for each in self.worker.told('deploy')])

    def test_an_abandoned_zone_leaves(self):
        self.zone_tasks.abandon(ADMIN, self.before.id)
        self.assertEqual({}, self.members(self.it))
        self.assertEqual([{'zone': self.catalog()}], self.worker.told('deploy'))

    def test_a_removed_zone_may_come_back(self):
        self.remove(self.before)
        again = self.zone('before.example.')
        self.assertEqual({again.id: ['before.example.']}, self.members(self.it))

    def test_created_while_the_catalog_was_made(self):
        with unittest.mock.patch.object(catalog, '_of', lambda *_: None):
            late, gone = self.zone('late.example.'), self.before
            self.zones.delete(self.alpha, gone.id)
        with self.store.write() as tx:      # They have seen the pool as it was before.
            for each in (late, gone):
                store.zones.update(tx, each.id, pool_version=1)
        self.assertEqual({gone.id: [gone.name]}, self.members(self.it))
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.assertEqual({late.id: [late.name]}, self.members(self.it))
        serial = self.catalog().serial
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.assertEqual(serial, self.catalog().serial)

    def test_the_sweep_deploys_it_until_it_is_settled(self):
        def swept() -> bool:
            self.upkeep.sweep(ADMIN, ALL_SHARDS)
            return self.it.id in [each['zone'].id for each in self.worker.told('deploy')]
        self.assertTrue(swept())
        self.assertTrue(self.upkeep.settle(ADMIN, self.it.id, self.it.serial, 2, DEFAULT_POOL))
        self.assertFalse(swept())

    def test_servers_that_do_not_follow_transfer_it_whole(self):
        def swept() -> bool:
            before = self.catalog()
            self.upkeep.sweep(ADMIN, ALL_SHARDS)
            after = self.catalog()
            if after.serial == before.serial:
                return False
            self.assertIsNone(self.difference(self.it, before.serial))
            self.assertIn({'zone': after}, self.worker.told('deploy'))
            return True
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        for follow in (lambda: self.upkeep.removed(ADMIN, self.leaving.id),
                       lambda: self.settle(self.before)):
            for seconds, expected in [(30, False), (1, True), (0, False)]:
                self.clock.forward(seconds)
                self.assertEqual(expected, swept())
            follow()
        self.clock.forward(31)
        self.assertFalse(swept())

    def test_a_member_that_a_server_has_lost_is_told_of_by_a_new_version(self):
        self.clock.forward(31)
        before = self.catalog()
        for _ in range(2):      # One version is enough for all who have lost something.
            self.upkeep.relist(ADMIN, self.before.id)
            self.assertEqual(before.serial + 31, self.catalog().serial)
        self.assertEqual([{'zone': self.catalog()}], self.worker.told('deploy')[-1:])

    def test_creations_at_the_same_time(self):
        serial, start = self.it.serial, threading.Barrier(8)

        def create(index: int) -> None:
            start.wait()
            self.zone(f'z{index}.example{index}.')

        threads = [threading.Thread(target=create, args=[index]) for index in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(sorted(f'z{index}.example{index}.' for index in range(8)),
                         sorted(name for name, in self.members(self.it).values()
                                if name != 'before.example.'))
        self.assertEqual(8, len(self.difference(self.it, serial)))
        self.assertEqual(4 + 8, self.catalog().recordset_count)

    def test_a_pool_without_one(self):
        self.pools.update(ADMIN, DEFAULT_POOL, {'catalog_zone': None})
        self.worker.casts.clear()
        zone = self.zone()
        self.zones.delete(self.alpha, zone.id)
        self.assertEqual(['PRIMARY'] * 2,
                         [each['zone'].type for each in self.worker.told('deploy')])


class MoveTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.pool(ns_records=[resources.NsRecord(hostname='ns9.example.net.', priority=1)])
        with self.store.write() as tx:
            store.tsigkeys.repository.insert(tx, resources.Tsigkey(
                id=OTHER_POOL, name='other', algorithm='hmac-sha256', secret=SECRET,
                scope='POOL', resource_id=OTHER_POOL, created_at=fixture.START))
        self.old, self.new = self.follow(), self.follow(OTHER_POOL, 'other.invalid.')
        self.moved = self.zone()
        self.settle(self.moved)
        self.worker.casts.clear()
        self.zone_tasks.move(ADMIN, self.moved.id, OTHER_POOL)

    def both(self) -> tuple[list[str], list[str]]:
        return tuple(list(self.members(each)) for each in (self.old, self.new))

    def test_it_leaves_once_the_servers_of_the_new_pool_show_it(self):
        self.assertEqual([self.catalog(OTHER_POOL), self.row(self.moved)],
                         [each['zone'] for each in self.worker.told('deploy')])
        for _ in range(2):
            self.assertEqual(([self.moved.id], [self.moved.id]), self.both())
            self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.settle(self.moved)
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.assertEqual(([], [self.moved.id]), self.both())

    def test_it_comes_back_before(self):
        self.zone_tasks.move(ADMIN, self.moved.id, DEFAULT_POOL)
        self.settle(self.moved)
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.assertEqual(([self.moved.id], []), self.both())

    def test_another_zone_of_its_name_takes_its_place(self):
        again = self.zone()
        self.assertEqual(([again.id], [self.moved.id]), self.both())

    def test_an_abandoned_zone_leaves_both(self):
        self.zone_tasks.abandon(ADMIN, self.moved.id)
        self.assertEqual(([], []), self.both())


class PoolTest(TestCase):

    def test_another_name(self):
        zone = self.zone()
        old = self.follow(tsig_key=SECRET)
        new = self.follow(name='new.invalid.', tsig_key=SECRET)
        self.assertNotEqual(old.id, new.id)
        self.assertEqual({zone.id: [zone.name]}, self.members(new))
        self.assertEqual([('new.invalid.', 'hmac-sha256', SECRET, 'ZONE', new.id)], self.keys())
        with self.assertRaises(errors.ZoneNotFound):
            self.row(old)
        again = self.follow()
        self.assertGreater(again.serial, old.serial)

    def test_another_refresh(self):
        old = self.follow(refresh=30)
        new = self.follow(refresh=40)
        self.assertEqual((old.id, 40, 3), (new.id, new.refresh, new.pool_version))
        self.assertEqual(1, len(self.difference(new, old.serial)))

    def test_the_key_follows(self):
        it = self.follow()
        self.assertEqual([], self.keys())
        self.follow(tsig_key=SECRET, tsig_algorithm='hmac-sha512')
        self.assertEqual([(NAME, 'hmac-sha512', SECRET, 'ZONE', it.id)], self.keys())
        self.follow(tsig_key='b3RoZXI=')
        self.assertEqual([(NAME, 'hmac-sha256', 'b3RoZXI=', 'ZONE', it.id)], self.keys())
        self.follow()
        self.assertEqual([], self.keys())

    def test_removed_with_the_pool_or_without_it(self):
        for step in (lambda: self.pools.update(ADMIN, OTHER_POOL, {'catalog_zone': None}),
                     lambda: self.pools.delete(ADMIN, OTHER_POOL)):
            with self.subTest():
                if step is not None and self.catalog(OTHER_POOL) is None:
                    self.pools.configure(ADMIN, [{
                        'id': OTHER_POOL, 'name': 'other',
                        'catalog_zone': settings(tsig_key=SECRET)}], False, False)
                self.assertEqual(1, len(self.keys()))
                step()
                self.assertEqual((None, []), (self.catalog(OTHER_POOL), self.keys()))

    def test_a_dry_run_makes_none(self):
        self.pools.configure(ADMIN, [{'id': OTHER_POOL, 'name': 'other',
                                      'catalog_zone': settings()}], False, True)
        self.assertIsNone(self.catalog(OTHER_POOL))

    def test_names_that_are_taken(self):
        self.pool()
        self.zone('taken.example.')
        self.follow()
        for name, pool_id, reason in [
                ('Taken.Example.', OTHER_POOL, 'already'), (NAME, OTHER_POOL, 'already'),
                ('below.taken.example.', OTHER_POOL, 'below'), ('example.', OTHER_POOL, 'above')]:
            with self.subTest(name), self.refused(errors.BadRequest,
                                                  f"Pool 'other': catalog_zone_fqdn: {name}"):
                self.follow(pool_id, name)
            self.assertIsNone(self.catalog(pool_id))

    def test_a_key_of_its_name_that_is_another_one(self):
        with self.store.write() as tx:
            store.tsigkeys.repository.insert(tx, resources.Tsigkey(
                id=OTHER_POOL, name=NAME.lower(), algorithm='hmac-sha256', secret=SECRET,
                scope='POOL', resource_id=DEFAULT_POOL, created_at=fixture.START))
        with self.refused(errors.BadRequest, 'catalog_zone_tsig_key: there is another'):
            self.follow(tsig_key=SECRET)
        self.assertIsNone(self.catalog())
        self.follow()
        self.assertEqual(1, len(self.keys()))


class HiddenTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.member = self.zone()
        self.publisher.enabled = True
        self.it = self.follow()
        self.settle(self.member)

    def test_it_is_the_services_own(self):
        self.settle(self.it)
        self.upkeep.fail(ADMIN, self.it.id, self.it.serial, 'x')
        self.pools.update(ADMIN, DEFAULT_POOL, {'ns_records': [
            resources.NsRecord(hostname='ns9.example.net.', priority=1)]})
        self.upkeep.sweep(ADMIN, ALL_SHARDS)
        self.assertEqual({self.member.id}, {
            payload['id'] for event, payload in self.publisher.told() if 'zone' in event})
        self.assertEqual(3, self.catalog().pool_version)
        self.assertEqual([self.member.id], [
            each.id for each in self.upkeep.existing(ADMIN, ALL_SHARDS, '', 10)])
        with self.store.read() as tx:
            self.assertNotIn(self.it.project_id, [
                row.project_id for row in tx.execute(tables.usages.select())])

    def test_nobody_else_sees_it(self):
        owner = fixture.user(self.it.project_id)
        for ctx in (self.alpha, owner):
            self.assertNotIn(self.it.name, [each.name for each in self.zones.find(
                ctx, {}, None, 10, 'name', 'asc')['items']])
            self.assertEqual([], self.recordsets.find(
                ctx, None, {'type': 'PTR'}, None, 10, 'name', 'asc', True)['items'])
            for call in self.writes(ctx):
                with self.refused(errors.ZoneNotFound):
                    call()

    def test_nobody_writes_it(self):
        self.assertEqual(self.it.id, self.zones.get(ADMIN, self.it.id).id)
        for index, call in enumerate(self.writes(ADMIN)):
            with self.subTest(index), self.refused(errors.Forbidden):
                call()

    def writes(self, ctx: context.RequestContext) -> list[Any]:
        """Every way to change the catalog."""
        pointer = self.rows(self.it, type='PTR')[0]
        return [
            lambda: self.change_zone(self.it, ctx, description='x'),
            lambda: self.zones.delete(ctx, self.it.id),
            lambda: self.zone_tasks.abandon(ctx, self.it.id),
            lambda: self.zone_tasks.xfr(ctx, self.it.id),
            lambda: self.zone_tasks.move(ctx, self.it.id),
            lambda: self.recordset(self.it, f'x.{self.it.name}', ctx=ctx),
            lambda: self.recordsets.writable(ctx, self.it.id, pointer.id, 'updated'),
            lambda: self.change(pointer, ctx, description='x'),
            lambda: self.recordsets.delete(ctx, self.it.id, pointer.id),
            lambda: self.shared_zones.create(ctx, self.it.id, {'target_project_id': 'beta'}),
            lambda: self.requests.create(ctx, self.it.id, {})]

    def test_its_name_is_taken(self):
        for name, kind in [(NAME, errors.DuplicateZone), (f'x.{NAME}', errors.IllegalChild)]:
            with self.refused(kind):
                self.zone(name)
