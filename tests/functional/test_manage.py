# SPDX-License-Identifier: Apache-2.0
"""designate-like-manage as a program: what it prints, its exit codes, what it leaves behind."""
import contextlib
import datetime
import io
import json
import pathlib
import subprocess
import sys
from typing import Any

import yaml
from oslo_utils import timeutils

from designate_like import conf
from designate_like import errors
from designate_like import resources
from designate_like import rpc
from designate_like import store
from designate_like.manage import pools
from designate_like.store import migrations
from tests import base
from tests.functional.central import fixture
from tests.functional.http import site

HEADING = '\nPool Configuration:\n' + 19 * '-' + '\n'
POOL = {'also_notifies': [], 'attributes': {}, 'description': None, 'id': fixture.DEFAULT_POOL,
        'name': 'default', 'nameservers': [], 'ns_records': [], 'targets': []}
OTHER = {**POOL, 'id': fixture.OTHER_POOL, 'name': 'other'}


class TestCase(base.TestCase):
    """A database and a configuration that names it."""

    def setUp(self) -> None:
        super().setUp()
        self.state = self.directory()
        self.config = self.state / 'designate_like.conf'
        url = f'sqlite:///{self.state}/designate_like.sqlite'
        self.config.write_text(f'[DEFAULT]\ntransport_url = inproc://\n[heartbeat_emitter]\n'
                               f'heartbeat_interval = 500\n[storage:sqlalchemy]\n'
                               f'connection = {url}\n')
        self.store = store.Store(url)
        self.addCleanup(self.store.dispose)

    def run_it(self, *words: str, code: int = 0) -> tuple[str, str]:
        """Run a command; what it prints, and what it logs or complains of."""
        ended = subprocess.run(
            [sys.executable, '-m', 'designate_like.cmd.manage', '--config-file', self.config,
             *words], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(code, ended.returncode, ended)
        return ended.stdout, ended.stderr

    def complaint(self, *words: str) -> str:
        """What a command that fails says, in one line."""
        printed, said = self.run_it(*words, code=1)
        self.assertEqual(('', 1), (printed, said.count('\n')), said)
        return said.removeprefix('manage.py: ').rstrip('\n')

    def write(self, name: str, text: str) -> str:
        """A file; returns its path."""
        path = self.state / name
        path.write_text(text)
        return str(path)


class DatabaseTest(TestCase):

    def test_from_nothing_to_the_newest_schema(self):
        self.assertEqual('Current: None Latest: 0001\n', self.run_it('database', 'version')[0])
        self.assertEqual('', self.run_it('database', 'sync')[0])
        self.assertEqual('Current: 0001 Latest: 0001\n', self.run_it('database', 'version')[0])
        self.assertEqual('0001 (head)\n', self.run_it('database', 'current')[0])
        self.assertEqual('0001 (head)\n', self.run_it('database', 'heads')[0])
        history, _ = self.run_it('database', 'history')
        self.assertRegex(history, r'\A<base> -> 0001.*\n\Z')
        with self.store.read() as tx:
            [pool] = store.pools.every(tx)
        self.assertEqual((fixture.DEFAULT_POOL, 'default'), (pool.id, pool.name))

    def test_upgrade(self):
        self.run_it('database', 'upgrade')
        self.assertEqual('0001', migrations.current(self.store))
        self.run_it('database', 'upgrade', '0001')
        self.assertIn('nonsense', self.complaint_of_alembic('database', 'upgrade', 'nonsense'))

    def complaint_of_alembic(self, *words: str) -> str:
        """The last line, after those that alembic logs."""
        return self.run_it(*words, code=1)[1].splitlines()[-1]

    def test_a_database_that_cannot_be_reached(self):
        self.config.write_text('[storage:sqlalchemy]\nconnection = sqlite:////nowhere/x.sqlite')
        self.assertIn('sqlite:////nowhere/x.sqlite', self.complaint('database', 'sync'))

    def test_no_database(self):
        self.config.write_text('')
        self.assertEqual('[storage:sqlalchemy] connection must be set',
                         self.complaint('database', 'sync'))


class PoolTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        migrations.upgrade(self.store)
        with self.store.write() as tx:
            for pool in (POOL, OTHER):
                store.pools.insert(tx, resources.Pool(
                    id=pool['id'], name=pool['name'], created_at=fixture.START))

    def test_show_config(self):
        for words, pools_ in (((), [POOL]), (('--all_pools',), [POOL, OTHER]),
                              (('--all',), [POOL, OTHER]),
                              (('--pool_id', fixture.OTHER_POOL), [OTHER])):
            with self.subTest(words=words):
                printed, _ = self.run_it('pool', 'show_config', *words)
                self.assertTrue(printed.startswith(HEADING + '- also_notifies: []\n'), printed)
                self.assertEqual(pools_, yaml.safe_load(printed.removeprefix(HEADING)))

    def test_show_config_of_no_pool(self):
        for id_ in ('x', '00000000-0000-4000-8000-000000000000'):
            self.assertEqual(f'There is no pool {id_}',
                             self.complaint('pool', 'show_config', '--pool_id', id_))

    def test_orphans(self):
        self.assertEqual(('', ''), self.run_it('pool', 'orphans'))
        with self.store.write() as tx:
            store.orphans.add(tx, POOL['id'], '192.0.2.1', 53, ['b.example.', 'a.example.'],
                              fixture.START)
        self.assertEqual(
            f"a.example. at 192.0.2.1 port 53 of pool {POOL['id']}, since 2026-11-21T03:00:00Z",
            self.run_it('pool', 'orphans')[0].splitlines()[0])
        self.assertEqual(
            [{'pool_id': POOL['id'], 'host': '192.0.2.1', 'port': 53, 'name': name,
              'since': '2026-11-21T03:00:00Z'} for name in ('a.example.', 'b.example.')],
            json.loads(self.run_it('pool', 'orphans', '--json')[0]))

    def test_generate_file(self):
        path = self.state / 'pools.yaml'
        self.assertEqual(('', ''), self.run_it('pool', 'generate_file', '--file', str(path)))
        self.assertEqual([POOL, OTHER], yaml.safe_load(path.read_text()))
        self.assertEqual('default', pools.read(str(path))[0]['name'])

    def test_update_does_not_reach_into_another_process(self):
        path = self.write('pools.yaml', '[{name: default}]')
        self.assertIn('--pools', self.complaint('pool', 'update', '--file', path))

    def test_update_with_a_file_that_is_wrong(self):
        for text, sentence in (('[{name: x, bogus: 1}]', "Keys ['bogus'] are not valid for pool"),
                               ('[{name: x, targets: [{type: bogus}]}]', "'bogus' is not one of"),
                               ('- {', 'while parsing')):
            with self.subTest(text=text):
                said = self.complaint('pool', 'update', '--file', self.write('p.yaml', text))
                self.assertIn(sentence, said)
        self.assertIn('/nowhere', self.complaint('pool', 'update', '--file', '/nowhere'))


class UpdateTest(base.TestCase):
    """pool update, over the bus of a central in this process."""

    def setUp(self) -> None:
        super().setUp()
        self.site = site.Site()
        self.addCleanup(self.site.stop)
        self.site.start()
        self.central = rpc.Client(rpc.get_transport(conf.CONF), 'central')

    def update(self, document: Any, **options: bool) -> str:
        """What the command prints."""
        path = self.directory() / 'pools.yaml'
        path.write_text(yaml.safe_dump(document))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            pools.update(self.central, pools.read(str(path)),
                         **{'delete': False, 'dry_run': False, **options})
        return printed.getvalue()

    def names(self) -> list[str]:
        """The pools that there are."""
        shown = self.site.send('GET', '/v2/pools', site.CALLERS['admin']).json
        return sorted(each['name'] for each in shown['pools'])

    def test_a_dry_run(self):
        self.update([{'name': 'old'}])
        printed = self.update([{'name': 'default'}, {'name': 'new'}], delete=True, dry_run=True)
        self.assertEqual('Updating Pools Configuration\n' + 28 * '*' + '\n'
                         'The following changes will occur:\n' + 33 * '*' + '\n'
                         'Update Pool: default\nCreate Pool: new\nDelete Pool: old\n', printed)
        self.assertEqual(['default', 'old'], self.names())

    def test_create_and_update_and_delete(self):
        self.update([{'name': 'old'}])
        self.assertEqual('Updating Pools Configuration\n' + 28 * '*' + '\n',
                         self.update([{'name': 'default', 'description': 'changed'},
                                      {'name': 'new'}], delete=True))
        self.assertEqual(['default', 'new'], self.names())

    def test_a_pool_with_zones_is_not_deleted(self):
        self.site.make('/zones', name='example.org.', email='a@example.org')
        with self.assertRaisesRegex(errors.InvalidOperation, "'default' still carries zones"):
            self.update([{'name': 'new'}], delete=True)
        self.assertEqual(['default'], self.names())


class ServiceTest(TestCase):

    def test_clean(self):
        migrations.upgrade(self.store)
        now = timeutils.utcnow(with_timezone=False)
        with self.store.write() as tx:
            for name, silence in (('api', 1), ('mdns', 900), ('worker', 1001), ('sink', 9999)):
                store.service_statuses.beat(
                    tx, name, 'here', now - datetime.timedelta(seconds=silence), now, status='UP',
                    stats={}, capabilities={})
        self.assertEqual('Service statuses deleted: 2\n', self.run_it('service', 'clean')[0])
        with self.store.read() as tx:
            left, _ = store.service_statuses.find(tx, {}, store.Page(limit=9))
        self.assertEqual({'api', 'mdns'}, {each.service_name for each in left})


class TldsTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        migrations.upgrade(self.store)

    def import_(self, text: str, *words: str) -> list[str]:
        """What the command logs, without times and places."""
        path = self.write('tlds.csv', text)
        printed, said = self.run_it('tlds', 'import', '--input_file', path, *words)
        self.assertEqual('', printed)
        return [line.partition('[-] ')[2] for line in said.splitlines()]

    def listed(self) -> dict[str, str | None]:
        """The TLDs that there are, with their descriptions."""
        with self.store.read() as tx:
            return {each.name: each.description for each in store.tlds.repository.where(tx)}

    def test_good_lines_are_added_and_bad_ones_told(self):
        self.import_('org\n')
        said = self.import_(f'com,Commercial\n\nnot a name\nx,{161 * "y"}\nORG,again\n'
                            'co.uk, Britain\na,b,c\ncom\n')
        self.assertEqual(
            ['Number of tlds added: 2',
             "InvalidTld --> {'name': 'not a name', 'description': None}",
             f"InvalidDescription --> {{'name': 'x', 'description': '{161 * 'y'}'}}",
             "DuplicateTld --> {'name': 'ORG', 'description': 'again'}",
             "InvalidLine --> {'name': 'a', 'description': 'b', None: ['c']}",
             "DuplicateTld --> {'name': 'com', 'description': None}"], said)
        self.assertEqual({'org': None, 'com': 'Commercial', 'co.uk': 'Britain'}, self.listed())

    def test_another_delimiter(self):
        self.assertEqual(['Number of tlds added: 1'], self.import_('org|a, b\n',
                                                                   '--delimiter', '|'))
        self.assertEqual({'org': 'a, b'}, self.listed())

    def test_what_cannot_be_read(self):
        self.assertEqual('/nowhere: No such file or directory',
                         self.complaint('tlds', 'import', '--input_file', '/nowhere'))
        path = self.write('tlds.csv', 'org\n')
        self.assertIn('delimiter', self.complaint('tlds', 'import', '--input_file', path,
                                                  '--delimiter', 'xx'))
        pathlib.Path(path).write_bytes(b'\xff\xfe')
        self.assertIn(path, self.complaint('tlds', 'import', '--input_file', path))
