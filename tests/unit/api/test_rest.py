# SPDX-License-Identifier: Apache-2.0
"""Lists and items: codes, documents, links, headers, and what central is asked."""
from designate_like import errors
from designate_like import resources
from tests.unit.api import site

ITEM = f'/v2/zones/{site.ZONE_ID}'
RECORDSET = f'{ITEM}/recordsets/{site.RECORDSET_ID}'
ROOT = 'http://localhost'


class ItemTest(site.TestCase):

    def test_a_zone_to_the_letter(self):
        self.central.answers['zones.get'] = site.zone()
        response = self.request('GET', ITEM)
        self.assertEqual(200, response.status_int)
        self.assertEqual('application/json', response.headers['Content-Type'])
        self.assertEqual(
            [('id', site.ZONE_ID), ('pool_id', site.POOL_ID), ('project_id', 'noauth-project'),
             ('name', 'example.com.'), ('email', 'a@example.com'), ('description', None),
             ('ttl', 3600), ('serial', 1795222360), ('shared', False), ('status', 'PENDING'),
             ('action', 'CREATE'), ('version', 1), ('attributes', {}), ('type', 'PRIMARY'),
             ('masters', []), ('created_at', '2026-11-21T00:52:40.000000'),
             ('updated_at', None), ('transferred_at', None), ('links', {'self': ROOT + ITEM})],
            list(response.json.items()))
        self.assertEqual([('zones.get', {'zone_id': site.ZONE_ID})], self.central.calls)

    def test_create_a_zone(self):
        self.central.answers['zones.create'] = site.zone()
        values = {'name': 'example.com.', 'email': 'a@example.com'}
        response = self.request('POST', '/v2/zones', values)
        self.assertEqual((202, ROOT + ITEM), (response.status_int, response.headers['Location']))
        self.assertEqual(ROOT + ITEM, response.json['links']['self'])
        self.assert_created('zones.create', values)

    def assert_created(self, method, values, **ids):
        """Central was asked to create that, under an id that the API has chosen."""
        [(called, arguments)] = self.central.calls
        self.assertEqual(36, len(arguments['values']['id']))
        self.assertEqual((method, {**ids, 'values': {**values, 'id': arguments['values']['id']}}),
                         (called, arguments))

    def test_update_a_zone(self):
        self.central.answers['zones.get'] = site.zone()
        self.central.answers['zones.update'] = site.zone(description='new')
        response = self.request('PATCH', ITEM, {'description': 'new', 'name': 'example.com.'})
        self.assertEqual((202, 'new'), (response.status_int, response.json['description']))
        self.assertEqual({'zone_id': site.ZONE_ID, 'values': {'description': 'new'}},
                         self.central.calls[1][1])

    def test_an_update_that_changes_nothing_on_servers(self):
        self.central.answers['zones.get'] = site.zone()
        self.central.answers['zones.update'] = site.zone(settled_serial=site.SETTLED)
        self.assertEqual(200, self.request('PATCH', ITEM, {}).status_int)

    def test_delete_a_zone(self):
        self.central.answers['zones.delete'] = site.zone(deleting=True)
        response = self.request('DELETE', ITEM)
        self.assertEqual((202, 'DELETE', 'PENDING'), (
            response.status_int, response.json['action'], response.json['status']))

    def test_create_a_recordset(self):
        self.central.answers['recordsets.create'] = site.recordset()
        values = {'name': 'www.example.com.', 'type': 'A', 'records': ['192.0.2.1']}
        response = self.request('POST', f'{ITEM}/recordsets', values)
        self.assertEqual((202, ROOT + RECORDSET),
                         (response.status_int, response.headers['Location']))
        self.assert_created('recordsets.create', values, zone_id=site.ZONE_ID)

    def test_a_recordset_without_records_is_there_at_once(self):
        self.central.answers['recordsets.create'] = site.recordset(
            records=[], serial=0, born_serial=0)
        response = self.request('POST', f'{ITEM}/recordsets',
                                {'name': 'www.example.com.', 'type': 'A'})
        self.assertEqual((201, 'ACTIVE', 'NONE'), (
            response.status_int, response.json['status'], response.json['action']))

    def test_update_a_recordset(self):
        self.central.answers['recordsets.writable'] = site.recordset()
        self.central.answers['recordsets.update'] = site.recordset(ttl=60)
        response = self.request('PUT', RECORDSET, {'ttl': 60})
        self.assertEqual((202, 60), (response.status_int, response.json['ttl']))
        ids = {'zone_id': site.ZONE_ID, 'recordset_id': site.RECORDSET_ID}
        self.assertEqual([('recordsets.writable', {**ids, 'verb': 'updated'}),
                          ('recordsets.update', {**ids, 'values': {'ttl': 60}})],
                         self.central.calls)

    def test_what_may_not_be_changed_is_refused_before_the_body_is_read(self):
        self.central.answers['recordsets.writable'] = errors.BadRequest('managed')
        self.refused(400, 'bad_request', self.request('PUT', RECORDSET, ['an', 'array']))
        self.refused(400, 'bad_request', self.request('PUT', RECORDSET, b'',
                                                      CONTENT_TYPE='application/json'))
        self.refused(415, 'unsupported_content_type', self.request('PUT', RECORDSET, b'{}'))

    def test_delete_a_recordset(self):
        self.central.answers['recordsets.delete'] = site.recordset(zone_deleting=True)
        response = self.request('DELETE', RECORDSET)
        self.assertEqual((202, 'DELETE', 'PENDING', ['192.0.2.1']), (
            response.status_int, response.json['action'], response.json['status'],
            response.json['records']))

    def test_pools(self):
        self.central.answers.update({'pools.create': site.pool(), 'pools.get': site.pool(),
                                     'pools.update': site.pool(), 'pools.delete': None})
        values = {'name': 'default', 'ns_records': [{'hostname': 'ns1.example.org.',
                                                     'priority': 1}]}
        created = self.request('POST', '/v2/pools', values)
        item = f'/v2/pools/{site.POOL_ID}'
        self.assertEqual((201, ROOT + item), (created.status_int, created.headers['Location']))
        self.assertEqual(['id', 'project_id', 'name', 'description', 'attributes', 'ns_records',
                          'created_at', 'updated_at', 'links'], list(created.json))
        self.assertEqual(200, self.request('GET', item).status_int)
        self.assertEqual(202, self.request('PATCH', item, {'name': 'other'}).status_int)
        gone = self.request('DELETE', item)
        self.assertEqual((204, b'', None),
                         (gone.status_int, gone.body, gone.headers.get('Content-Type')))


class ActionTest(site.TestCase):

    def test_nameservers(self):
        self.central.answers['zones.nameservers'] = site.pool().ns_records
        self.assertEqual(
            {'nameservers': [{'hostname': 'ns1.example.org.', 'priority': 1}]},
            self.request('GET', f'{ITEM}/nameservers').json)

    def test_propagation(self):
        self.central.answers['zones.propagation'] = {
            'zone': site.zone(), 'nameservers': [resources.Propagation(
                hostname='192.0.2.1', port=53, state='BEHIND', serial=2**32 + 1, lag=3,
                seen_at=None, error='no answer')]}
        path = f'{ITEM}/propagation'
        found = self.request('GET', path).json
        self.assertEqual(['nameservers', 'serial', 'status', 'action', 'links'], list(found))
        self.assertEqual([{'hostname': '192.0.2.1', 'port': 53, 'state': 'BEHIND', 'serial': 1,
                           'lag': 3, 'seen_at': None, 'error': 'no answer'}],
                         found['nameservers'])
        self.assertEqual({'self': ROOT + path}, found['links'])
        self.assertEqual(site.zone().view()['serial'], found['serial'])

    def test_a_recordset_outside_its_zone(self):
        self.central.answers['recordsets.locate'] = site.recordset()
        response = self.request('GET', f'/v2/recordsets/{site.RECORDSET_ID}')
        self.assertEqual((301, ROOT + RECORDSET),
                         (response.status_int, response.headers['Location']))

    def test_limits(self):
        self.central.answers['limits.get'] = {'max_zones': 10, 'min_ttl': 0}
        self.assertEqual({'max_zones': 10, 'min_ttl': 0, 'max_page_limit': 1000},
                         self.request('GET', '/v2/limits').json)

    def test_quotas(self):
        quotas = resources.Quotas(zones=10, zone_recordsets=500, zone_records=500,
                                  recordset_records=20, api_export_size=1000)
        self.central.answers.update({'quotas.get': quotas, 'quotas.update': quotas,
                                     'quotas.delete': None})
        flat = {'zones': 10, 'zone_recordsets': 500, 'zone_records': 500,
                'recordset_records': 20, 'api_export_size': 1000}
        for path in ('/v2/quotas', '/v2/quotas/noauth-project'):
            self.assertEqual(flat, self.request('GET', path).json)
        changed = self.request('PATCH', '/v2/quotas/other', {'zones': '5', 'zone_records': -1})
        self.assertEqual((200, flat), (changed.status_int, changed.json))
        self.assertEqual(('quotas.update', {'project_id': 'other',
                                            'values': {'zones': 5, 'zone_records': -1},
                                            'verify': False}),
                         self.central.calls[-1])
        self.assertEqual(204, self.request('DELETE', '/v2/quotas/other').status_int)

    def test_quotas_of_others(self):
        self.central.answers['quotas.get'] = resources.Quotas(
            zones=1, zone_recordsets=1, zone_records=1, recordset_records=1, api_export_size=1)
        self.refused(403, 'forbidden', self.request('GET', '/v2/quotas/other'))
        for headers in ({'X-Auth-All-Projects': 'True'}, {'X-Auth-Sudo-Project-ID': 'other'}):
            response = self.request('GET', '/v2/quotas/other', headers=headers)
            self.assertEqual(200, response.status_int)


class ListTest(site.TestCase):

    def setUp(self):
        super().setUp()
        self.page(2)
        for noun in ('pools', 'service_statuses'):
            self.central.answers[f'{noun}.find'] = {'items': [], 'total': 0}

    def page(self, count):
        self.central.answers['zones.find'] = {'items': [site.zone()] * count, 'total': 7}
        self.central.answers['recordsets.find'] = {'items': [site.recordset()] * count, 'total': 7}

    def asked(self, path, **kwargs):
        """What central is asked for a list."""
        response = self.request('GET', path, **kwargs)
        self.assertEqual(200, response.status_int, response.text)
        return self.central.calls[-1][1]

    def test_defaults(self):
        self.assertEqual({'filters': {}, 'marker': None, 'limit': 20, 'sort_key': 'created_at',
                          'sort_dir': 'asc'}, self.asked('/v2/zones'))

    def test_the_envelope(self):
        response = self.request('GET', '/v2/zones?limit=3&name=*.org.')
        self.assertEqual(['zones', 'links', 'metadata'], list(response.json))
        self.assertEqual({'self': f'{ROOT}/v2/zones?limit=3&name=*.org.'}, response.json['links'])
        self.assertEqual({'total_count': 7}, response.json['metadata'])

    def test_a_full_page_has_a_next_one(self):
        query = 'name=a%2A&limit=2&sort_key=name'
        links = self.request('GET', f'/v2/zones?{query}').json['links']
        following = f'{ROOT}/v2/zones?{query}&marker={site.ZONE_ID}'
        self.assertEqual({'self': f'{ROOT}/v2/zones?{query}', 'next': following}, links)
        again = self.request('GET', following.removeprefix(ROOT)).json['links']
        self.assertEqual(following, again['next'])
        self.assertEqual(site.ZONE_ID, self.central.calls[-1][1]['marker'])

    def test_an_empty_page_has_none(self):
        self.page(0)
        document = self.request('GET', '/v2/zones?limit=2').json
        self.assertEqual(([], ['self']), (document['zones'], list(document['links'])))

    def test_limits(self):
        for text, limit in (('7', 7), ('max', 1000), ('1000', 1000), ('5000', 1000),
                            ('9' * 5000, 1000), ('0' * 20 + '3', 3)):
            self.assertEqual(limit, self.asked(f'/v2/zones?limit={text}')['limit'])
        for text in ('0', '-1', '', 'x', '1.5', '1e3', '00', '%D9%A3', '+1', 'MAX'):
            with self.subTest(text):
                self.refused(400, 'invalid_limit', self.request('GET', f'/v2/zones?limit={text}'))

    def test_the_options_of_limits(self):
        self.set('default_limit_v2', 5)
        self.set('max_limit_v2', 50)
        self.assertEqual(5, self.asked('/v2/zones')['limit'])
        self.assertEqual(50, self.asked('/v2/zones?limit=max')['limit'])

    def test_sorting(self):
        for path, keys in (
                ('/v2/zones', 'created_at id updated_at name serial ttl status'),
                (f'{ITEM}/recordsets', 'created_at id updated_at zone_id name type ttl'),
                ('/v2/recordsets', 'created_at updated_at zone_id name type ttl'),
                ('/v2/pools', 'created_at id updated_at'),
                ('/v2/service_statuses', 'created_at id updated_at')):
            for key in keys.split():
                self.assertEqual(key, self.asked(f'{path}?sort_key={key}')['sort_key'])
        for path, key in (('/v2/zones', 'email'), (f'{ITEM}/recordsets', 'records'),
                          ('/v2/recordsets', 'id'), ('/v2/pools', 'name'), ('/v2/zones', ''),
                          ('/v2/pools', 'tenant_id'), ('/v2/zones', 'key')):
            self.refused(400, 'invalid_sort_key', self.request('GET', f'{path}?sort_key={key}'))
        self.assertEqual('desc', self.asked('/v2/zones?sort_dir=desc')['sort_dir'])
        self.refused(400, 'invalid_sort_dir', self.request('GET', '/v2/zones?sort_dir=DESC'))

    def test_sorting_by_project(self):
        path = '/v2/zones?sort_key=tenant_id'
        self.assertEqual('created_at', self.asked(path)['sort_key'])
        everybody = {'X-Auth-All-Projects': 'true'}
        self.assertEqual('project_id', self.asked(path, headers=everybody)['sort_key'])

    def test_markers(self):
        self.refused(400, 'invalid_marker', self.request('GET', '/v2/zones?marker=7'))
        self.central.answers['zones.find'] = errors.MarkerNotFound()
        self.refused(400, 'marker_not_found',
                     self.request('GET', f'/v2/zones?marker={site.ZONE_ID}'))

    def test_filters(self):
        for path, names in (
                ('/v2/zones', 'name type email status description ttl'),
                (f'{ITEM}/recordsets', 'name type ttl data status description action'),
                ('/v2/recordsets', 'name type ttl data status description action zone_id'),
                ('/v2/pools', 'name'),
                ('/v2/service_statuses', 'hostname service_name status')):
            query = '&'.join(f'{name}=x' for name in names.split())
            self.assertEqual(dict.fromkeys(names.split(), 'x'),
                             self.asked(f'{path}?{query}')['filters'])

    def test_filters_that_are_none(self):
        body = self.refused(400, 'bad_request',
                            self.request('GET', '/v2/zones?bogus=1&name=x&data=2'))
        self.assertEqual('Invalid filters bogus, data', body['message'])
        body = self.refused(400, 'bad_request',
                            self.request('GET', f'{ITEM}/recordsets?zone_id={site.ZONE_ID}'))
        self.assertEqual('Invalid filters zone_id', body['message'])
        body = self.refused(400, 'bad_request', self.request('GET', '/v2/zones?name=x&name=y'))
        self.assertEqual('Duplicate filters name', body['message'])

    def test_filters_are_decoded(self):
        self.assertEqual({'name': 'ä b', 'email': ''},
                         self.asked('/v2/zones?name=%C3%A4+b&email=')['filters'])
        for query in ('name=%ff', 'name=\xff'):
            response = self.request('GET', '/v2/zones', QUERY_STRING=query)
            self.refused(400, 'bad_request', response)

    def test_modifiers_are_no_filters(self):
        asked = self.asked('/v2/zones?all_projects=true&all_tenants=1&edit_managed_records=no')
        self.assertEqual({}, asked['filters'])
        self.assertTrue(self.central.contexts[-1].all_tenants)
        self.assertFalse(self.central.contexts[-1].edit_managed_records)

    def test_recordsets(self):
        asked = self.asked(f'{ITEM}/recordsets')
        self.assertEqual((site.ZONE_ID, True), (asked['zone_id'], asked['count']))
        document = self.request('GET', '/v2/recordsets').json
        self.assertIsNone(self.central.calls[-1][1]['zone_id'])
        self.assertEqual(ROOT + RECORDSET, document['recordsets'][0]['links']['self'])
        self.assertEqual(f'{ROOT}/v2/recordsets', document['links']['self'])

    def test_counts_may_be_hidden(self):
        response = self.request('GET', f'{ITEM}/recordsets',
                                headers={'OpenStack-DNS-Hide-Counts': 'True'})
        self.assertEqual({}, response.json['metadata'])
        self.assertFalse(self.central.calls[-1][1]['count'])

    def test_lists_that_do_not_count(self):
        for noun in ('pools', 'service_statuses'):
            self.assertEqual([noun, 'links'], list(self.request('GET', f'/v2/{noun}').json))

    def test_the_other_name_of_service_statuses(self):
        status = resources.ServiceStatus(
            id=site.POOL_ID, service_name='central', hostname='a', heartbeated_at=site.NOW,
            created_at=site.NOW)
        self.central.answers['service_statuses.find'] = {'items': [status], 'total': 1}
        self.central.answers['service_statuses.get'] = status
        document = self.request('GET', '/v2/service_status').json
        item = f'{ROOT}/v2/service_statuses/{site.POOL_ID}'
        self.assertEqual(f'{ROOT}/v2/service_status', document['links']['self'])
        self.assertEqual(item, document['service_statuses'][0]['links']['self'])
        self.assertEqual(
            {'id', 'hostname', 'service_name', 'status', 'stats', 'capabilities',
             'heartbeated_at', 'created_at', 'updated_at', 'links'},
            set(self.request('GET', f'/v2/service_status/{site.POOL_ID}').json))


class LinkTest(site.TestCase):

    def setUp(self):
        super().setUp()
        self.central.answers['zones.get'] = site.zone()

    def self_link(self, **kwargs):
        return self.request('GET', ITEM, **kwargs).json['links']['self']

    def test_the_host_header(self):
        self.assertEqual(f'http://dns.example.net:9001{ITEM}',
                         self.self_link(headers={'Host': 'dns.example.net:9001'}))

    def test_a_script_prefix(self):
        self.assertEqual(f'{ROOT}/dns{ITEM}', self.self_link(SCRIPT_NAME='/dns'))

    def test_a_base_uri(self):
        self.set('enable_host_header', False)
        self.set('api_base_uri', 'https://dns.example.net/dns/')
        self.assertEqual(f'https://dns.example.net/dns{ITEM}', self.self_link())

    def test_a_proxy(self):
        headers = {'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'dns.example.net',
                   'X-Forwarded-Prefix': '/dns'}
        self.assertEqual(ROOT + ITEM, self.self_link(headers=headers))
        self.set('enable_proxy_headers_parsing', True, 'oslo_middleware')
        self.assertEqual(f'https://dns.example.net/dns{ITEM}', self.self_link(headers=headers))
