# SPDX-License-Identifier: Apache-2.0
"""Clients that know the URL of Keystone, a name and a password, and find the rest themselves."""
import pathlib
import warnings

import openstack
from openstack import exceptions

from designate_like.api import wsgi
from tests import base
from tests.interop import cli
from tests.interop import cloud
from tests.interop import keystone
from tests.interop import standalone

# The API under a prefix too, as behind a web server that has other services beside it.
PREFIX = '/dns'
MOUNTS = '\n'.join(f'{PREFIX}{path} = {app}' for path, app in (
    ('', 'versions'), ('/healthcheck', 'healthcheck'), ('/v2', 'v2')))


class TestCase(cloud.TestCase):

    @classmethod
    def configuration(cls, directory: pathlib.Path) -> str:
        paste = wsgi.PASTE_FILE.read_text().replace('/ = versions', f'/ = versions\n{MOUNTS}')
        (directory / 'api-paste.ini').write_text(paste)
        return (f'{standalone.NO_LIMITS}[service:api]\n'
                f'api_paste_config = {directory}/api-paste.ini\n')

    def places(self) -> list[str]:
        """The forms that the URL in a catalog has."""
        root = self.url()
        return [root, f'{root}/', root + PREFIX, f'{root}{PREFIX}/']


class CommandTest(TestCase):

    def command(self, user: str, project: str | None = None) -> cli.Cli:
        """The command with a user's name and password."""
        access = self.keystone.access(user, project)
        return cli.Cli(None, *(f'--os-{name.replace("_", "-")}={value}'
                               for name, value in access.items()))

    def test_wherever_it_is(self):
        member = self.command('member')
        for index, url in enumerate(self.places()):
            with self.subTest(url):
                self.keystone.enlist(url)
                name = f'z{index}.example.'
                made = member(f'zone create {name} --email me@example.org')
                self.assertEqual(self.keystone.projects['demo'], made['project_id'])
                self.assertIn(name, [each['name'] for each in member('zone list')])
                member(f'recordset create {name} www --type A --record 192.0.2.1')
                self.assertEqual('192.0.2.1', member(f'recordset show {name} www.{name}')
                                 ['records'])

    def test_roles(self):
        self.command('member')('zone create roles.example. --email me@example.org')
        reader, stranger = self.command('reader'), self.command('stranger')
        self.assertEqual('roles.example.', reader('zone show roles.example.')['name'])
        for command, who, sentence in (
                ('zone set roles.example. --ttl 60', reader, 'Forbidden'),
                ('zone list --all-projects', reader, 'Forbidden'),
                ('tld list', reader, 'Forbidden'),
                ('zone show roles.example.', stranger, "didn't resolve")):
            with self.subTest(command), self.assertRaisesRegex(cli.Failed, sentence):
                who(command)
        admin = self.command('operator', 'operators')
        self.assertIn('roles.example.', [
            each['name'] for each in admin('zone list --all-projects')])
        demo = self.keystone.projects['demo']
        self.assertIn('roles.example.', [
            each['name'] for each in admin(f'zone list --sudo-project-id {demo}')])
        self.assertEqual('7', str(admin(f'dns quota set --project-id {demo} --zones 7')['zones']))


class SdkTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        # What the SDK says to itself about its own next versions.
        warnings.filterwarnings('ignore', category=PendingDeprecationWarning)

    def connect(self, user: str) -> openstack.connection.Connection:
        """A connection with a user's name and password."""
        made = openstack.connect(load_yaml_config=False, load_envvars=False,
                                 region_name=keystone.REGION, auth=self.keystone.access(user))
        self.addCleanup(made.session.session.close)
        self.addCleanup(made.close)
        return made

    def test_wherever_it_is(self):
        for index, url in enumerate(self.places()):
            with self.subTest(url):
                self.keystone.enlist(url)
                cloud_ = self.connect('member')
                self.assertEqual(url.rstrip('/') + '/v2', cloud_.dns.get_endpoint().rstrip('/'))
                zone = cloud_.create_zone(f's{index}.example.', email='me@example.org')
                base.wait(lambda: cloud_.dns.get_zone(zone.id).status == 'ACTIVE')
                self.assertEqual(f'{url.rstrip("/")}/v2/zones/{zone.id}', zone.links['self'])
                cloud_.dns.delete_zone(zone)

    def test_roles(self):
        zone = self.connect('member').dns.create_zone(name='sdk.example.', email='a@example.org')
        with self.assertRaises(exceptions.ForbiddenException):
            self.connect('reader').dns.update_zone(zone.id, ttl=60)
        with self.assertRaises(exceptions.NotFoundException):
            self.connect('stranger').dns.get_zone(zone.id)
        self.assertIn(zone.id, [each.id for each in self.connect('admin').dns.zones(
            all_projects=True)])
