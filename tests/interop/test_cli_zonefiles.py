# SPDX-License-Identifier: Apache-2.0
"""Every command of python-designateclient about imports and exports."""
from typing import Any

from tests.interop import test_cli
from tests.interop import zonefiles


class ZonefilesTest(test_cli.CliTestCase):

    def imported(self, text: str, *more: str) -> dict[str, Any]:
        """Import a file, and return what ``zone import show`` prints in the end."""
        path = self.directory() / 'zone'
        path.write_text(text)
        made = self.openstack('zone import create', str(path), *more)
        self.assertEqual(('PENDING', None), (made['status'], made['zone_id']))
        zonefiles.ended(self.api, made['id'])
        return self.openstack('zone import show', made['id'])

    def test_imports(self) -> None:
        done = self.imported(zonefiles.large('cli.example.', 10))
        self.assertEqual(('COMPLETE', 'cli.example. imported', 'noauth-project', 2), tuple(
            done[key] for key in ('status', 'message', 'project_id', 'version')))
        self.assertEqual(done['zone_id'], self.openstack('zone show cli.example.')['id'])
        failed = self.imported('$ORIGIN cli.example.\nx\n')
        self.assertEqual('Malformed zonefile. Line 2: this is not a record.', failed['message'])
        for filters, wanted in (((), {done['id'], failed['id']}),
                                (('--status', 'ERROR'), {failed['id']}),
                                (('--zone-id', done['zone_id']), {done['id']}),
                                (('--message', done['message']), {done['id']})):
            with self.subTest(filters):
                listed = self.openstack('zone import list', *filters)
                self.assertEqual(wanted, {each['id'] for each in listed})
        self.openstack('zone import delete', done['id'])
        self.assert_fails('Could not find ZoneImport', 'zone import show', done['id'])
        self.openstack('zone show cli.example.')

    def test_an_import_with_attributes(self) -> None:
        done = self.imported(zonefiles.large('gold.example.', 2), '--attributes', 'tier:gold')
        self.assertEqual('COMPLETE', done['status'], done['message'])
        self.assertEqual('tier:gold\n', self.openstack('zone show gold.example.')['attributes'])

    def test_exports(self) -> None:
        zone_id = self.api.zone('example.org.')
        made = self.openstack('zone export create example.org.')
        self.assertEqual(('COMPLETE', zone_id, 'noauth-project'), (
            made['status'], made['zone_id'], made['project_id']))
        shown = self.openstack('zone export show', made['id'])
        self.assertEqual(f"designate://v2/zones/tasks/exports/{made['id']}/export",
                         shown['location'])
        for filters, wanted in (((), [made['id']]), (('--status', 'COMPLETE'), [made['id']]),
                                (('--status', 'ERROR'), []), (('--zone-id', zone_id),
                                                              [made['id']])):
            with self.subTest(filters):
                listed = self.openstack('zone export list', *filters)
                self.assertEqual(wanted, [each['id'] for each in listed])
        file = self.openstack('zone export showfile', made['id'])['data']
        self.assertEqual(['$ORIGIN example.org.', '$TTL 3600', ''], file.split('\n')[:3])
        self.assertIn('example.org. IN NS ns1.standalone.invalid.\n', file)
        self.openstack('zone export delete', made['id'])
        self.assert_fails('Could not find ZoneExport', 'zone export show', made['id'])
