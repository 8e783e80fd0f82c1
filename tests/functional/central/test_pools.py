# SPDX-License-Identifier: Apache-2.0
"""Pools: by the API, and by pools.yaml."""
import unittest.mock

from designate_like import errors
from designate_like import resources
from tests.functional.central import fixture

NS = resources.NsRecord(hostname='ns1.example.net.', priority=1)
OTHER_NS = resources.NsRecord(hostname='ns9.example.net.', priority=1)


class ApiTest(fixture.TestCase):

    def test_create_get_update_delete(self):
        made = self.pools.create(fixture.ADMIN, {'name': 'x', 'ns_records': [NS]})
        self.assertEqual(made, self.pools.get(fixture.ADMIN, made.id))
        self.assertEqual(('operators', 1, self.clock.now, None),
                         (made.project_id, made.version, made.created_at, made.updated_at))
        self.clock.forward(10)
        changed = self.pools.update(fixture.ADMIN, made.id, {'name': 'y', 'attributes': {'a': 'b'}})
        self.assertEqual(changed, self.pools.get(fixture.ADMIN, made.id))
        self.assertEqual(('y', {'a': 'b'}, [NS], self.clock.now),
                         (changed.name, changed.attributes, changed.ns_records,
                          changed.updated_at))
        self.pools.delete(fixture.ADMIN, made.id)
        for call in (self.pools.get, self.pools.delete):
            with self.refused(errors.PoolNotFound):
                call(fixture.ADMIN, made.id)

    def test_the_version_counts_what_concerns_the_zones(self):
        made = self.pool(ns_records=[NS])
        for values, version in [
                ({'description': 'x'}, 1), ({'name': 'z', 'attributes': {'a': 'b'}}, 1),
                ({'ns_records': [NS, OTHER_NS]}, 2), ({'ns_records': [NS, OTHER_NS]}, 2),
                ({'nameservers': [resources.Nameserver(host='::1', port=1)]}, 3),
                ({'targets': [resources.Target(type='fake')]}, 4),
                ({'also_notifies': [resources.Address(host='::1', port=1)]}, 5),
                ({'catalog_zone': resources.CatalogZone(catalog_zone_fqdn='c.')}, 6),
                ({'catalog_zone': None}, 7)]:
            with self.subTest(values=values):
                self.assertEqual(version, self.pools.update(
                    fixture.ADMIN, made.id, values).version)
                self.assertEqual(version, self.pools.get(fixture.ADMIN, made.id).version)

    def test_no_change_is_none(self):
        made = self.pool(ns_records=[NS])
        self.assertEqual(made, self.pools.update(fixture.ADMIN, made.id, {'ns_records': [NS]}))

    def test_names_are_unique(self):
        made = self.pool()
        with self.refused(errors.DuplicatePool):
            self.pools.create(fixture.ADMIN, {'name': 'default'})
        with self.refused(errors.DuplicatePool):
            self.pools.update(fixture.ADMIN, made.id, {'name': 'default'})

    def test_the_last_name_server_stays(self):
        with self.refused(errors.LastServerDeleteNotAllowed):
            self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, {'ns_records': []})
        self.pools.update(fixture.ADMIN, self.pool().id, {'ns_records': []})

    def test_a_pool_with_zones_stays(self):
        zone = self.zone()
        for step in (lambda: None, lambda: self.zones.delete(self.alpha, zone.id)):
            step()
            with self.refused(errors.InvalidOperation):
                self.pools.delete(fixture.ADMIN, fixture.DEFAULT_POOL)
        self.upkeep.removed(fixture.ADMIN, zone.id)
        self.pools.delete(fixture.ADMIN, fixture.DEFAULT_POOL)

    def test_who_may(self):
        for call in (lambda: self.pools.create(self.alpha, {'name': 'x'}),
                     lambda: self.pools.get(self.alpha, fixture.DEFAULT_POOL),
                     lambda: self.pools.find(self.alpha, {}, None, 20, 'created_at', 'asc'),
                     lambda: self.pools.update(self.alpha, fixture.DEFAULT_POOL, {}),
                     lambda: self.pools.delete(self.alpha, fixture.DEFAULT_POOL)):
            with self.refused(errors.Forbidden):
                call()

    def test_find(self):
        self.pool(name='other')
        for filters, names in [({}, ['default', 'other']), ({'name': 'oth*'}, ['other']),
                               ({'name': 'x'}, [])]:
            found = self.pools.find(fixture.ADMIN, filters, None, 20, 'created_at', 'asc')
            self.assertEqual(names, sorted(pool.name for pool in found['items']))
            self.assertEqual(len(names), found['total'])


class ConfigureTest(fixture.TestCase):

    def configure(self, *pools: dict, delete: bool = False, dry_run: bool = False) -> list[str]:
        return self.pools.configure(fixture.ADMIN, list(pools), delete, dry_run)

    def names(self) -> dict[str, str]:
        found = self.pools.find(fixture.ADMIN, {}, None, 100, 'created_at', 'asc')['items']
        return {pool.name: pool.id for pool in found}

    def test_create_and_update(self):
        self.assertEqual(['Update Pool: default', 'Create Pool: new', 'Create Pool: given'],
                         self.configure({'name': 'default', 'description': 'x'},
                                        {'name': 'new', 'ns_records': [NS]},
                                        {'name': 'given', 'id': fixture.OTHER_POOL}))
        self.assertEqual({'default': fixture.DEFAULT_POOL, 'given': fixture.OTHER_POOL,
                          'new': unittest.mock.ANY}, self.names())
        default = self.pools.get(fixture.ADMIN, fixture.DEFAULT_POOL)
        self.assertEqual(('x', 2), (default.description, len(default.ns_records)))

    def test_an_id_wins_over_the_name(self):
        self.assertEqual(['Update Pool: renamed'], self.configure(
            {'id': fixture.DEFAULT_POOL, 'name': 'renamed'}))
        self.assertEqual({'renamed': fixture.DEFAULT_POOL}, self.names())

    def test_the_same_file_again_changes_nothing(self):
        file = {'name': 'default', 'targets': [resources.Target(type='fake')]}
        self.configure(file)
        before = self.pools.get(fixture.ADMIN, fixture.DEFAULT_POOL)
        self.clock.forward(10)
        self.configure(file)
        self.assertEqual(before, self.pools.get(fixture.ADMIN, fixture.DEFAULT_POOL))

    def test_pools_that_the_file_lacks_stay_unless_told_otherwise(self):
        self.pool(name='other')
        self.assertEqual(['Update Pool: default'], self.configure({'name': 'default'}))
        self.assertEqual(['Update Pool: default', 'Delete Pool: other'],
                         self.configure({'name': 'default'}, delete=True))
        self.assertEqual(['default'], list(self.names()))

    def test_a_pool_with_zones_is_not_deleted_and_nothing_else_happens(self):
        self.zone()
        with self.refused(errors.InvalidOperation, "Pool 'default' still carries zones"):
            self.configure({'name': 'new'}, delete=True)
        self.assertEqual(['default'], list(self.names()))

    def test_a_dry_run(self):
        self.pool(name='other')
        before = self.pools.find(fixture.ADMIN, {}, None, 100, 'name', 'asc')['items']
        self.assertEqual(
            ['Update Pool: default', 'Create Pool: new', 'Delete Pool: other'],
            self.configure({'name': 'default', 'description': 'x'}, {'name': 'new'}, delete=True,
                           dry_run=True))
        self.assertEqual(before, self.pools.find(
            fixture.ADMIN, {}, None, 100, 'name', 'asc')['items'])

    def test_a_file_that_breaks_a_rule_changes_nothing(self):
        with self.refused(errors.LastServerDeleteNotAllowed):
            self.configure({'name': 'new'}, {'name': 'default', 'ns_records': []})
        with self.refused(errors.DuplicatePool):
            self.configure({'name': 'new'}, {'name': 'default', 'id': fixture.OTHER_POOL})
        self.assertEqual({'default': fixture.DEFAULT_POOL}, self.names())
