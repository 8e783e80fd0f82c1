# SPDX-License-Identifier: Apache-2.0
"""openstacksdk: its proxy ``conn.dns``, and the cloud layer that Ansible stands on."""
import warnings
from typing import Any

import openstack
from openstack import exceptions

from tests import base
from tests.interop import standalone


class SdkTestCase(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        # What the SDK says to itself about its own next versions.
        warnings.filterwarnings('ignore', category=PendingDeprecationWarning)
        self.service = self.standalone()
        self.cloud = self.connect(endpoint=f'http://127.0.0.1:{self.service.port}')
        self.dns = self.cloud.dns

    def connect(self, **options: Any) -> openstack.connection.Connection:
        """A connection to a cloud that is this service, and asks nobody who they are."""
        connection = openstack.connect(load_yaml_config=False, load_envvars=False,
                                       auth_type='none', **options)
        self.addCleanup(connection.session.session.close)
        self.addCleanup(connection.close)
        return connection


class DiscoveryTest(SdkTestCase):

    def test_the_version_is_found_at_the_root(self) -> None:
        root = f'http://127.0.0.1:{self.service.port}'
        for options in ({'endpoint': root}, {'endpoint': f'{root}/'},
                        {'dns_endpoint_override': root}, {'dns_endpoint_override': f'{root}/'}):
            with self.subTest(options):
                dns = self.connect(**options).dns
                self.assertEqual(f'{root}/v2', dns.get_endpoint().rstrip('/'))
                self.assertEqual([], list(dns.zones()))


class ZoneTest(SdkTestCase):

    def test_life_of_a_zone(self) -> None:
        made = self.dns.create_zone(name='Example.org.', email='me@example.org', ttl=300,
                                    description='The first', attributes={'a': 'b'})
        self.assertEqual(('PENDING', 'CREATE', 300, {'a': 'b'}, [], False), (
            made.status, made.action, made.ttl, made.attributes, made.masters, made.is_shared))
        base.wait(lambda: self.dns.get_zone(made.id).status == 'ACTIVE')
        self.assertEqual(made.id, self.dns.find_zone('Example.org.').id)
        self.assertEqual(made.id, self.dns.find_zone(made.id).id)
        self.assertIsNone(self.dns.find_zone('example.net.'))
        self.assertEqual(['ns1.standalone.invalid.'],
                         [each.hostname for each in self.dns.zone_nameservers(made)])
        changed = self.dns.update_zone(made, email='you@example.org', description='Changed')
        self.assertEqual(('you@example.org', 'Changed', 300),
                         (changed.email, changed.description, changed.ttl))
        self.dns.delete_zone(made, ignore_missing=False)
        base.wait(lambda: self.dns.find_zone(made.id) is None)
        with self.assertRaises(exceptions.NotFoundException):
            self.dns.get_zone(made.id)
        with self.assertRaises(exceptions.NotFoundException):
            self.dns.delete_zone(made.id, ignore_missing=False)

    def test_lists_over_many_pages(self) -> None:
        for count in range(25):
            self.dns.create_zone(name=f'z{count}.example.', email='me@example.org',
                                 ttl=60 if count % 2 else 70)
        self.assertEqual([f'z{count}.example.' for count in range(25)],
                         [zone.name for zone in self.dns.zones()])
        self.assertEqual(25, len(list(self.dns.zones(limit=4))))
        self.assertEqual(12, len(list(self.dns.zones(ttl=60, limit=5))))
        self.assertEqual(['z7.example.'], [zone.name for zone in self.dns.zones(
            name='z7.example.')])

    def test_errors(self) -> None:
        self.dns.create_zone(name='example.org.', email='me@example.org')
        with self.assertRaises(exceptions.ConflictException) as caught:
            self.dns.create_zone(name='example.org.', email='me@example.org')
        self.assertIn('Duplicate Zone', str(caught.exception))
        with self.assertRaises(exceptions.BadRequestException):
            self.dns.create_zone(name='example.net', email='me@example.org')


class RecordsetTest(SdkTestCase):

    def test_life_of_a_recordset(self) -> None:
        zone = self.dns.create_zone(name='example.org.', email='me@example.org')
        made = self.dns.create_recordset(zone, name='www.example.org.', type='A', ttl=60,
                                         records=['192.0.2.2', '192.0.2.1'])
        self.assertEqual((['192.0.2.2', '192.0.2.1'], 'PENDING', zone.id, 'example.org.'),
                         (made.records, made.status, made.zone_id, made.zone_name))
        base.wait(lambda: self.dns.get_recordset(made, zone).status == 'ACTIVE')
        self.assertEqual(made.id, self.dns.find_recordset(zone, 'www.example.org.').id)
        self.assertIsNone(self.dns.find_recordset(zone, 'mail.example.org.'))
        changed = self.dns.update_recordset(made, records=['192.0.2.3'], ttl=None)
        self.assertEqual((['192.0.2.3'], None), (changed.records, changed.ttl))
        self.dns.delete_recordset(made, zone, ignore_missing=False)
        self.assertIsNone(self.dns.find_recordset(zone, made.id))

    def test_more_than_a_page(self) -> None:
        zone = self.dns.create_zone(name='example.org.', email='me@example.org')
        api = self.client(self.service)
        for count in range(1050):
            api.record(zone.id, f'r{count}.example.org.', '192.0.2.1')
        for query in ({}, {'limit': 1000}, {'limit': 300}):
            with self.subTest(query):
                self.assertEqual(1050, len(list(self.dns.recordsets(zone, type='A', **query))))
        self.assertEqual(1052, len(self.cloud.list_recordsets('example.org.')))


class CloudTest(SdkTestCase):

    def test_as_ansible_does(self) -> None:
        self.assertIsNone(self.cloud.get_zone('example.org.'))
        zone = self.cloud.create_zone('example.org.', zone_type='primary', email='me@example.org')
        self.assertEqual(zone.id, self.cloud.get_zone('example.org.').id)
        again = self.cloud.get_zone('example.org.')
        self.assertEqual(('me@example.org', None, 3600, []),
                         (again.email, again.description, again.ttl, again.masters))
        copy = self.cloud.create_zone('copy.example.', zone_type='secondary',
                                      masters=['127.0.0.2', '127.0.0.1'])
        self.assertEqual(['127.0.0.2', '127.0.0.1'], copy.masters)
        changed = self.cloud.update_zone('example.org.', description='Changed', ttl=60)
        self.assertEqual(('Changed', 60), (changed.description, changed.ttl))
        made = self.cloud.create_recordset('example.org.', 'www.example.org.', 'a',
                                           ['192.0.2.2', '192.0.2.1'], ttl=300)
        found = self.cloud.get_recordset('example.org.', 'www.example.org.')
        self.assertEqual((made.id, ['192.0.2.2', '192.0.2.1'], 300),
                         (found.id, found.records, found.ttl))
        changed = self.cloud.update_recordset('example.org.', 'www.example.org.',
                                              records=['192.0.2.1', '192.0.2.2'])
        self.assertEqual(['192.0.2.1', '192.0.2.2'], changed.records)
        self.assertTrue(self.cloud.delete_recordset('example.org.', 'www.example.org.'))
        self.assertFalse(self.cloud.delete_recordset('example.org.', 'www.example.org.'))
        self.assertTrue(self.cloud.delete_zone('example.org.'))
        base.wait(lambda: self.cloud.get_zone('example.org.') is None)
        self.assertFalse(self.cloud.delete_zone('example.org.'))

    def test_quotas_limits_and_services(self) -> None:
        changed = self.dns.update_quota('p1', zones=3, zone_records=7)
        self.assertEqual((3, 7, -1), (changed.zones, changed.zone_records,
                                      changed.zone_recordsets))
        self.assertEqual(3, self.dns.get_quota('p1').zones)
        self.dns.delete_quota('p1')
        self.assertEqual(-1, self.dns.get_quota('p1').zones)
        self.assertEqual(1000, next(iter(self.dns.limits())).max_page_limit)
        found = list(self.dns.service_statuses())
        self.assertEqual({'api', 'central', 'mdns', 'producer', 'worker'},
                         {each.service_name for each in found})
        self.assertEqual('UP', self.dns.get_service_status(found[0]).status)
