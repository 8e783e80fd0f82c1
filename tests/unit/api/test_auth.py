# SPDX-License-Identifier: Apache-2.0
"""Who asks, in each way of proving it, and what the modifiers give or refuse."""
import base64
import json

import bcrypt
import webob

from designate_like import context
from designate_like.api import auth
from tests.unit.api import site

ITEM = f'/v2/zones/{site.ZONE_ID}'
MEMBER = {'X-Roles': 'member,reader'}


class TestCase(site.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.central.answers['zones.get'] = site.zone()

    def caller(self, **headers: str) -> context.RequestContext:
        """The context with which central is called."""
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        response = self.request('GET', ITEM, headers=headers)
        self.assertEqual(200, response.status_int, response.text)
        return self.central.contexts[-1]


class NoauthTest(TestCase):

    def test_by_default_an_admin(self):
        ctx = self.caller()
        self.assertEqual(('noauth-user', 'noauth-project', ['admin'], False),
                         (ctx.user_id, ctx.project_id, ctx.roles, ctx.is_admin))

    def test_what_the_request_says(self):
        ctx = self.caller(X_Auth_User_ID='u', X_Auth_Project_ID='p', X_Roles='member, reader')
        self.assertEqual(('u', 'p', ['member', 'reader']),
                         (ctx.user_id, ctx.project_id, ctx.roles))

    def test_request_ids(self):
        given = 'req-5850a862-d57a-4738-ab13-9875525d9f4f'
        response = self.request('GET', ITEM, headers={'X-Openstack-Request-Id': given})
        ctx = self.central.contexts[-1]
        self.assertEqual(ctx.request_id, response.headers['x-openstack-request-id'])
        self.assertNotEqual(given, ctx.request_id)
        self.assertEqual(given, ctx.global_request_id)


class ModifierTest(TestCase):

    def test_all_of_them(self):
        ctx = self.caller(X_Auth_All_Projects='TRUE', X_Designate_Edit_Managed_Records='yes',
                          X_Designate_Hard_Delete='1', X_Designate_Delete_Shares='on',
                          OpenStack_DNS_Hide_Counts='t', X_Auth_Sudo_Project_ID='other')
        self.assertEqual((True,) * 5, (
            ctx.all_tenants, ctx.edit_managed_records, ctx.hard_delete, ctx.delete_shares,
            ctx.hide_counts))
        self.assertEqual(('other', 'noauth-project'), (ctx.project_id, ctx.sudo))

    def test_none_of_them(self):
        for text in ('false', 'nonsense', '', '0'):
            ctx = self.caller(X_Auth_All_Projects=text, X_Designate_Edit_Managed_Records=text,
                              X_Designate_Hard_Delete=text)
            self.assertEqual((False, False, False, None), (
                ctx.all_tenants, ctx.edit_managed_records, ctx.hard_delete, ctx.sudo))

    def test_the_old_name_of_sudo(self):
        self.assertEqual('other', self.caller(X_Auth_Sudo_Tenant_ID='other').project_id)

    def test_who_may_not(self):
        for name, value in (('X-Auth-All-Projects', 'true'), ('X-Auth-Sudo-Project-ID', 'other'),
                            ('X-Auth-Sudo-Tenant-ID', 'other'), ('X-Designate-Hard-Delete', 'y'),
                            ('X-Designate-Edit-Managed-Records', 'true')):
            with self.subTest(name):
                response = self.request('GET', ITEM, headers={**MEMBER, name: value})
                self.assertEqual('Forbidden', self.refused(403, 'forbidden', response)['message'])
        for query in ('all_projects=true', 'all_tenants=1', 'edit_managed_records=on'):
            self.refused(403, 'forbidden', self.request('GET', f'{ITEM}?{query}', headers=MEMBER))
        self.assertEqual([], self.central.calls)

    def test_who_may_whatever_the_roles(self):
        ctx = self.caller(**MEMBER, X_Auth_All_Projects='no', X_Designate_Delete_Shares='true',
                          OpenStack_DNS_Hide_Counts='true')
        self.assertTrue(ctx.delete_shares and ctx.hide_counts)

    def test_projects_have_short_ids(self):
        for name in ('X-Auth-Sudo-Project-ID', 'X-Auth-Project-ID'):
            response = self.request('GET', ITEM, headers={name: 'x' * 37})
            self.refused(400, 'invalid_project', response)


class KeystoneTest(TestCase):
    """The filter behind keystonemiddleware's, which has put what it knows into the headers."""

    HEADERS = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'u', 'X-Project-Id': 'p',
               'X-Roles': 'member,reader', 'X-Auth-Token': 'secret'}

    def context(self, **headers):
        request = webob.Request.blank(ITEM, headers={**self.HEADERS, **headers})
        return auth.keystone(request.environ)

    def test_what_the_token_says(self):
        ctx = self.context()
        self.assertEqual(('u', 'p', ['member', 'reader'], 'secret', False), (
            ctx.user_id, ctx.project_id, ctx.roles, ctx.auth_token, ctx.is_admin))

    def test_of_the_catalog_only_what_central_may_ask(self):
        catalog = [{'type': kind, 'endpoints': []} for kind in ('dns', 'identity', 'network')]
        ctx = self.context(**{'X-Service-Catalog': json.dumps(catalog)})
        self.assertEqual(catalog[1:], ctx.service_catalog)
        self.assertEqual([], self.context().service_catalog)

    def test_a_token_of_the_whole_system(self):
        with self.assertRaises(auth.errors.InvalidTokenScope):
            self.context(**{'OpenStack-System-Scope': 'all'})

    def test_headers_that_nobody_confirmed(self):
        for status in ('Invalid', ''):
            with self.assertRaises(auth.errors.Unauthorized):
                self.context(**{'X-Identity-Status': status})


class BasicTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        path = self.directory() / 'htpasswd'
        path.write_bytes(b'ann:' + bcrypt.hashpw(b'secret', bcrypt.gensalt(4)) + b'\n')
        self.set('auth_strategy', 'http_basic')
        self.set('http_basic_auth_user_file', str(path))
        # What the factory sets must be gone after the test.
        self.set('http_basic_auth_user_file', str(path), 'oslo_middleware')

    def ask(self, user, password, **headers):
        token = base64.b64encode(f'{user}:{password}'.encode()).decode()
        return self.request('GET', ITEM, headers={'Authorization': f'Basic {token}', **headers})

    def test_a_password(self):
        self.assertEqual(200, self.ask('ann', 'secret', **{'X-Roles': 'reader'}).status_int)
        ctx = self.central.contexts[-1]
        self.assertEqual(('ann', 'ann', ['admin']), (ctx.user_id, ctx.project_id, ctx.roles))
        self.assertEqual(200, self.ask('ann', 'secret', **{'X-Auth-Project-ID': 'p'}).status_int)
        self.assertEqual('p', self.central.contexts[-1].project_id)

    def test_no_password(self):
        for response in (self.ask('ann', 'wrong'), self.ask('bob', 'secret'),
                         self.request('GET', ITEM),
                         self.request('GET', ITEM, headers={'X-User': 'ann'}),
                         self.request('GET', ITEM, headers={'Authorization': 'Basic'})):
            self.assertEqual((401, 'unauthorized'), (response.status_int, response.json['type']))
            self.assertTrue(response.headers['WWW-Authenticate'].startswith('Basic realm='))
        self.assertEqual([], self.central.calls)

    def test_an_error_behind_it_stays_what_it_is(self):
        self.central.answers['zones.get'] = ZeroDivisionError('inner workings')
        with self.assertLogs('designate_like.api.faults', 'ERROR'):
            response = self.ask('ann', 'secret')
        self.refused(500, 'unknown', response)

    def test_versions_need_none(self):
        self.assertEqual(200, self.request('GET', '/').status_int)


class MaintenanceTest(TestCase):

    def test_only_one_role_is_served(self):
        self.set('maintenance_mode', True)
        with self.assertLogs('designate_like.api.faults', 'WARNING'):
            response = self.request('GET', ITEM, headers=MEMBER)
        self.refused(503, 'maintenance', response)
        self.assertEqual('60', response.headers['Retry-After'])
        self.caller()
        self.set('maintenance_mode_role', 'member')
        self.caller(**{'X_Roles': 'member'})
