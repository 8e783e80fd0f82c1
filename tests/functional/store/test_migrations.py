# SPDX-License-Identifier: Apache-2.0
"""Migrations lead to the schema that the code declares; the first start and later ones."""
import alembic.autogenerate
import alembic.runtime.migration

from designate_like import conf
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.manage import database
from designate_like.store import migrations
from designate_like.store import tables
from tests import base
from tests.functional import engines
from tests.functional.central import fixture


class MigrationsTest(base.TestCase):

    def empty(self) -> store.Store:
        return engines.opened(self, engines.empty_url(self.directory()))

    def test_the_schema_is_the_one_declared(self):
        with fixture.database(self).engine.connect() as connection:
            context = alembic.runtime.migration.MigrationContext.configure(
                connection, opts={'compare_type': True})
            self.assertEqual([], alembic.autogenerate.compare_metadata(context, tables.metadata))

    def test_upgrade_twice(self):
        made = self.empty()
        self.assertIsNone(migrations.current(made))
        for _ in range(2):
            migrations.upgrade(made)
            self.assertEqual(migrations.head(made), migrations.current(made))

    def test_what_is_there_stays(self):
        made = fixture.database(self)
        with made.write() as tx:
            store.quotas.set(tx, 'alpha', {'zones': 7})
        migrations.upgrade(made)
        with made.read() as tx:
            self.assertEqual({'zones': 7}, store.quotas.get(tx, 'alpha'))

    def test_work_on_another_schema_is_refused(self):
        made = self.empty()
        with self.assertRaisesRegex(errors.ConfigurationError, 'database sync'):
            store.require_current(made)
        migrations.upgrade(made)
        store.require_current(made)


class SyncTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        url = engines.empty_url(self.directory())
        conf.CONF.set_override('connection', url, 'storage:sqlalchemy')
        self.addCleanup(conf.CONF.clear_override, 'connection', 'storage:sqlalchemy')
        self.store = engines.opened(self, url)

    def test_a_new_database_has_the_default_pool(self):
        pool = database.default_pool(conf.CONF, ns_records=[
            resources.NsRecord(hostname='ns.example.', priority=1)])
        self.assertTrue(database.sync(conf.CONF, pool))
        with self.store.read() as tx:
            self.assertEqual([pool], store.pools.every(tx))
        self.assertEqual((fixture.DEFAULT_POOL, 'default'), (pool.id, pool.name))

    def test_the_pools_of_a_database_stay(self):
        database.sync(conf.CONF, database.default_pool(conf.CONF))
        with self.store.write() as tx:
            store.pools.update(tx, fixture.DEFAULT_POOL, name='mine')
        self.assertFalse(database.sync(conf.CONF, database.default_pool(conf.CONF)))
        with self.store.read() as tx:
            self.assertEqual(['mine'], [pool.name for pool in store.pools.every(tx)])
