# SPDX-License-Identifier: Apache-2.0
"""Exports: who may have which, and files of one version in pieces of bounded size."""
import unittest.mock
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.central import zone_exports
from designate_like.resources import rdata
from designate_like.resources import zonefile
from designate_like.store import tables
from tests.functional.central import fixture


class ExportTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.exported = self.zone('Example.org.', ttl=300)
        for number in range(30):
            self.recordset(self.exported, f'h{number}.Example.org.', ttl=number or None)

    def file(self, written: dict[str, Any]) -> str:
        """All pieces of what was written, joined."""
        return written['text'] + ''.join([
            self.zone_exports.read(self.alpha, written['text_id'], number,
                                   number + 1 == written['more'])
            for number in range(written['more'])])

    def kept(self) -> int:
        with self.store.read() as tx:
            return len(tx.execute(tables.chunks.select()).all())

    def test_a_file(self):
        export = self.zone_exports.create(self.alpha, self.exported.id)
        self.assertEqual(('COMPLETE', 'alpha', self.exported.id, 1), (
            export.status, export.project_id, export.zone_id, export.version))
        self.assertEqual(f'designate://v2/zones/tasks/exports/{export.id}/export', export.location)
        text = self.file(self.zone_exports.content(self.alpha, export.id))
        zone, lines = self.row(self.exported), text.split('\n')
        soa = f'{zone.mname} hostmaster.example.org. {zone.serial} {zone.refresh} 600 86400 3600'
        self.assertEqual(['$ORIGIN Example.org.', '$TTL 300', '',
                          f'Example.org. IN SOA {soa}', 'Example.org. IN NS ns1.example.net.',
                          'Example.org. IN NS ns2.example.net.',
                          'h0.Example.org. IN A 192.0.2.1', 'h1.Example.org. 1 IN A 192.0.2.1'],
                         lines[:8])
        file = zonefile.read(text.encode(), tuple(rdata.TYPES))
        self.assertEqual(30, len(file.recordsets))
        self.assertEqual(0, self.kept())

    def test_a_file_in_pieces_is_of_one_version(self):
        whole = self.zone_exports.write(self.alpha, self.exported.id)
        self.assertEqual(0, whole['more'])
        with unittest.mock.patch.object(zone_exports, 'PIECE', 100):
            written = self.zone_exports.write(self.alpha, self.exported.id)
        self.assertGreater(written['more'], 5)
        self.assertEqual(written['more'], self.kept())
        self.recordset(self.exported, 'later.Example.org.')
        self.assertEqual(whole['text'], self.file(written))
        self.assertEqual(0, self.kept())
        with self.assertRaises(errors.NotFound):
            self.zone_exports.read(self.alpha, written['text_id'], 0, False)

    def test_a_recordset_without_records_is_not_in_the_file(self):
        self.recordset(self.exported, 'empty.Example.org.', records=[])
        self.assertNotIn('empty', self.file(self.zone_exports.write(self.alpha, self.exported.id)))

    def test_the_quota(self):
        self.quotas.update(fixture.ADMIN, 'alpha', {'api_export_size': 31})
        with self.refused(errors.OverQuota, 'Quota exceeded for api_export_size.'):
            self.zone_exports.create(self.alpha, self.exported.id)
        self.quotas.update(fixture.ADMIN, 'alpha', {'api_export_size': 32})
        self.zone_exports.create(self.alpha, self.exported.id)

    def test_who_may_export_what(self):
        export = self.zone_exports.create(self.alpha, self.exported.id)
        reader = fixture.user('alpha', 'reader')
        with self.refused(errors.ZoneNotFound):
            self.zone_exports.create(self.beta, self.exported.id)
        for verb in (self.zone_exports.get, self.zone_exports.delete, self.zone_exports.content):
            with self.refused(errors.ZoneExportNotFound):
                verb(self.beta, zone_export_id=export.id)
        with self.refused(errors.Forbidden):
            self.zone_exports.create(reader, self.exported.id)
        for verb in (self.zone_exports.delete, self.zone_exports.content):
            with self.refused(errors.Forbidden):
                verb(reader, zone_export_id=export.id)
        self.assertEqual(export, self.zone_exports.get(reader, zone_export_id=export.id))
        self.zone_exports.delete(self.alpha, zone_export_id=export.id)
        with self.refused(errors.ZoneExportNotFound):
            self.zone_exports.content(self.alpha, export.id)

    def test_what_is_not_complete_has_no_file(self):
        export = self.zone_exports.create(self.alpha, self.exported.id)
        with self.store.write() as tx:
            tx.execute(tables.zone_exports.update().values(status='ERROR'))
        with self.refused(errors.BadRequest, 'The export is ERROR, not COMPLETE'):
            self.zone_exports.content(self.alpha, export.id)
        self.assertIsNone(self.zone_exports.get(self.alpha, zone_export_id=export.id).location)

    def test_a_zone_that_has_gone_to_another_project(self):
        export = self.zone_exports.create(self.alpha, self.exported.id)
        with self.store.write() as tx:
            tx.execute(tables.zones.update().values(project_id='beta'))
        with self.refused(errors.ZoneNotFound):
            self.zone_exports.content(self.alpha, export.id)

    def test_notifications(self):
        self.publisher.enabled = True
        export = self.zone_exports.create(self.alpha, self.exported.id)
        self.zone_exports.delete(self.alpha, zone_export_id=export.id)
        self.assertEqual(['dns.zone_export.create', 'dns.zone_export.delete'],
                         [event for event, _ in self.publisher.told()])

    def test_lists(self):
        made = [self.zone_exports.create(self.alpha, self.exported.id) for _ in range(3)]
        page = (None, 20, 'created_at', 'asc')
        for ctx, filters, wanted in ((self.alpha, {}, 3), (self.beta, {}, 0),
                                     (fixture.ADMIN, {}, 3), (self.alpha, {'status': 'ERROR'}, 0),
                                     (self.alpha, {'zone_id': self.exported.id}, 3)):
            with self.subTest(filters):
                found = self.zone_exports.find(ctx, filters, *page)
                self.assertEqual((wanted, wanted), (len(found['items']), found['total']))
        self.assertEqual({each.id for each in made}, {
            each.id for each in self.zone_exports.find(self.alpha, {}, *page)['items']})
        self.assertIsInstance(made[0], resources.ZoneExport)
