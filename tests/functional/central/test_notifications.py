# SPDX-License-Identifier: Apache-2.0
"""Which notifications each change of central's makes, and that what fails makes none."""
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.central import service
from designate_like.resources import base as declarations
from tests.functional.central import fixture

NS1 = {'hostname': 'ns1.example.net.', 'priority': 1}


class TestCase(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.publisher.enabled = True

    def events(self) -> list[str]:
        """What has been sent since the last question."""
        return [event for event, _ in self.publisher.told()]

    def told(self, event: str) -> dict[str, Any]:
        """The payload of the one notification about this, the only event but for its old name."""
        told = self.publisher.told()
        self.assertEqual({event, event.replace('dns.zone.', 'dns.domain.')},
                         {each for each, _ in told})
        self.assertEqual(1, [each for each, _ in told].count(event))
        return told[0][1]


class ZoneTest(TestCase):

    def test_create(self):
        zone = self.zone(ttl=60)
        payload = self.told('dns.zone.create')
        self.assertEqual(
            (zone.id, 'alpha', 'example.org.', 60, 'PENDING', 'CREATE', fixture.DEFAULT_POOL),
            tuple(payload[name] for name in (
                'id', 'tenant_id', 'name', 'ttl', 'status', 'action', 'pool_id')))

    def test_update(self):
        zone = self.zone()
        self.settle(zone)
        self.publisher.told()
        self.change_zone(zone, ttl=60)
        payload = self.told('dns.zone.update')
        self.assertEqual((60, 'PENDING', 'UPDATE', 2),
                         tuple(payload[name] for name in ('ttl', 'status', 'action', 'version')))

    def test_settling_shows_the_status_once(self):
        zone = self.zone()
        self.publisher.told()
        self.assertTrue(self.settle(zone))
        payload = self.told('dns.zone.update')
        self.assertEqual(('ACTIVE', 'NONE'), (payload['status'], payload['action']))
        self.assertFalse(self.settle(zone))
        self.assertEqual([], self.events())

    def test_a_version_that_is_not_the_last(self):
        zone = self.zone()
        self.change_zone(zone, ttl=60)
        self.publisher.told()
        self.assertTrue(self.settle(zone, zone.serial))
        self.assertEqual([], self.events())

    def test_failing(self):
        zone = self.zone()
        self.publisher.told()
        self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'no server answers')
        payload = self.told('dns.zone.update')
        self.assertEqual(('ERROR', 'CREATE'), (payload['status'], payload['action']))
        self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'no server answers')
        self.assertEqual([], self.events())

    def test_delete(self):
        zone = self.zone()
        self.publisher.told()
        for _ in range(2):
            self.zones.delete(self.alpha, zone.id)
        payload = self.told('dns.zone.delete')
        self.assertEqual(('PENDING', 'DELETE', '0'),
                         tuple(payload[name] for name in ('status', 'action', 'deleted')))
        for _ in range(2):
            self.upkeep.removed(fixture.ADMIN, zone.id)
        payload = self.told('dns.zone.update')
        self.assertEqual(
            ('DELETED', 'NONE', zone.id, '2026-11-21T03:00:00.000000'),
            tuple(payload[name] for name in ('status', 'action', 'deleted', 'deleted_at')))

    def test_what_is_refused(self):
        zone = self.zone()
        self.publisher.told()
        with self.refused(errors.DuplicateZone):
            self.zone()
        with self.refused(errors.ZoneNotFound):
            self.change_zone(zone, self.beta, ttl=60)
        with self.refused(errors.ZoneNotFound):
            self.zones.delete(self.beta, zone.id)
        self.assertEqual([], self.events())

    def test_a_pool_that_has_changed(self):
        zone = self.zone()
        self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, resources.Pool.parse(
            {'ns_records': [NS1]}, declarations.UPDATE))
        self.publisher.told()
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual(zone.id, self.told('dns.zone.update')['id'])
        self.upkeep.sweep(fixture.ADMIN, fixture.ALL_SHARDS)
        self.assertEqual([], self.events())

    def test_those_that_are_there(self):
        zones = sorted((self.zone(f'{name}.example.') for name in 'abc'), key=lambda each: each.id)
        self.zones.delete(self.alpha, zones[0].id)

        def after(marker: str) -> list[str]:
            return [zone.id for zone in self.upkeep.existing(
                fixture.ADMIN, fixture.ALL_SHARDS, marker, 1)]
        self.assertEqual([[zones[1].id], [zones[2].id], []],
                         [after(''), after(zones[1].id), after(zones[2].id)])


class RecordsetTest(TestCase):

    def test_every_change(self):
        zone = self.zone()
        self.publisher.told()
        recordset = self.recordset(zone, records=['192.0.2.1', '192.0.2.2'])
        payload = self.told('dns.recordset.create')
        self.assertEqual(
            (zone.id, 'example.org.', 'alpha', 'www.example.org.', 'A', 'PENDING', 'CREATE'),
            tuple(payload[name] for name in (
                'zone_id', 'zone_name', 'tenant_id', 'name', 'type', 'status', 'action')))
        self.assertEqual(['192.0.2.1', '192.0.2.2'], [each['data'] for each in payload['records']])
        self.change(recordset, ttl=60)
        self.assertEqual(60, self.told('dns.recordset.update')['ttl'])
        self.recordsets.delete(self.alpha, zone.id, recordset.id)
        self.assertEqual('DELETE', self.told('dns.recordset.delete')['action'])

    def test_one_without_records(self):
        zone = self.zone()
        self.publisher.told()
        self.recordset(zone, records=[])
        self.assertEqual([], self.told('dns.recordset.create')['records'])

    def test_what_is_refused(self):
        zone = self.zone()
        self.recordset(zone)
        self.publisher.told()
        with self.refused(errors.DuplicateRecordset):
            self.recordset(zone)
        self.assertEqual([], self.events())

    def test_audit(self):
        self.set('notification_plugin', 'audit')
        self.build()
        zone = self.zone()
        recordset = self.recordset(zone)
        self.publisher.told()
        self.settle(zone)
        self.assertEqual([], self.events())
        self.change(recordset, records=['192.0.2.9'], ttl=60)
        about = {'zone_name': 'example.org.', 'zone_id': zone.id,
                 'recordset_name': 'www.example.org.'}
        self.assertEqual(
            [('dns.recordset.update', {**about, 'changed_field': 'records',
                                       'old_data': '192.0.2.1', 'new_data': '192.0.2.9'}),
             ('dns.recordset.update', {**about, 'changed_field': 'ttl',
                                       'old_data': None, 'new_data': 60})],
            self.publisher.told())


class OperatorTest(TestCase):
    """What operators keep: a notification for each verb."""

    BODIES = {
        'Tlds': ({'name': 'org'}, {'description': 'changed'}),
        'Blacklists': ({'pattern': 'x'}, {'description': 'changed'}),
        'Tsigkeys': ({'name': 'k', 'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0',
                      'scope': 'POOL', 'resource_id': fixture.DEFAULT_POOL}, {'name': 'changed'}),
    }

    def test_simple_nouns(self):
        kinds = {each.__name__: each for each in service.ENDPOINTS}
        for name, (body, change) in self.BODIES.items():
            with self.subTest(noun=name):
                noun = kinds[name](self.collaborators)
                word = noun.kind.NOUN
                thing = noun.create(fixture.ADMIN, noun.kind.parse(body, declarations.CREATE))
                self.assertEqual(thing.id, self.told(f'dns.{word}.create')['id'])
                noun.update(fixture.ADMIN, change, **{f'{word}_id': thing.id})
                self.assertIn('changed', self.told(f'dns.{word}.update').values())
                noun.delete(fixture.ADMIN, **{f'{word}_id': thing.id})
                self.assertEqual(thing.id, self.told(f'dns.{word}.delete')['id'])
                with self.assertRaises(errors.NotFound):
                    noun.delete(fixture.ADMIN, **{f'{word}_id': thing.id})
                self.assertEqual([], self.events())

    def test_pools(self):
        pool = self.pools.create(fixture.ADMIN, resources.Pool.parse(
            {'name': 'new', 'ns_records': [NS1]}, declarations.CREATE))
        payload = self.told('dns.pool.create')
        self.assertEqual(('operators', [NS1]), (payload['tenant_id'], payload['ns_records']))
        self.pools.update(fixture.ADMIN, pool.id, {'description': 'changed'})
        self.assertEqual('changed', self.told('dns.pool.update')['description'])
        self.pools.update(fixture.ADMIN, pool.id, {'description': 'changed'})
        self.assertEqual([], self.events())
        self.pools.delete(fixture.ADMIN, pool.id)
        self.assertEqual(pool.id, self.told('dns.pool.delete')['id'])

    def test_pools_of_a_file(self):
        self.pool(name='old')

        def configure(dry_run: bool) -> list[str]:
            self.pools.configure(fixture.ADMIN, [{'name': 'default'}, {'name': 'new'}],
                                 delete=True, dry_run=dry_run)
            return self.events()
        self.assertEqual([], configure(dry_run=True))
        self.assertEqual(['dns.pool.create', 'dns.pool.delete'], configure(dry_run=False))
        self.assertEqual([], configure(dry_run=False))
