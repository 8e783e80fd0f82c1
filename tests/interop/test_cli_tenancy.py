# SPDX-License-Identifier: Apache-2.0
"""Every command of python-designateclient about shares, transfers and tasks on zones."""
from tests.interop import cli
from tests.interop import test_cli

OTHER = ('--sudo-project-id', 'other')


class TenancyTest(test_cli.CliTestCase):

    def setUp(self) -> None:
        super().setUp()
        self.zone_id = self.api.zone('example.org.')

    def test_shares(self) -> None:
        made = self.openstack('zone share create example.org. other')
        self.assertEqual(('noauth-project', 'other', self.zone_id), (
            made['project_id'], made['target_project_id'], made['zone_id']))
        self.assertEqual(made, self.openstack('zone share show example.org.', made['id']))
        for filters, ids in (('', [made['id']]), ('--target-project-id other', [made['id']]),
                             ('--target-project-id else', [])):
            self.assertEqual(ids, [each['id'] for each in self.openstack(
                'zone share list example.org.', *filters.split())])
        self.assert_fails('Duplicate SharedZone', 'zone share create example.org. other')
        self.assertTrue(self.openstack('zone show example.org.', *OTHER)['shared'])
        mine = self.openstack('recordset create example.org. guest --type A --record 192.0.2.7',
                              *OTHER)
        self.assertEqual('other', mine['project_id'])
        with self.assertRaises(cli.Failed) as caught:
            self.openstack('zone share delete example.org.', made['id'])
        self.assertIn('owns recordsets', str(caught.exception))
        with self.assertRaises(cli.Failed):
            self.openstack('zone delete example.org.')
        self.openstack('recordset delete example.org. guest.example.org.', *OTHER)
        self.openstack('zone share delete example.org.', made['id'])
        self.assertEqual([], self.openstack('zone share list example.org.'))
        self.assert_fails("Name example.org. didn't resolve", 'zone show example.org.', *OTHER)

    def test_deleting_a_zone_with_its_shares(self) -> None:
        self.openstack('zone share create example.org. other')
        gone = self.openstack('zone delete --delete-shares example.org.')
        self.assertEqual('DELETE', gone['action'])
        self.api.gone(f'/v2/zones/{self.zone_id}')

    def test_transfers(self) -> None:
        made = self.openstack('zone transfer request create example.org.',
                              '--description', 'For you', '--target-project-id', 'else')
        self.assertEqual(('ACTIVE', 'else', 'example.org.', 'For you'), tuple(
            made[key] for key in ('status', 'target_project_id', 'zone_name', 'description')))
        changed = self.openstack('zone transfer request set --target-project-id other',
                                 made['id'], '--description', 'Yours')
        self.assertEqual(('other', 'Yours', made['key']), tuple(
            changed[key] for key in ('target_project_id', 'description', 'key')))
        self.assertEqual(changed, self.openstack('zone transfer request show', made['id']))
        self.assertEqual([made['id']], [each['id'] for each in self.openstack(
            'zone transfer request list', *OTHER)])
        accepted = self.openstack('zone transfer accept request --transfer-id', made['id'],
                                  '--key', made['key'], *OTHER)
        self.assertEqual(('COMPLETE', self.zone_id, 'other'), tuple(
            accepted[key] for key in ('status', 'zone_id', 'project_id')))
        shown = self.openstack('zone transfer accept show', accepted['id'], *OTHER)
        self.assertEqual((accepted['id'], None), (shown['id'], shown['key']))
        self.assertEqual([accepted['id']], [each['id'] for each in self.openstack(
            'zone transfer accept list --all-projects')])
        self.assertEqual('other', self.openstack('zone show example.org.', *OTHER)['project_id'])
        self.assertEqual('COMPLETE', self.openstack('zone transfer request list')[0]['status'])
        self.openstack('zone transfer request delete', made['id'])
        self.assertEqual([], self.openstack('zone transfer request list'))

    def test_tasks(self) -> None:
        self.openstack('zone create copy.example. --type SECONDARY --masters 127.0.0.1:9')
        self.openstack('zone axfr copy.example.')
        with self.assertRaises(cli.Failed):
            self.openstack('zone axfr example.org.')
        with self.assertRaises(cli.Failed) as caught:
            self.openstack('zone move example.org.')
        self.assertIn('No valid pool selected', str(caught.exception))
        with self.assertRaises(cli.Failed) as caught:
            self.openstack('zone move example.org. --pool-id', test_cli.standalone.POOL_ID)
        self.assertIn('Target pool must be different', str(caught.exception))
        pool = self.api('POST', '/v2/pools', {
            'name': 'second', 'ns_records': [{'hostname': 'ns9.example.net.', 'priority': 1}]})
        self.openstack('tsigkey create --name second --algorithm hmac-sha256 --secret c2VjcmV0 '
                       '--scope POOL --resource-id', pool['id'])
        self.openstack('zone move example.org. --pool-id', pool['id'])
        self.assertEqual(pool['id'], self.openstack('zone show example.org.')['pool_id'])
        self.openstack('zone abandon example.org.')
        self.assert_fails("Name example.org. didn't resolve", 'zone show example.org.')
