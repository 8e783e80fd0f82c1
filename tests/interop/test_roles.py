# SPDX-License-Identifier: Apache-2.0
"""The policy table, asked row by row with real tokens of real roles."""
import contextlib
import json
from typing import Any
from typing import NamedTuple

from tests import base
from tests.interop import cloud
from tests.interop import keystone
from tests.interop import standalone

ANYONE = {'nobody', 'reader', 'member', 'admin'}
READER = {'reader', 'member', 'admin'}
MEMBER = {'member', 'admin'}
ADMIN = {'admin'}

SECRET = {'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0', 'scope': 'POOL'}


class Row(NamedTuple):
    """A call, and who of the project may make it.

    ``{caller}`` in it is the name of the caller; ``{zone}``, ``{tld}`` and the like are ids of
    things that are there for this caller alone.
    """
    who: set[str]
    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}


# What deletes a thing comes after all that needs it.
ROWS = (
    Row(ANYONE, 'GET', '/limits'),
    Row(READER, 'GET', '/zones'),
    Row(READER, 'GET', '/zones/{zone}'),
    Row(READER, 'GET', '/zones/{zone}/nameservers'),
    Row(READER, 'GET', '/zones/{zone}/recordsets'),
    Row(READER, 'GET', '/zones/{zone}/recordsets/{recordset}'),
    Row(READER, 'GET', '/recordsets'),
    Row(READER, 'GET', '/quotas'),
    Row(READER, 'GET', '/quotas/{demo}'),
    Row(MEMBER, 'POST', '/zones', {'name': '{caller}.new.example.', 'email': 'a@example.org'}),
    Row(MEMBER, 'PATCH', '/zones/{zone}', {'ttl': 600}),
    Row(MEMBER, 'POST', '/zones/{zone}/recordsets',
        {'name': 'new.{caller}.example.', 'type': 'A', 'records': ['192.0.2.1']}),
    Row(MEMBER, 'PUT', '/zones/{zone}/recordsets/{recordset}', {'ttl': 600}),
    Row(MEMBER, 'DELETE', '/zones/{zone}/recordsets/{recordset}'),
    Row(ANYONE, 'GET', '/zones/{zone}/shares'),
    Row(MEMBER, 'GET', '/zones/{zone}/shares/{share}'),
    Row(MEMBER, 'DELETE', '/zones/{zone}/shares/{share}'),
    Row(MEMBER, 'POST', '/zones/{zone}/shares', {'target_project_id': '{service}'}),
    Row(ANYONE, 'GET', '/zones/tasks/transfer_requests'),
    Row(MEMBER, 'PATCH', '/zones/tasks/transfer_requests/{offer}', {'description': 'of {caller}'}),
    Row(MEMBER, 'DELETE', '/zones/tasks/transfer_requests/{offer}'),
    Row(MEMBER, 'POST', '/zones/{zone}/tasks/transfer_requests', {}),
    Row(ADMIN, 'GET', '/zones/tasks/transfer_accepts'),
    Row(READER, 'GET', '/zones/tasks/imports'),
    Row(MEMBER, 'POST', '/zones/tasks/imports', {'zonefile': '; nothing'}),
    Row(MEMBER, 'POST', '/zones/{zone}/tasks/export'),
    Row(READER, 'GET', '/zones/tasks/exports'),
    Row(READER, 'GET', '/zones/tasks/exports/{export}'),
    Row(MEMBER, 'GET', '/zones/tasks/exports/{export}/export'),
    Row(MEMBER, 'DELETE', '/zones/tasks/exports/{export}'),
    Row(ADMIN, 'POST', '/zones/{spare}/tasks/abandon'),
    Row(ADMIN, 'GET', '/zones', headers={'X-Auth-All-Projects': 'true'}),
    Row(ADMIN, 'GET', '/zones?all_projects=true'),
    Row(ADMIN, 'GET', '/zones', headers={'X-Auth-Sudo-Project-ID': '{alt_demo}'}),
    Row(ADMIN, 'GET', '/zones', headers={'X-Auth-Sudo-Tenant-ID': '{alt_demo}'}),
    Row(ADMIN, 'GET', '/zones', headers={'X-Designate-Edit-Managed-Records': 'true'}),
    Row(ADMIN, 'GET', '/zones', headers={'X-Designate-Hard-Delete': 'true'}),
    Row(ADMIN, 'PATCH', '/quotas/{demo}', {'zones': 50}),
    Row(ADMIN, 'DELETE', '/quotas/{demo}'),
    Row(ADMIN, 'GET', '/service_statuses'),
    Row(ADMIN, 'GET', '/pools'),
    Row(ADMIN, 'GET', '/pools/{pool}'),
    Row(ADMIN, 'PATCH', '/pools/{pool}', {'description': 'of {caller}'}),
    Row(ADMIN, 'GET', '/tlds'),
    Row(ADMIN, 'GET', '/tlds/{tld}'),
    Row(ADMIN, 'POST', '/tlds', {'name': '{caller}.new'}),
    Row(ADMIN, 'PATCH', '/tlds/{tld}', {'description': 'of {caller}'}),
    Row(ADMIN, 'DELETE', '/tlds/{tld}'),
    Row(ADMIN, 'GET', '/blacklists'),
    Row(ADMIN, 'GET', '/blacklists/{blacklist}'),
    Row(ADMIN, 'POST', '/blacklists', {'pattern': '^{caller}[.]bad[.]$'}),
    Row(ADMIN, 'PATCH', '/blacklists/{blacklist}', {'description': 'of {caller}'}),
    Row(ADMIN, 'DELETE', '/blacklists/{blacklist}'),
    Row(ADMIN, 'GET', '/tsigkeys'),
    Row(ADMIN, 'GET', '/tsigkeys/{tsigkey}'),
    Row(ADMIN, 'POST', '/tsigkeys',
        {'name': '{caller}-new', 'resource_id': standalone.POOL_ID, **SECRET}),
    Row(ADMIN, 'PATCH', '/tsigkeys/{tsigkey}', {'secret': 'bW9yZQ=='}),
    Row(ADMIN, 'DELETE', '/tsigkeys/{tsigkey}'),
    Row(MEMBER, 'DELETE', '/zones/{zone}', headers={'X-Designate-Delete-Shares': 'true'}),
)


def filled(thing: Any, names: dict[str, str]) -> Any:
    """The same with names in place of ``{…}``."""
    if isinstance(thing, dict):
        return {key: filled(value, names) for key, value in thing.items()}
    return thing.format(**names) if isinstance(thing, str) else thing


class RolesTest(cloud.TestCase):

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # Once there are TLDs, zones need one.
        with contextlib.closing(cls.service.client(
                X_Auth_Token=cls.keystone.token('admin'))) as admin:
            admin('POST', '/v2/tlds', {'name': 'example'})

    def things(self, caller: str) -> dict[str, str]:
        """Ids of things made for a caller."""
        admin = self.user('admin')
        zone = admin.zone(f'{caller}.example.')
        export = admin('POST', f'/v2/zones/{zone}/tasks/export')['id']
        base.wait(lambda: admin('GET', f'/v2/zones/tasks/exports/{export}')
                  ['status'] == 'COMPLETE')
        return {
            'share': admin('POST', f'/v2/zones/{zone}/shares', {
                'target_project_id': self.keystone.projects['operators']})['id'],
            'offer': admin('POST', f'/v2/zones/{zone}/tasks/transfer_requests', {})['id'],
            'spare': admin.zone(f'spare.{caller}.spare.example.'),
            'export': export, 'caller': caller, 'zone': zone, 'pool': standalone.POOL_ID,
            **self.keystone.projects,
            'recordset': admin.record(zone, f'www.{caller}.example.', '192.0.2.1'),
            'tld': admin('POST', '/v2/tlds', {'name': caller})['id'],
            'blacklist': admin('POST', '/v2/blacklists', {'pattern': f'^{caller}[.]evil'})['id'],
            'tsigkey': admin('POST', '/v2/tsigkeys', {
                'name': caller, 'resource_id': standalone.POOL_ID, **SECRET})['id']}

    def outcome(self, caller: str, row: Row, names: dict[str, str]) -> tuple[int, str | None]:
        """The code and the type of the error, or 200 for anything that is none."""
        client = self.user(caller, **{name.replace('-', '_'): text for name, text
                                      in filled(row.headers, names).items()})
        try:
            client(row.method, '/v2' + filled(row.path, names), filled(row.body, names))
        except json.JSONDecodeError:
            pass        # It is a zone file.
        except standalone.Refused as refused:
            return refused.code, refused.document['type']
        return 200, None

    def test_in_the_project(self):
        for caller in sorted(ANYONE):
            names = self.things(caller)
            for row in ROWS:
                with self.subTest(caller, row=row):
                    expected = (200, None) if caller in row.who else (403, 'forbidden')
                    self.assertEqual(expected, self.outcome(caller, row, names))

    def test_in_another_project(self):
        names = self.things('stranger')
        for row in ROWS:
            # The shares of a zone that one cannot see are none.
            if '{zone}' in row.path and (row.method, row.path) != ('GET', '/zones/{zone}/shares'):
                with self.subTest(row=row):
                    self.assertEqual((404, 'zone_not_found'),
                                     self.outcome('stranger', row, names))

    def test_of_another_project_even_for_an_admin(self):
        alien = self.user('stranger').zone('alien.example.')
        admin, everywhere = self.user('admin'), self.user('admin', X_Auth_All_Projects='True')
        for method, body in (('GET', None), ('PATCH', {'ttl': 60}), ('DELETE', None)):
            with self.assertRaises(standalone.Refused) as caught:
                admin(method, f'/v2/zones/{alien}', body)
            self.assertEqual(404, caught.exception.code)
        self.assertEqual('alien.example.', everywhere('GET', f'/v2/zones/{alien}')['name'])
        self.assertIn(alien, [each['id'] for each in everywhere('GET', '/v2/zones')['zones']])

    def test_in_place_of_another_project(self):
        alternative = self.keystone.projects['alt_demo']
        admin = self.user('admin', X_Auth_Sudo_Project_ID=alternative)
        zone = admin.zone('theirs.example.')
        self.assertEqual(alternative, self.user('stranger')('GET', f'/v2/zones/{zone}')
                         ['project_id'])
        with self.assertRaises(standalone.Refused) as caught:
            self.user('admin')('GET', f'/v2/zones/{zone}')
        self.assertEqual(404, caught.exception.code)

    def test_tokens_for_no_project(self):
        for scope, type_ in (({'system_scope': 'all'}, 'invalid_token_scope'),
                             ({'unscoped': True}, 'forbidden')):
            client = self.client(self.service,
                                 X_Auth_Token=self.keystone.token('operator', **scope))
            zone = {'name': 'no.example.', 'email': 'a@example.org'}
            for method, body in (('GET', None), ('POST', zone)):
                with self.subTest(type_, method=method):
                    with self.assertRaises(standalone.Refused) as caught:
                        client(method, '/v2/zones', body)
                    self.assertEqual((403, type_), (caught.exception.code,
                                                    caught.exception.document['type']))

    def test_every_user_is_asked(self):
        self.assertEqual(ANYONE | {'stranger', 'designate'}, set(keystone.USERS))
