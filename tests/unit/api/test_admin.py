# SPDX-License-Identifier: Apache-2.0
"""/admin: when it is there, its links, and the errors that only it has."""
from designate_like import errors
from designate_like import resources
from tests.unit.api import site

LIMITS = {'zones': 1, 'zone_recordsets': 2, 'zone_records': 3, 'recordset_records': 4,
          'api_export_size': 5}


class MountTest(site.TestCase):

    def test_nothing_is_there_unless_enabled(self) -> None:
        self.set('enabled_extensions_admin', ['reports', 'quotas'])
        for path in ('/admin', '/admin/reports/counts', '/admin/quotas/x'):
            self.assertEqual('not_found', self.request('GET', path).json['type'])
        self.assertEqual([], self.central.calls)

    def test_only_the_extensions_that_are_enabled(self) -> None:
        self.set('enable_api_admin', True)
        self.set('enabled_extensions_admin', ['quotas'])
        self.central.answers['quotas.get'] = resources.Quotas(**LIMITS)
        self.assertEqual({'quota': LIMITS}, self.request('GET', '/admin/quotas/x').json)
        self.refused(404, 'not_found', self.request('GET', '/admin/reports/counts'))

    def test_an_extension_that_there_is_not(self) -> None:
        self.set('enable_api_admin', True)
        self.set('enabled_extensions_admin', ['quotas', 'tenants'])
        with self.assertRaises(errors.ConfigurationError) as caught:
            self.request('GET', '/admin/quotas/x')
        self.assertIn('tenants', caught.exception.message)


class AdminTest(site.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.set('enable_api_admin', True)
        self.set('enabled_extensions_admin', ['reports', 'quotas'])

    def test_links_and_all_projects(self) -> None:
        self.central.answers['reports.tenants'] = [['a', 2], ['b', 1]]
        shown = self.request('GET', '/admin/reports/tenants', SCRIPT_NAME='/dns').json
        root = 'http://localhost/dns/admin/reports/tenants'
        self.assertEqual({
            'tenants': [{'id': 'a', 'zone_count': 2, 'links': {'self': f'{root}/a'}},
                        {'id': 'b', 'zone_count': 1, 'links': {'self': f'{root}/b'}}],
            'links': {'self': root}, 'metadata': {'total_count': 2}}, shown)
        self.assertTrue(self.central.contexts[-1].all_tenants)

    def test_who_may_not_see_all_projects(self) -> None:
        for path in ('/admin/reports/tenants', '/admin/quotas/noauth-project'):
            self.refused(403, 'forbidden', self.request(
                'GET', path, headers={'X-Roles': 'member,reader'}))
        self.assertEqual([], self.central.calls)

    def test_limits_are_wrapped_and_checked(self) -> None:
        self.central.answers['quotas.update'] = resources.Quotas(**LIMITS)
        shown = self.request('PATCH', '/admin/quotas/x', {'quota': {'zones': 0}})
        self.assertEqual((200, {'quota': LIMITS}), (shown.status_int, shown.json))
        self.central.calls.clear()
        for body, path, validator in [
                ({}, ['quota'], 'required'), ([], ['quota'], 'required'),
                ({'quota': 5}, ['quota'], 'required'),
                ({'quota': {'zones': -1}}, ['quota', 'zones'], 'minimum'),
                ({'quota': {'zones': 2**31}}, ['quota', 'zones'], 'maximum'),
                ({'quota': {'zones': '5'}}, ['quota', 'zones'], 'type'),
                ({'quota': {'zones': True}}, ['quota', 'zones'], 'type'),
                ({'quota': {'zones': None}}, ['quota', 'zones'], 'type'),
                ({'quota': {'bogus': 5}}, ['quota', 'bogus'], 'additionalProperties')]:
            with self.subTest(body=body):
                reply = self.request('PATCH', '/admin/quotas/x', body)
                [problem] = self.refused(400, 'invalid_object', reply)['errors']
                self.assertEqual((path, validator), (problem['path'], problem['validator']))
                self.assertEqual({'path', 'message', 'validator'}, set(problem))
        self.assertEqual([], self.central.calls)

    def test_deleting(self) -> None:
        self.central.answers['quotas.delete'] = None
        reply = self.request('DELETE', '/admin/quotas/x')
        self.assertEqual((204, b'', None), (reply.status_int, reply.body, reply.content_type))
