# SPDX-License-Identifier: Apache-2.0
"""Every command of python-designateclient about TLDs, blacklists and TSIG keys."""
from tests.interop import standalone
from tests.interop import test_cli


class OperatorsTest(test_cli.CliTestCase):

    def test_tlds(self) -> None:
        made = self.openstack('tld create --name Org --description', 'The oldest')
        self.assertEqual(('Org', 'The oldest', None),
                         (made['name'], made['description'], made['updated_at']))
        self.assertEqual(made, self.openstack('tld show', made['id']))
        self.assertEqual([('Org', made['id'])], [
            (each['name'], each['id']) for each in self.openstack('tld list --name Org')])
        self.assert_fails('Invalid TLD', 'zone create example.net.', *test_cli.MAIL)
        changed = self.openstack('tld set --name net --no-description', made['id'])
        self.assertEqual(('net', None), (changed['name'], changed['description']))
        self.openstack('zone create example.net.', *test_cli.MAIL)
        self.assert_fails('Duplicate Tld', 'tld create --name NET')
        self.openstack('tld delete', made['id'])
        self.assert_fails('Could not find Tld', 'tld show', made['id'])

    def test_blacklists(self) -> None:
        made = self.openstack('zone blacklist create --pattern ^bad --description', 'no regex (')
        self.assertEqual(('^bad', 'no regex ('), (made['pattern'], made['description']))
        self.assertEqual(made, self.openstack('zone blacklist show', made['id']))
        self.assertEqual([made['id']],
                         [each['id'] for each in self.openstack('zone blacklist list')])
        changed = self.openstack('zone blacklist set --pattern ^worse --no-description',
                                 made['id'])
        self.assertEqual(('^worse', None), (changed['pattern'], changed['description']))
        self.openstack('zone blacklist delete', made['id'])
        self.assert_fails('Could not find Blacklist', 'zone blacklist show', made['id'])

    def test_tsigkeys(self) -> None:
        made = self.openstack('tsigkey create --name key.example. --algorithm hmac-sha256 '
                              '--secret c2VjcmV0 --scope POOL --resource-id',
                              standalone.POOL_ID)
        self.assertEqual(
            {'name': 'key.example.', 'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0',
             'scope': 'POOL', 'resource_id': standalone.POOL_ID},
            {name: made[name] for name in ('name', 'algorithm', 'secret', 'scope',
                                           'resource_id')})
        self.assertEqual(made, self.openstack('tsigkey show', made['id']))
        self.assertEqual([made['id']], [
            each['id'] for each in self.openstack('tsigkey list --scope POOL')])
        changed = self.openstack('tsigkey set --algorithm hmac-sha512 --secret bmV3', made['id'])
        self.assertEqual(('hmac-sha512', 'bmV3'), (changed['algorithm'], changed['secret']))
        self.openstack('tsigkey delete', made['id'])
        self.assert_fails('Could not find TsigKey', 'tsigkey show', made['id'])
