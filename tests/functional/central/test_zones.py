# SPDX-License-Identifier: Apache-2.0
"""Zones: who may do what to them, in which order that is checked, and what becomes of them."""
import datetime
import uuid

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.resources import soa
from tests.functional.central import fixture


class CreateTest(fixture.TestCase):

    def test_what_is_made(self):
        self.clock.forward(0.25)
        made = self.zone('Example.ORG.', email='Host.Master@example.org', description='mine')
        self.assertEqual(made, self.zones.get(self.alpha, made.id))
        self.assertEqual(
            ('Example.ORG.', 'Host.Master@example.org', 'mine', 'PRIMARY', 3600, 'alpha',
             fixture.DEFAULT_POOL, 1, [], {}, None, None),
            (made.name, made.email, made.description, made.type, made.ttl, made.project_id,
             made.pool_id, made.version, made.masters, made.attributes, made.updated_at,
             made.transferred_at))
        self.assertEqual(('CREATE', 'PENDING'), made.state)
        self.assertEqual(datetime.datetime(2026, 11, 21, 3, 0, 0, 250000), made.created_at)
        self.assertEqual(1795230000, made.serial)
        self.assertEqual(int(made.id[:3], 16), made.shard)
        self.assertEqual([{'zone': made}], self.worker.told('deploy'))

    def test_a_request_that_comes_twice_is_answered_alike(self):
        self.set('quota_zones', 1)
        values = {'id': str(uuid.uuid4()), 'name': 'example.org.', 'email': 'me@example.org'}
        made = self.zones.create(self.alpha, values)
        self.assertEqual(values['id'], made.id)
        self.assertEqual(made, self.zones.create(self.alpha, values))
        with self.refused(errors.OverQuota):
            self.zones.create(self.alpha, {**values, 'id': str(uuid.uuid4())})

    def test_the_service_fills_in_the_top_of_the_zone(self):
        made = self.zone('Example.ORG.')
        servers, start = self.apex(made, 'NS'), self.apex(made, 'SOA')
        self.assertEqual(['ns1.example.net.', 'ns2.example.net.'], servers.records)
        self.assertEqual([soa.text(made)], start.records)
        for each in (servers, start):
            self.assertEqual(('Example.ORG.', None, True, 'CREATE', 'PENDING'),
                             (each.name, each.ttl, each.managed, *each.state))
        self.assertEqual((2, 0), (made.recordset_count, made.record_count))

    def test_defaults_come_from_the_configuration(self):
        for name, value in [('default_ttl', 5), ('default_soa_refresh_min', 7),
                            ('default_soa_refresh_max', 6), ('default_soa_retry', 8),
                            ('default_soa_expire', 9), ('default_soa_minimum', 10)]:
            self.set(name, value)
        made = self.zone()
        self.assertIn(made.refresh, (6, 7))
        self.assertEqual((5, 8, 9, 10), (made.ttl, made.retry, made.expire, made.minimum))

    def test_a_secondary_has_a_soa_only(self):
        made = self.zone(type='SECONDARY', masters=['192.0.2.1:53', '[::1]:54'])
        self.assertEqual((1, ['192.0.2.1', '[::1]:54'], 'hostmaster@example.com', 1),
                         (made.serial, made.masters, made.email, made.recordset_count))
        self.assertEqual(['SOA'], [each.type for each in self.rows(made)])

    def test_the_pool_of_the_body_is_ignored(self):
        self.assertEqual(fixture.DEFAULT_POOL, self.zone(pool_id=fixture.OTHER_POOL).pool_id)

    def test_checks_in_their_order(self):
        self.zone('example.org.', self.beta)
        self.pool(attributes={'kind': 'other'})
        self.set('min_ttl', 60, 'service:central')
        self.set('quota_zones', 0)
        self.set('scheduler_filters', ['pool_id_attribute'], 'service:central')
        self.build()
        body = {'name': 'x.', 'ttl': 1, 'attributes': {'pool_id': fixture.OTHER_POOL}}
        member, admin = self.alpha, fixture.user('alpha', 'admin')
        with self.refused(errors.Forbidden):
            self.zone(ctx=fixture.user(None, 'reader'), **body)
        with self.refused(errors.MissingProjectId):
            self.zone(ctx=fixture.user(None, 'admin'), **body)
        with self.refused(errors.OverQuota, 'Quota exceeded for zones.'):
            self.zone(ctx=member, **body)
        self.set('quota_zones', -1)
        with self.refused(errors.InvalidZoneName):
            self.zone(ctx=member, **body)
        body['name'] = 'www.example.org.'
        with self.refused(errors.InvalidTtl):
            self.zone(ctx=member, **body)
        body['ttl'] = 60
        with self.refused(errors.IllegalChild):
            self.zone(ctx=member, **body)
        body['name'] = 'example.com.'
        with self.refused(errors.Forbidden):                # The scheduler, for the pool's name.
            self.zone(ctx=member, **body)
        with self.refused(errors.BadRequest, 'TSIG'):
            self.zone(ctx=admin, **body)
        body['attributes'] = {'pool_id': fixture.DEFAULT_POOL}
        with self.store.write() as tx:
            store.pools.update(tx, fixture.DEFAULT_POOL, ns_records=[])
        with self.refused(errors.NoServersConfigured, 'run designate-like-manage pool update'):
            self.zone(ctx=admin, **body)

    def test_a_refusal_leaves_nothing_behind(self):
        self.set('quota_zones', 1)
        for _ in range(3):
            with self.refused(errors.InvalidZoneName):
                self.zone('x.')
        self.zone()
        self.assertEqual(1, self.zones.find(fixture.ADMIN, {}, None, 20, 'name', 'asc')['total'])

    def test_the_scheduler_finds_no_pool_or_several(self):
        self.pool()
        for filters, refusal in [(['attribute'], errors.MultiplePoolsFound),
                                 (['pool_id_attribute'], errors.NoValidPoolFound)]:
            self.set('scheduler_filters', filters, 'service:central')
            self.build()
            with self.subTest(filters=filters), self.refused(refusal):
                self.zone(ctx=fixture.user('alpha', 'admin'), attributes={
                    'pool_id': '33333333-3333-4333-8333-333333333333'})

    def test_names_that_are_too_long_for_the_configuration(self):
        self.set('max_zone_name_len', 12, 'service:central')
        self.zone('example.org.')
        with self.refused(errors.InvalidZoneName, 'max_zone_name_len'):
            self.zone('examples.org.')

    def test_a_low_ttl_takes_a_permission(self):
        self.set('min_ttl', 60, 'service:central')
        with self.refused(errors.InvalidTtl):
            self.zone(ttl=59)
        self.assertEqual(59, self.zone(ctx=fixture.user('alpha', 'admin'), ttl=59).ttl)
        self.assertEqual(60, self.zone('example.com.', ttl=60).ttl)

    def test_catalogs_are_not_for_users(self):
        for ctx in (self.alpha, fixture.ADMIN):
            with self.refused(errors.Forbidden):
                self.zone(ctx=ctx, type='CATALOG', masters=['192.0.2.1'])

    def test_roles(self):
        for roles, allowed in [(['member'], True), (['admin'], True), (['reader'], False),
                               (['auditor'], False)]:
            ctx = fixture.user('alpha', *roles)
            with self.subTest(roles=roles):
                if allowed:
                    self.zone(f'{roles[0]}.example.', ctx)
                else:
                    with self.refused(errors.Forbidden):
                        self.zone(f'{roles[0]}.example.', ctx)


class OwnershipTest(fixture.TestCase):

    def test_the_name_is_taken(self):
        self.zone('example.org.')
        for ctx in (self.alpha, self.beta):
            for name in ('example.org.', 'EXAMPLE.Org.'):
                with self.subTest(project=ctx.project_id, name=name):
                    with self.refused(errors.DuplicateZone):
                        self.zone(name, ctx)

    def test_the_name_is_taken_until_the_servers_have_let_it_go(self):
        old = self.zone()
        self.zones.delete(self.alpha, old.id)
        for ctx in (self.alpha, self.beta):
            with self.refused(errors.DuplicateZone):
                self.zone(ctx=ctx)
        self.upkeep.removed(fixture.ADMIN, old.id)
        self.zone(ctx=self.beta)

    def test_another_pool(self):
        """The same project may have the name there, another project not."""
        self.pool(ns_records=[resources.NsRecord(hostname='ns.example.', priority=1)])
        self.zone()
        self.set('default_pool_id', fixture.OTHER_POOL, 'service:central')
        self.build()
        with self.refused(errors.DuplicateZone):
            self.zone(ctx=self.beta)
        self.assertEqual(fixture.OTHER_POOL, self.zone().pool_id)
        with self.refused(errors.DuplicateZone):
            self.zone()

    def test_children(self):
        self.zone('example.org.')
        self.zone('a.b.example.org.')
        for name in ('b.example.org.', 'x.a.b.example.org.', 'B.EXAMPLE.org.'):
            with self.subTest(name=name), self.refused(errors.IllegalChild):
                self.zone(name, self.beta)
        self.zone('badexample.org.', self.beta)

    def test_the_nearest_enclosing_zone_decides(self):
        """A project goes on below its own zone, whoever has what stands further up."""
        self.zone('a.example.org.', self.alpha)
        parent = self.zone('example.org.', self.alpha)
        with self.store.write() as tx:      # As if it had been handed over.
            store.zones.update(tx, parent.id, project_id='beta')
        self.zone('b.a.example.org.', self.alpha)
        with self.refused(errors.IllegalChild):
            self.zone('b.example.org.', self.alpha)
        with self.refused(errors.IllegalChild):
            self.zone('c.a.example.org.', self.beta)

    def test_parents(self):
        self.zone('www.example.org.')
        with self.refused(errors.IllegalParent):
            self.zone('example.org.', self.beta)
        self.zone('wwww.example.org.', self.beta)
        self.zone('ww.example.org.', self.beta)

    def test_a_zone_on_its_way_out_still_counts(self):
        zone = self.zone('example.org.')
        self.zones.delete(self.alpha, zone.id)
        with self.refused(errors.IllegalChild):
            self.zone('www.example.org.', self.beta)
        self.upkeep.removed(fixture.ADMIN, zone.id)
        self.zone('www.example.org.', self.beta)


class SeenTest(fixture.TestCase):

    def test_what_another_project_sees(self):
        zone = self.zone()
        for ctx in (self.beta, fixture.user('beta', 'admin'), fixture.user(None, 'reader'),
                    fixture.user(None, 'admin')):
            with self.subTest(project=ctx.project_id, roles=ctx.roles):
                for call in (lambda: self.zones.get(ctx, zone.id),
                             lambda: self.zones.delete(ctx, zone.id),
                             lambda: self.zones.update(ctx, zone.id, {'ttl': 5}),
                             lambda: self.zones.nameservers(ctx, zone.id)):
                    with self.refused(errors.ZoneNotFound):
                        call()
        self.assertEqual(0, self.zones.find(self.beta, {}, None, 20, 'name', 'asc')['total'])

    def test_a_caller_without_a_project_sees_nothing(self):
        self.zone()
        found = self.zones.find(fixture.user(None, 'admin'), {}, None, 20, 'name', 'asc')
        self.assertEqual({'items': [], 'total': 0}, found)

    def test_all_projects(self):
        zone = self.zone()
        self.assertEqual(zone, self.zones.get(fixture.ADMIN, zone.id))

    def test_roles(self):
        zone = self.zone()
        reader, nobody = fixture.user('alpha', 'reader'), fixture.user('alpha', 'auditor')
        self.assertEqual(zone, self.zones.get(reader, zone.id))
        for call in (lambda: self.zones.get(nobody, zone.id),
                     lambda: self.zones.find(nobody, {}, None, 20, 'name', 'asc'),
                     lambda: self.zones.nameservers(nobody, zone.id),
                     lambda: self.zones.update(reader, zone.id, {}),
                     lambda: self.zones.delete(reader, zone.id)):
            with self.refused(errors.Forbidden):
                call()

    def test_nameservers(self):
        self.assertEqual({('ns1.example.net.', 1), ('ns2.example.net.', 2)}, {
            (each.hostname, each.priority)
            for each in self.zones.nameservers(self.alpha, self.zone().id)})

    def test_nothing_there(self):
        for call in (self.zones.get, self.zones.delete, self.zones.nameservers):
            with self.refused(errors.ZoneNotFound):
                call(self.alpha, '5850a862-d57a-4738-ab13-9875525d9f4f')


class UpdateTest(fixture.TestCase):

    def test_every_update_is_a_version(self):
        zone = self.zone()
        self.settle(zone)
        self.clock.forward(10)
        for count, body in enumerate([{}, {'description': 'x'}, {'email': 'b@b'}, {'ttl': 5},
                                      {'attributes': {'a': 1}}, {'description': None}], start=2):
            with self.subTest(body=body):
                self.worker.casts.clear()
                changed = self.change_zone(zone, **body)
                self.assertEqual(changed, self.zones.get(self.alpha, zone.id))
                self.assertEqual(('UPDATE', 'PENDING'), changed.state)
                self.assertEqual((count, self.clock.now), (changed.version, changed.updated_at))
                self.assertGreater(changed.serial, zone.serial)
                self.assertEqual([{'zone': changed}], self.worker.told('deploy'))
        self.assertEqual(('b@b', 5, {'a': '1'}, None),
                         (changed.email, changed.ttl, changed.attributes, changed.description))

    def test_the_soa_follows_the_email(self):
        zone = self.zone()
        changed = self.change_zone(zone, email='x.y@example.com')
        self.assertIn(' x\\.y.example.com. ', self.apex(zone, 'SOA').records[0])
        self.assertEqual([soa.text(changed)], self.apex(zone, 'SOA').records)

    def test_null_is_the_default_ttl(self):
        zone = self.zone(ttl=None)
        self.assertEqual(3600, zone.ttl)
        self.assertEqual(5, self.change_zone(zone, ttl=5).ttl)
        self.assertEqual(3600, self.change_zone(zone, ttl=None).ttl)

    def test_a_low_ttl_takes_a_permission(self):
        zone = self.zone()
        self.set('min_ttl', 60, 'service:central')
        with self.refused(errors.InvalidTtl):
            self.change_zone(zone, ttl=59)
        self.assertEqual(59, self.change_zone(zone, fixture.ADMIN, ttl=59).ttl)

    def test_not_while_it_is_being_deleted(self):
        zone = self.zone()
        self.zones.delete(self.alpha, zone.id)
        with self.refused(errors.BadRequest):
            self.change_zone(zone, ttl=5)


class DeleteTest(fixture.TestCase):

    def test_the_way_out(self):
        zone = self.zone()
        self.settle(zone)
        self.worker.casts.clear()
        self.clock.forward(10)
        leaving = self.zones.delete(self.alpha, zone.id)
        self.assertEqual(('DELETE', 'PENDING'), leaving.state)
        self.assertEqual((zone.serial, self.clock.now), (leaving.serial, leaving.updated_at))
        self.assertEqual([{'zone': leaving}], self.worker.told('deploy'))
        self.assertEqual(leaving, self.zones.get(self.alpha, zone.id))
        self.assertEqual({('DELETE', 'PENDING')}, {each.state for each in self.rows(zone)})
        self.assertTrue(self.upkeep.removed(fixture.ADMIN, zone.id))
        for call in (self.zones.get, self.zones.delete):
            with self.refused(errors.ZoneNotFound):
                call(self.alpha, zone.id)

    def test_again_while_it_is_being_deleted(self):
        zone = self.zone()
        first = self.zones.delete(self.alpha, zone.id)
        self.clock.forward(10)
        self.worker.casts.clear()
        self.assertEqual(first, self.zones.delete(self.alpha, zone.id))
        self.assertEqual([{'zone': first}], self.worker.told('deploy'))

    def test_a_zone_with_children_stays(self):
        parent, child = self.zone('example.org.'), self.zone('www.example.org.')
        with self.refused(errors.ZoneHasSubZone):
            self.zones.delete(self.alpha, parent.id)
        self.zones.delete(self.alpha, child.id)
        with self.refused(errors.ZoneHasSubZone):
            self.zones.delete(self.alpha, parent.id)
        self.upkeep.removed(fixture.ADMIN, child.id)
        self.zones.delete(self.alpha, parent.id)

    def test_hard_delete_is_remembered_for_the_worker(self):
        for hard in (True, False):
            ctx = fixture.user('alpha', 'admin', hard_delete=hard)
            zone = self.zone(f'hard-{str(hard).lower()}.example.')
            self.assertEqual(hard, self.zones.delete(ctx, zone.id).hard_delete)
            self.assertEqual(hard, self.row(zone).hard_delete)
