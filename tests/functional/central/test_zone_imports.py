# SPDX-License-Identifier: Apache-2.0
"""Imports: a zone with all its content as one version, or nothing and a sentence."""
import datetime
import unittest.mock
import uuid
from typing import Any

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import importer
from designate_like.resources import rdata
from designate_like.store import tables
from tests import base
from tests.functional.central import fixture

FILE = """\
$ORIGIN Example.org.
$TTL 300
@ IN SOA ns.elsewhere.example. ad\\.min.example.org. 5 6 7 8 9
@ IN NS ns.elsewhere.example.
@ IN MX 10 mail
mail 0 IN A 192.0.2.1
mail 0 IN A 192.0.2.2
www 60 IN TXT "a b" c
"""


class TestCase(fixture.TestCase):

    def begin(self, text: str | bytes = FILE, ctx: Any = None,
              **values: Any) -> resources.ZoneImport:
        """Import a file in two pieces, and return the import as it is then."""
        octets = text if isinstance(text, bytes) else text.encode()
        ctx, id_, half = ctx or self.alpha, str(uuid.uuid4()), len(octets) // 2
        self.zone_imports.upload(ctx, id_, 0, octets[:half].decode('latin-1'))
        self.zone_imports.create(ctx, values, id_, 1, octets[half:].decode('latin-1'))
        return self.zone_imports.get(ctx, zone_import_id=id_)

    def fails(self, sentence: str, text: str | bytes = FILE, **more: Any) -> None:
        """Import a file, and expect that it says this and leaves nothing behind."""
        before, _ = self.counts(), self.worker.told('deploy')
        done = self.begin(text, **more)
        self.assertEqual(('ERROR', sentence, None), (done.status, done.message, done.zone_id))
        self.assertEqual(before, self.counts())
        self.assertEqual([], self.worker.told('deploy'))

    def counts(self) -> list[Any]:
        """How many rows there are of what an import makes, and the usage of its project."""
        with self.store.read() as tx:
            counts = [len(tx.execute(table.select()).all()) for table in (
                tables.zones, tables.recordsets, tables.journal, tables.chunks)]
            return counts + [sum(row.used for row in tx.execute(tables.usages.select()))]

    def at_work(self, text: str = FILE) -> str:
        """Begin an import and let the one who works on it die; returns its id."""
        with unittest.mock.patch.object(importer.Importer, '_work', side_effect=MemoryError):
            with self.assertLogs('designate_like.central.importer', 'ERROR'):
                return self.begin(text).id


class ImportTest(TestCase):

    def test_a_zone_as_one_version(self):
        done = self.begin()
        self.assertEqual(('COMPLETE', 'Example.org. imported', 2),
                         (done.status, done.message, done.version))
        zone = self.zones.get(self.alpha, done.zone_id)
        self.assertEqual(('Example.org.', 300, 'ad.min@example.org', 6, 7, 8, 9, 5, 4), (
            zone.name, zone.ttl, zone.email, zone.refresh, zone.retry, zone.expire, zone.minimum,
            zone.recordset_count, zone.record_count))
        self.assertEqual(zone.born_serial, zone.serial)
        self.assertEqual([], self.difference(zone, zone.serial))
        self.assertEqual([zone], [each['zone'] for each in self.worker.told('deploy')])
        shown = {(each.name, each.type): each for each in self.rows(zone)}
        self.assertEqual(['ns1.example.net.', 'ns2.example.net.'],
                         sorted(shown['Example.org.', 'NS'].records))
        mail = shown['mail.Example.org.', 'A']
        self.assertEqual((['192.0.2.1', '192.0.2.2'], None, 'PENDING', 'CREATE', False, 'alpha'), (
            mail.records, mail.ttl, mail.status, mail.action, mail.managed, mail.project_id))
        text = shown['www.Example.org.', 'TXT']
        self.assertEqual((['"a b" "c"'], 60), (text.records, text.ttl))
        with self.store.read() as tx:
            self.assertEqual([b'\3a b\1c'], rdata.split(store.recordsets.wire(tx, text.id)))
        self.settle(zone)
        self.assertEqual({'ACTIVE'}, {each.status for each in self.rows(zone)})

    def test_the_longest_name_that_there_is(self):
        name = '.'.join(['\\200' * octets for octets in (63, 63, 63, 49)])
        done = self.begin(f'{FILE}{name} IN A 192.0.2.3\n')
        zone = self.zones.get(self.alpha, done.zone_id)
        self.assertIn(f'{name}.Example.org.', [each.name for each in self.rows(zone)])

    def test_nothing_is_kept_of_the_file(self):
        self.begin()
        self.assertEqual(0, self.counts()[3])

    def test_the_serial_is_a_floor(self):
        now = int(self.clock.now.replace(tzinfo=datetime.UTC).timestamp())
        for number, (serial, wanted) in enumerate(((5, None), (4000000000, 4000000001),
                                                   (2**32 - 1, 2**32))):
            with self.subTest(serial):
                done = self.begin(FILE.replace(' 5 6', f' {serial} 6').replace(
                    'Example.org.\n', f'e{number}.example.\n', 1))
                shown = self.zones.get(self.alpha, done.zone_id).serial
                self.assertEqual(wanted or now, shown)

    def test_attributes_choose_the_pool(self):
        self.set('scheduler_filters', ['pool_id_attribute'], 'service:central')
        self.pool(ns_records=[resources.NsRecord(hostname='ns.other.', priority=1)])
        self.build()
        self.fails('An undefined error occurred. Forbidden.',
                   attributes={'pool_id': fixture.OTHER_POOL})
        done = self.begin(ctx=fixture.ADMIN, attributes={'pool_id': fixture.DEFAULT_POOL})
        zone = self.zones.get(fixture.ADMIN, done.zone_id)
        self.assertEqual({'pool_id': fixture.DEFAULT_POOL}, zone.attributes)

    def test_notifications(self):
        self.publisher.enabled = True
        done = self.begin()
        told = self.publisher.told()
        self.assertEqual(['dns.zone_import.create', 'dns.zone.create', 'dns.domain.create',
                          'dns.zone_import.update'], [event for event, _ in told])
        self.assertEqual(done.zone_id, told[-1][1]['zone_id'])
        self.zone_imports.delete(self.alpha, zone_import_id=done.id)
        self.assertEqual(['dns.zone_import.delete'], [each for each, _ in self.publisher.told()])

    def test_deleting_the_import_keeps_the_zone(self):
        done = self.begin()
        self.zone_imports.delete(self.alpha, zone_import_id=done.id)
        with self.assertRaises(errors.ZoneImportNotFound):
            self.zone_imports.get(self.alpha, zone_import_id=done.id)
        self.assertEqual('Example.org.', self.zones.get(self.alpha, done.zone_id).name)


class FailureTest(TestCase):

    def test_a_file_that_is_none(self):
        self.fails('The $ORIGIN statement is required and must be the first statement in the '
                   'zonefile.', '')
        self.fails('An SOA record is required.', '$ORIGIN a.b.')
        self.fails('Malformed zonefile. Line 9: this is not a record.', FILE + 'a A 1.2.3\n')
        self.fails('Malformed zonefile. Line 9: it is not UTF-8.', FILE.encode() + b'\xff')

    def test_a_type_that_the_operator_has_taken_out(self):
        self.set('supported_record_type', ['A', 'NS', 'SOA', 'MX'])
        self.fails('Malformed zonefile. Line 8: TXT is not a supported record type.')

    def test_rules_of_zones(self):
        self.zone('example.org.', ctx=self.beta)
        self.fails('Duplicate zone.')
        self.fails("An undefined error occurred. 'a.Example.org.' is below a zone of another "
                   'project.', FILE.replace('Example.org.', 'a.Example.org.'))
        self.fails("An undefined error occurred. 'org.': a zone name needs more than one label.",
                   FILE.replace('Example.org.', 'org.'))
        with self.store.write() as tx:
            store.blacklists.repository.insert(tx, resources.Blacklist(
                id=str(uuid.uuid4()), pattern='bad', created_at=self.clock.now))
        self.fails('An undefined error occurred. Blacklisted zone name.',
                   FILE.replace('Example.org.', 'bad.example.'))

    def test_ttls(self):
        self.set('min_ttl', 100, 'service:central')
        self.fails('TTL is below the minimum: 100 (line 8)')
        self.fails('TTL is below the minimum: 100', FILE.replace('@ IN SOA', '@ 99 IN SOA').replace(
            ' 60 ', ' 600 '))
        self.assertEqual('COMPLETE', self.begin(ctx=fixture.ADMIN).status)

    def test_quotas(self):
        for name, limit in (('zones', 0), ('zone_recordsets', 4), ('zone_records', 3),
                            ('recordset_records', 1)):
            with self.subTest(name):
                self.quotas.update(fixture.ADMIN, 'alpha', {name: limit})
                self.fails('Quota exceeded during zone import. '
                           f'Quota exceeded for {name}.')
                self.quotas.delete(fixture.ADMIN, 'alpha')
        self.quotas.update(fixture.ADMIN, 'alpha', {
            'zones': 1, 'zone_recordsets': 5, 'zone_records': 4, 'recordset_records': 2})
        self.assertEqual('COMPLETE', self.begin().status)

    def test_content_of_a_child_zone(self):
        self.zone('mail.example.org.')
        self.fails('An undefined error occurred. RecordSet belongs in a child zone: '
                   'mail.example.org. (line 6).')

    def test_what_nobody_thought_of(self):
        with unittest.mock.patch.object(store.recordsets, 'insert_many', side_effect=MemoryError):
            with self.assertLogs('designate_like.central.importer', 'ERROR'):
                self.fails('An undefined error occurred.')

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(strategies.lists(strategies.one_of(
        strategies.text(), strategies.sampled_from(FILE.split('\n')),
        strategies.binary().map(lambda octets: octets.decode('latin-1')))))
    def test_any_file_makes_a_zone_or_nothing(self, lines):
        before = self.counts()
        done = self.begin('\n'.join(lines))
        if done.status == 'COMPLETE':
            self.remove(self.zones.get(self.alpha, done.zone_id))
            self.upkeep.purge(fixture.ADMIN, fixture.ALL_SHARDS, -1)
        else:
            self.assertEqual('ERROR', done.status)
        self.assertEqual(before[:4], self.counts()[:4])


class SeenTest(TestCase):

    def test_only_the_project_sees_its_imports(self):
        done = self.begin()
        for verb in (self.zone_imports.get, self.zone_imports.delete):
            with self.refused(errors.ZoneImportNotFound):
                verb(self.beta, zone_import_id=done.id)
        self.assertEqual([], self.found(self.beta))
        self.assertEqual([done], self.found(self.alpha))
        self.assertEqual([done], self.found(fixture.ADMIN))
        self.assertEqual([], self.found(self.alpha, status='ERROR'))
        self.assertEqual([done], self.found(self.alpha, zone_id=done.zone_id,
                                            message='*imported', status='COMPLETE'))

    def found(self, ctx: Any, **filters: str) -> list[resources.ZoneImport]:
        answer = self.zone_imports.find(ctx, filters, None, 20, 'created_at', 'asc')
        self.assertEqual(len(answer['items']), answer['total'])
        return answer['items']

    def test_who_may_import(self):
        for ctx, kind in ((fixture.user('alpha', 'reader'), errors.Forbidden),
                          (fixture.user(None, 'admin'), errors.MissingProjectId)):
            with self.refused(kind):
                self.begin(ctx=ctx)
        self.assertEqual(0, self.counts()[3])


class ClaimTest(TestCase):

    def sweep(self, shards: tuple[int, int] = fixture.ALL_SHARDS) -> int:
        return self.zone_imports.sweep(fixture.ADMIN, shards)

    def meanwhile(self, statement: Any) -> Any:
        """Let this happen to the row between the reading of the file and the transaction."""
        def read(self_: importer.Importer, ctx: Any, job: Any) -> Any:
            file = original(self_, ctx, job)
            with self.store.write() as tx:
                tx.execute(statement)
            return file

        original = importer.Importer._read
        return unittest.mock.patch.object(importer.Importer, '_read', read)

    def status(self, id_: str) -> str:
        return self.zone_imports.get(self.alpha, zone_import_id=id_).status

    def test_what_nobody_works_on_is_begun_again(self):
        id_ = self.at_work()
        self.assertEqual(0, self.sweep())
        self.clock.forward(importer.CLAIM)
        shard = int(id_[:3], 16)
        self.assertEqual([0, 0], [self.sweep((0, shard)), self.sweep((shard + 1, 4096))])
        self.assertEqual('PENDING', self.status(id_))
        self.assertEqual(1, self.sweep((shard, shard + 1)))
        self.assertEqual('COMPLETE', self.status(id_))
        self.assertEqual(0, self.sweep())

    def test_the_caller_is_still_who_asked_and_the_token_is_not_kept(self):
        ctx = fixture.user('alpha', 'member', 'reader', auth_token='secret')
        with unittest.mock.patch.object(importer.Importer, '_work', side_effect=MemoryError):
            with self.assertLogs('designate_like.central.importer', 'ERROR'):
                self.begin(ctx=ctx)
        with self.store.read() as tx:
            self.assertNotIn('secret', str(tx.execute(tables.zone_imports.select()).all()))
        self.clock.forward(importer.CLAIM)
        self.sweep()
        with self.store.read() as tx:
            self.assertEqual(['alpha'], [
                row.project_id for row in tx.execute(tables.zones.select())])

    def test_who_has_lost_the_claim_makes_no_zone(self):
        with self.meanwhile(tables.zone_imports.update().values(claim='another')):
            id_ = self.begin().id
        self.assertEqual('PENDING', self.status(id_))
        self.assertEqual([0, 0], self.counts()[:2])
        self.assertEqual([], self.worker.told('deploy'))
        self.clock.forward(importer.CLAIM)
        self.sweep()
        self.assertEqual('COMPLETE', self.status(id_))

    def test_an_import_that_is_deleted_comes_to_nothing(self):
        id_ = self.at_work()
        self.clock.forward(importer.CLAIM)
        with self.meanwhile(tables.zone_imports.delete()):
            self.sweep()
        self.assertEqual([0, 0], self.counts()[:2])
        with self.assertRaises(errors.ZoneImportNotFound):
            self.status(id_)

    def test_an_import_that_kills_central_is_given_up(self):
        id_ = self.at_work()
        for _ in range(importer.MOST_ATTEMPTS - 1):
            self.clock.forward(importer.CLAIM)
            with unittest.mock.patch.object(importer.Importer, '_work', side_effect=MemoryError):
                with self.assertLogs('designate_like.central.importer', 'ERROR'):
                    self.sweep()
        self.clock.forward(importer.CLAIM)
        self.sweep()
        done = self.zone_imports.get(self.alpha, zone_import_id=id_)
        self.assertEqual(('ERROR', 'An undefined error occurred. 5 attempts did not come to an '
                                   'end.'), (done.status, done.message))
        self.assertEqual([0, 0, 0, 0], self.counts()[:4])

    def test_a_database_that_is_away_ends_nothing(self):
        away = unittest.mock.patch.object(store.recordsets, 'insert_many',
                                          side_effect=errors.DatabaseUnavailable)
        with away, self.assertLogs('designate_like.central.importer', 'WARNING'):
            id_ = self.begin().id
        self.assertEqual('PENDING', self.status(id_))
        self.clock.forward(importer.CLAIM)
        self.sweep()
        self.assertEqual('COMPLETE', self.status(id_))

    def test_a_claim_is_kept_while_the_work_goes_on(self):
        with unittest.mock.patch.object(importer, 'KEEP', 0.01):
            with unittest.mock.patch.object(importer.Importer, '_work', self.slow):
                self.begin()

    def slow(self, job: store.zone_imports.Job) -> None:
        """Work for longer than a claim is good for."""
        before = self.claimed_until()
        self.clock.forward(importer.CLAIM - 1)
        base.wait(lambda: self.claimed_until() > before)
        self.clock.forward(2)
        self.assertEqual(0, self.sweep())

    def claimed_until(self) -> Any:
        with self.store.read() as tx:
            return tx.execute(tables.zone_imports.select()).one().claimed_until

    def test_one_import_is_not_begun_twice_here(self):
        begun = []
        executor = unittest.mock.Mock(submit=lambda function, id_: begun.append(id_))
        made = importer.Importer(endpoint.dataclasses.replace(
            self.collaborators, background=executor))
        made.start('a')
        made.start('a')
        made.start('b')
        self.assertEqual(['a', 'b'], begun)

    def test_texts_that_nobody_came_back_for_are_forgotten(self):
        id_ = self.at_work()
        self.zone_imports.upload(self.alpha, str(uuid.uuid4()), 0, 'x')
        self.clock.forward(3599)
        self.assertEqual(3, self.counts()[3])
        with self.store.read() as tx:
            self.assertEqual([], store.chunks.left(
                tx, self.clock.now.replace(hour=3, minute=0, second=0), 10))
        self.clock.forward(2)
        with unittest.mock.patch.object(importer.Importer, 'start'):
            self.sweep()
        self.assertEqual(2, self.counts()[3])
        self.sweep()
        self.assertEqual('COMPLETE', self.status(id_))

    def test_a_project_may_have_so_much_waiting(self):
        self.set('max_pending_imports_size', len(FILE) + 10, 'service:central')
        self.at_work()
        other, third = str(uuid.uuid4()), str(uuid.uuid4())
        self.zone_imports.upload(self.alpha, other, 0, 10 * 'x')
        self.zone_imports.upload(self.beta, third, 0, 10 * 'x')         # Each has its own.
        for more in (lambda: self.zone_imports.upload(self.alpha, other, 1, 'x'),
                     lambda: self.begin()):
            with self.assertRaises(errors.OverQuota) as caught:
                more()
            self.assertRegex(caught.exception.message, f'wait to be imported .* {len(FILE) + 10} ')
            self.assertEqual(10, caught.exception.kwargs['retry_after'])
            self.assertEqual(3, self.counts()[3])       # Of what was refused nothing is left.
        self.clock.forward(importer.CLAIM)
        self.sweep()
        self.assertEqual('COMPLETE', self.begin(FILE.replace('Example', 'Another')).status)
