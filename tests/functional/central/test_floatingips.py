# SPDX-License-Identifier: Apache-2.0
"""Floating IPs: where their PTR records go, who may set them, and when they vanish."""
import concurrent.futures
import unittest.mock
from typing import Any

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import network
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import rr
from tests.functional.central import fixture

FIRST = 'north:00000000-0000-4000-8000-000000000001'
SECOND = 'north:00000000-0000-4000-8000-000000000002'
SIXTH = 'north:00000000-0000-4000-8000-000000000006'
FAR = 'south:00000000-0000-4000-8000-000000000001'
POINTER = '5.113.0.203.in-addr.arpa.'
UNSET = ('INACTIVE', 'NONE', None, None, None)
SERVICE = '00000000-0000-0000-0000-000000000000'


class TestCase(fixture.TestCase):
    """Two projects with floating IPs."""

    def setUp(self) -> None:
        super().setUp()
        self.set('network_api', 'fake')
        self.build()
        self.lend(FIRST, 'alpha', '203.0.113.5')
        self.lend(SECOND, 'beta', '203.0.113.6')
        self.lend(SIXTH, 'alpha', '2001:db8:1:2::a')

    def lend(self, key: str, project_id: str, address: str) -> None:
        """Give a project a floating IP for the length of the test."""
        network.Fake.lent[key] = project_id, address
        self.addCleanup(network.Fake.lent.pop, key, None)

    def put(self, key: str = FIRST, ptrdname: str | None = 'www.example.org.',
            ctx: context.RequestContext | None = None, **body: Any) -> resources.Floatingip:
        """Set or unset a PTR."""
        values = resources.Floatingip.parse({'ptrdname': ptrdname, **body}, 'update')
        return self.floatingips.update(ctx or self.alpha, key, values)

    def shown(self, key: str = FIRST, ctx: context.RequestContext | None = None) -> Any:
        """What a caller sees of a floating IP."""
        found = self.floatingips.get(ctx or self.alpha, key)
        return found.status, found.action, found.ptrdname, found.ttl, found.description

    def around(self, name: str = POINTER) -> resources.Zone | None:
        """The nearest zone around a name."""
        with self.store.read() as tx:
            return store.zones.enclosing(tx, names.key(name))

    def served(self, target: str, name: str = POINTER, ttl: int = 3600) -> bool:
        """Whether the zone around a name has exactly this PTR there."""
        zone = self.around(name)
        wire = rr.encode(name, 'PTR', ttl, rdata.join([rdata.parse('PTR', target, name)]))
        at_name = [each for each in self.rows(zone) if each.name == name]
        return len(at_name) == 1 and self.content(zone)[wire] == 1


class SetTest(TestCase):

    def test_life_of_a_pointer(self):
        self.assertEqual(UNSET, self.shown())
        made = self.put(ttl=60, description='mine')
        self.assertEqual(resources.Floatingip(
            id=FIRST, address='203.0.113.5', ptrdname='www.example.org.', ttl=60,
            description='mine', status='PENDING', action='CREATE'), made)
        zone = self.around()
        self.assertEqual([{'zone': zone}], self.worker.told('deploy'))
        self.assertTrue(self.served('www.example.org.', ttl=60))
        self.settle(zone)
        self.assertEqual(('ACTIVE', 'NONE', 'www.example.org.', 60, 'mine'), self.shown())
        self.clock.forward(5)
        changed = self.put(ptrdname='mail.example.org.')
        self.assertEqual(('UPDATE', 'PENDING', 3600, None),
                         (changed.action, changed.status, changed.ttl, changed.description))
        self.assertEqual(('PENDING', 'UPDATE', 'mail.example.org.', 3600, None), self.shown())
        self.assertTrue(self.served('mail.example.org.'))
        self.assertEqual(1, len(self.difference(zone, zone.serial)))
        self.settle(zone)
        self.worker.casts.clear()
        gone = self.put(ptrdname=None)
        self.assertEqual(UNSET, (gone.status, gone.action, gone.ptrdname, gone.ttl,
                                 gone.description))
        self.assertEqual(UNSET, self.shown())
        self.assertEqual([{'zone': self.row(zone)}], self.worker.told('deploy'))
        self.assertEqual(2, len(self.rows(zone)))
        with self.refused(errors.NotFound, '203.0.113.5'):
            self.put(ptrdname=None)

    def test_the_zone_that_is_made_is_the_services_own(self):
        self.set('quota_zones', 0)
        self.set('quota_zone_recordsets', 0)
        with self.store.write() as tx:
            store.tlds.repository.insert(tx, resources.Tld(
                id=fixture.OTHER_POOL, name='org', key='org.', created_at=fixture.START))
            store.blacklists.repository.insert(tx, resources.Blacklist(
                id=fixture.OTHER_POOL, pattern='arpa', created_at=fixture.START))
        self.put()
        zone = self.around()
        self.assertEqual(('113.0.203.in-addr.arpa.', SERVICE, 'hostmaster@example.com', 3, 0),
                         (zone.name, zone.project_id, zone.email, zone.recordset_count,
                          zone.record_count))
        owner = [each.claims[0].owner for each in self.rows(zone) if each.type == 'PTR']
        self.assertEqual([resources.Owner(
            plugin_type='network_api', plugin_name='fake', resource_type='floatingip',
            resource_region='north', resource_id=FIRST[6:], project_id='alpha')], owner)
        page = (None, {}, None, 100, 'created_at', 'asc', True)
        self.assertEqual(0, self.recordsets.find(self.alpha, *page)['total'])
        with self.refused(errors.ZoneNotFound):
            self.zones.get(self.alpha, zone.id)

    def test_others_are_told_for_whom_the_record_is(self):
        self.publisher.enabled = True
        self.put()
        self.put(ptrdname=None)
        told = self.publisher.told()
        self.assertEqual(['dns.zone.create', 'dns.domain.create', 'dns.recordset.create',
                          'dns.recordset.delete'], [event for event, _ in told])
        record = told[2][1]['records'][0]
        self.assertEqual(
            {'managed': True, 'managed_extra': None, 'managed_plugin_type': 'network_api',
             'managed_plugin_name': 'fake', 'managed_resource_type': 'floatingip',
             'managed_resource_region': 'north', 'managed_resource_id': FIRST[6:],
             'managed_tenant_id': 'alpha'},
            {name: value for name, value in record.items() if name.startswith('managed')})

    def test_ipv6_has_a_zone_per_subnet(self):
        made = self.put(SIXTH)
        zone = self.around(made.pointer)
        self.assertEqual('2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.', zone.name)
        self.assertEqual('a' + '.0' * 15 + '.' + zone.name, made.pointer)
        self.assertTrue(self.served('www.example.org.', made.pointer))
        self.assertEqual('www.example.org.', self.shown(SIXTH)[2])

    def test_neighbours_share_a_zone(self):
        self.put()
        self.put(SECOND, ctx=self.beta)
        self.assertEqual(4, self.around().recordset_count)
        self.assertEqual([FIRST, SIXTH], [each.id for each in self.floatingips.find(self.alpha)])
        self.assertEqual(['www.example.org.', None],
                         [each.ptrdname for each in self.floatingips.find(self.alpha)])

    def test_neighbours_at_the_same_moment(self):
        keys = [f'north:00000000-0000-4000-8000-{number:012}' for number in range(20, 30)]
        for number, key in enumerate(keys):
            self.lend(key, 'alpha', f'198.51.100.{number}')
        with concurrent.futures.ThreadPoolExecutor(len(keys)) as pool:
            list(pool.map(self.put, keys))
        zone = self.around('1.100.51.198.in-addr.arpa.')
        self.assertEqual(12, zone.recordset_count)
        self.assertEqual(12, len(self.rows(zone)))

    def test_a_zone_that_is_there_is_used(self):
        operators = fixture.user('operators')
        wide = self.zone('0.203.in-addr.arpa.', operators)
        self.put()
        self.assertEqual(wide.id, self.around().id)
        self.assertTrue(self.served('www.example.org.'))
        narrow = self.zone('113.0.203.in-addr.arpa.', operators)
        self.assertEqual(UNSET, self.shown())       # Nothing in the wide zone is seen any more.
        self.put()
        self.assertEqual(3, self.row(narrow).recordset_count)
        self.assertEqual('www.example.org.', self.shown()[2])

    def test_a_zone_that_cannot_hold_it(self):
        self.zone('0.203.in-addr.arpa.', type='SECONDARY', masters=['192.0.2.53'])
        with self.refused(errors.Forbidden, '0.203.in-addr.arpa.'):
            self.put()
        doomed = self.zone('113.0.203.in-addr.arpa.')
        self.put()
        self.zones.delete(self.alpha, doomed.id)
        self.assertEqual(UNSET, self.shown())
        with self.refused(errors.NotFound):
            self.put(ptrdname=None)

    def test_a_cname_stands_alone(self):
        zone = self.zone('113.0.203.in-addr.arpa.', fixture.user('operators'))
        self.recordset(zone, POINTER, 'CNAME', ['5.0-31.113.0.203.in-addr.arpa.'],
                       ctx=fixture.user('operators'))
        with self.refused(errors.InvalidRecordsetLocation):
            self.put()

    def test_who_may_not(self):
        reader = fixture.user('alpha', 'reader')
        self.assertEqual(UNSET, self.shown(ctx=reader))
        with self.refused(errors.Forbidden):
            self.put(ctx=reader)
        nobody = fixture.user('alpha', 'auditor')
        with self.refused(errors.Forbidden):
            self.shown(ctx=nobody)
        with self.refused(errors.Forbidden):
            self.floatingips.find(nobody)
        with self.refused(errors.NotFound, SECOND):
            self.put(SECOND)
        with self.refused(errors.NotFound, SECOND):
            self.shown(SECOND, fixture.ADMIN)
        self.set('min_ttl', 60, 'service:central')
        with self.refused(errors.InvalidTtl):
            self.put(ttl=59)
        self.assertIsNone(self.around())


class StaleTest(TestCase):

    def test_the_floating_ip_went_to_another_project(self):
        self.put()
        self.lend(FIRST, 'beta', '203.0.113.5')
        with self.refused(errors.NotFound):
            self.shown()
        self.assertTrue(self.served('www.example.org.'))
        self.assertEqual(UNSET, self.shown(ctx=self.beta))
        self.assertEqual(2, self.around().recordset_count)
        self.assertEqual(1, len(self.worker.told('deploy')))
        self.assertEqual('CREATE', self.put(ctx=self.beta).action)

    def test_another_project_sets_it_without_looking(self):
        self.put()
        self.lend(FIRST, 'beta', '203.0.113.5')
        self.assertEqual('CREATE', self.put(ptrdname='beta.example.', ctx=self.beta).action)
        self.assertTrue(self.served('beta.example.'))
        self.lend(FIRST, 'alpha', '203.0.113.5')
        with self.refused(errors.NotFound):
            self.put(ptrdname=None)

    def test_the_address_went_to_another_floating_ip(self):
        self.put()
        del network.Fake.lent[FIRST]
        self.lend(SECOND, 'beta', '203.0.113.5')
        self.assertEqual([None], [each.ptrdname for each in self.floatingips.find(self.beta)])
        self.assertEqual(2, self.around().recordset_count)

    def test_regions_that_lend_the_same_address(self):
        self.put()
        self.lend(FAR, 'beta', '203.0.113.5')
        self.assertEqual(UNSET, self.shown(FAR, self.beta))
        self.assertTrue(self.served('www.example.org.'))

    def test_what_operators_have_written_stays_until_a_user_sets_another(self):
        operators = fixture.user('operators')
        zone = self.zone('113.0.203.in-addr.arpa.', operators)
        self.recordset(zone, POINTER, 'PTR', ['a.example.', 'b.example.'], ctx=operators)
        self.assertEqual(UNSET, self.shown())
        with self.refused(errors.NotFound):
            self.put(ptrdname=None)
        self.assertEqual((3, 3), (self.row(zone).recordset_count, len(self.rows(zone))))
        self.assertEqual('CREATE', self.put().action)
        self.assertTrue(self.served('www.example.org.'))
        self.assertEqual(0, self.row(zone).record_count)    # What is managed does not count.

    def test_reading_goes_on_while_nothing_can_be_written(self):
        self.put()
        self.lend(FIRST, 'beta', '203.0.113.5')
        away = unittest.mock.patch.object(self.store, 'write',
                                          side_effect=errors.DatabaseUnavailable)
        with away, self.assertLogs('designate_like.central.floatingips', 'WARNING'):
            self.assertEqual(UNSET, self.shown(ctx=self.beta))
        self.assertTrue(self.served('www.example.org.'))
