# SPDX-License-Identifier: Apache-2.0
"""What notifications say about each thing, to the last name."""
import datetime
import json

from designate_like import resources
from designate_like.notifications import payloads
from tests import base

THEN = datetime.datetime(2026, 11, 21, 3, 0, 0)
ID = '5850a862-d57a-4738-ab13-9875525d9f4f'
ZONE = resources.Zone(
    id=ID, pool_id=ID, project_id='alpha', name='example.org.', email='a@example.org', ttl=60,
    serial=2**32 + 7, key='org.example.', created_at=THEN,
    attributes={'ssd': 'True'}, born_serial=2**32 + 7)
RECORDSET = resources.Recordset(
    id=ID, zone_id=ID, project_id='alpha', name='www.example.org.', zone_name='example.org.',
    type='A', records=['192.0.2.1', '192.0.2.2'], key='org.example.www.', created_at=THEN,
    serial=2**32 + 7, born_serial=2**32 + 7)


class PayloadTest(base.TestCase):

    def test_a_zone(self):
        self.assertEqual({
            'id': ID, 'shard': 0x585, 'tenant_id': 'alpha', 'name': 'example.org.',
            'email': 'a@example.org', 'ttl': 60, 'refresh': 3600, 'retry': 600, 'expire': 86400,
            'minimum': 3600, 'parent_zone_id': None, 'serial': 7, 'description': None,
            'status': 'PENDING', 'action': 'CREATE', 'pool_id': ID, 'type': 'PRIMARY',
            'masters': [], 'attributes': {'ssd': 'True'}, 'transferred_at': None,
            'delayed_notify': False, 'increment_serial': False,
            'created_at': '2026-11-21T03:00:00.000000', 'updated_at': None, 'version': 1,
            'deleted': '0', 'deleted_at': None}, payloads.of(ZONE))

    def test_a_recordset(self):
        shown = payloads.of(RECORDSET)
        self.assertEqual(
            {'id', 'zone_id', 'zone_name', 'tenant_id', 'name', 'type', 'ttl', 'description',
             'status', 'action', 'records', 'created_at', 'updated_at', 'version'}, set(shown))
        self.assertEqual(('alpha', 'example.org.', 'PENDING'),
                         (shown['tenant_id'], shown['zone_name'], shown['status']))
        self.assertEqual(['192.0.2.1', '192.0.2.2'], [each['data'] for each in shown['records']])

    def test_a_record(self):
        first, second = payloads.of(RECORDSET)['records']
        self.assertEqual(
            {'id', 'data', 'managed', 'managed_extra', 'managed_plugin_type',
             'managed_plugin_name', 'managed_resource_type', 'managed_resource_region',
             'managed_resource_id', 'managed_tenant_id', 'status', 'action', 'serial', 'hash',
             'description'}, set(first))
        self.assertEqual(('CREATE', 7, False), (first['action'], first['serial'],
                                                first['managed']))
        self.assertNotEqual(first['id'], second['id'])
        again = payloads.of(RECORDSET.replace(records=['192.0.2.2', '192.0.2.1']))['records']
        self.assertEqual([second, first], again)

    def test_a_record_that_is_kept_for_something_else(self):
        owner = resources.Owner(plugin_type='handler', plugin_name='nova_fixed',
                                resource_type='instance', resource_id=ID, project_id='beta',
                                resource_region='one')
        claims = [resources.Claim(data='192.0.2.1', owner=owner)]
        record, other = payloads.of(RECORDSET.replace(claims=claims, managed=True))['records']
        self.assertEqual((False, None), (other['managed'], other['managed_resource_id']))
        self.assertEqual(
            {'managed': True, 'managed_extra': None, 'managed_plugin_type': 'handler',
             'managed_plugin_name': 'nova_fixed', 'managed_resource_type': 'instance',
             'managed_resource_region': 'one', 'managed_resource_id': ID,
             'managed_tenant_id': 'beta'},
            {name: value for name, value in record.items() if name.startswith('managed')})

    def test_a_transfer_request(self):
        shown = payloads.of(resources.ZoneTransferRequest(
            id=ID, zone_id=ID, zone_name='example.org.', project_id='alpha', key='SECRET12',
            target_project_id='beta', created_at=THEN))
        self.assertEqual(('alpha', 'beta', None, 'ACTIVE'), tuple(
            shown[name] for name in ('tenant_id', 'target_tenant_id', 'key', 'status')))

    def test_a_share(self):
        shown = payloads.of(resources.SharedZone(
            id=ID, zone_id=ID, project_id='alpha', target_project_id='beta', created_at=THEN))
        self.assertEqual(('alpha', 'beta'), (shown['project_id'], shown['target_project_id']))

    def test_what_is_simpler_has_the_names_of_the_api(self):
        tld = resources.Tld(id=ID, name='org', key='org.', created_at=THEN)
        self.assertEqual({'id': ID, 'name': 'org', 'description': None, 'updated_at': None,
                          'created_at': '2026-11-21T03:00:00.000000'}, payloads.of(tld))

    def test_no_secret_leaves(self):
        key = resources.Tsigkey(id=ID, name='k', algorithm='hmac-sha256', secret='c2VjcmV0',
                                scope='POOL', resource_id=ID, created_at=THEN)
        pool = resources.Pool(id=ID, name='p', created_at=THEN, project_id='alpha', targets=[
            resources.Target(type='pdns4', options={'api_token': 'c2VjcmV0'})])
        for thing in (key, pool):
            self.assertNotIn('c2VjcmV0', json.dumps(payloads.of(thing)))
        self.assertIsNone(payloads.of(key)['secret'])
        self.assertEqual('alpha', payloads.of(pool)['tenant_id'])
