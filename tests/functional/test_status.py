# SPDX-License-Identifier: Apache-2.0
"""designate-like-status as a program: what each check finds, and its exit codes."""
import json
import subprocess
import sys

from designate_like import resources
from designate_like import store
from designate_like.store import migrations
from tests import base
from tests.functional.central import fixture

ABSENT = '99999999-9999-4999-8999-999999999999'
SUCCESS, WARNING, FAILURE, ERROR = 0, 1, 2, 255


class StatusTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.state = self.directory()
        self.config = self.state / 'designate_like.conf'
        self.url = f'sqlite:///{self.state}/designate_like.sqlite'
        self.configure()
        self.store = store.Store(self.url)
        self.addCleanup(self.store.dispose)
        migrations.upgrade(self.store)

    def configure(self, more: str = '', bus: str = 'inproc://') -> None:
        """Write the configuration file, with more at its end."""
        self.config.write_text(f'[DEFAULT]\ntransport_url = {bus}\n[storage:sqlalchemy]\n'
                               f'connection = {self.url}\n{more}')

    def policy(self, text: str) -> None:
        """Have a policy file."""
        path = self.state / 'policy.yaml'
        path.write_text(text)
        self.configure(f'[oslo_policy]\npolicy_file = {path}\n')

    def pool(self, name: str = 'default', **more: object) -> None:
        """Add a pool that lacks nothing but what ``more`` takes away."""
        values = {'id': fixture.DEFAULT_POOL, 'name': name, 'created_at': fixture.START,
                  'ns_records': [resources.NsRecord(hostname='ns.example.', priority=1)],
                  'targets': [resources.Target(type='fake')], **more}
        with self.store.write() as tx:
            store.pools.insert(tx, resources.Pool(**values))

    def tsigkey(self, **more: str) -> None:
        """Add a key of the pool that lacks nothing but what ``more`` takes away."""
        with self.store.write() as tx:
            store.tsigkeys.repository.insert(tx, resources.Tsigkey(**{
                'id': ABSENT, 'name': 'key', 'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0',
                'scope': 'POOL', 'resource_id': fixture.DEFAULT_POOL,
                'created_at': fixture.START, **more}))

    def run_it(self, *words: str) -> subprocess.CompletedProcess:
        """Run the program."""
        return subprocess.run(
            [sys.executable, '-m', 'designate_like.cmd.status', '--config-file', self.config,
             *words], capture_output=True, text=True, timeout=60, check=False)

    def finds(self, name: str, code: int, sentence: str | None) -> None:
        """Fail unless that check, and no other, has that to say; its code is the program's."""
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(code, ended.returncode, ended)
        found = {each['check']: (each['result'], each['details'])
                 for each in json.loads(ended.stdout)['checks'] if each['result']}
        self.assertEqual({name: (code, sentence)} if code else {}, found)

    def test_nothing_to_complain_of(self):
        self.pool()
        self.tsigkey()
        self.finds('', SUCCESS, None)
        ended = self.run_it('upgrade', 'check')
        self.assertEqual(SUCCESS, ended.returncode)
        self.assertIn('Check: Database', ended.stdout)

    def test_a_database_that_is_not_migrated(self):
        self.url = f'sqlite:///{self.state}/other.sqlite'
        self.configure()
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(FAILURE, ended.returncode)
        first, *rest = json.loads(ended.stdout)['checks']
        self.assertIn('run designate-like-manage database sync', first['details'])
        self.assertEqual({'Pools', 'Servers of pools', 'TSIG keys', 'Producers'},
                         {each['check'] for each in rest if each['result'] == WARNING})

    def test_a_database_that_is_away(self):
        self.url = 'mysql+pymysql://user:word@127.0.0.1:1/x'
        self.configure()
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(FAILURE, ended.returncode)
        self.assertIn("Can't connect", json.loads(ended.stdout)['checks'][0]['details'])

    def test_policy_files(self):
        self.pool()
        path = self.state / 'policy.yaml'
        for text, code, sentence in (
                ('"create_zone": "role:x and rule:mine"\n"mine": "role:y"\n', SUCCESS, None),
                ('# nothing but a comment', SUCCESS, None),
                ('{"create_zone": "role:x"}', WARNING,
                 f'{path} is JSON: oslopolicy-convert-json-to-yaml makes YAML of it'),
                ('"use_low_ttl": "role:x"\n"former": "!"\n', WARNING,
                 'No such rule, so nobody asks for it: former')):
            with self.subTest(text):
                self.policy(text)
                self.finds('Policy file', code, sentence)

    def test_a_policy_file_that_cannot_be_read(self):
        self.pool()
        self.policy('"create_zone": [')
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(FAILURE, ended.returncode)
        self.assertIn('[oslo_policy] policy_file: ',
                      json.loads(ended.stdout)['checks'][1]['details'])

    def test_a_pool_that_nobody_has_described(self):
        self.pool(ns_records=[], targets=[])
        self.finds('Pools', WARNING, 'Pool default has no ns_records; '
                   'Pool default has neither targets nor nameservers')

    def test_targets_of_which_there_is_no_backend(self):
        self.pool(targets=[resources.Target(type='fake'), resources.Target(type='abacus'),
                           resources.Target(type='fake', options={'prot': '1'})])
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(FAILURE, ended.returncode)
        found = json.loads(ended.stdout)['checks'][3]['details']
        self.assertRegex(found, "^Pool default: targets: type: 'abacus' is not one of bind9, .*; "
                         "Pool default: targets: The backend 'fake' has no option prot$")

    def test_a_key_that_is_not_there(self):
        self.pool(nameservers=[resources.Nameserver(host='192.0.2.1', port=53,
                                                    tsigkey_id=ABSENT)])
        self.finds('Servers of pools', FAILURE, f'Pool default: there is no TSIG key {ABSENT}')
        self.tsigkey()
        self.finds('', SUCCESS, None)

    def test_a_key_that_nobody_can_use(self):
        self.pool()
        self.tsigkey(secret='not base64', name='a..b', scope='ZONE')
        self.finds('TSIG keys', WARNING, 'TSIG key a..b: the secret is not base64; '
                   'TSIG key a..b: the name is not one of the DNS; '
                   f'TSIG key a..b: there is no zone {fixture.DEFAULT_POOL}')

    def test_producers_that_cannot_find_one_another(self):
        self.pool()
        with self.store.write() as tx:
            for host, status in (('a', 'UP'), ('b', 'UP'), ('c', 'DOWN')):
                store.service_statuses.beat(tx, 'producer', host, fixture.START, fixture.START,
                                            status=status, stats={}, capabilities={})
        self.finds('Producers', WARNING, 'Producers report from a, b, but [coordination] '
                   'backend_url is not set: each works for all zones')
        self.configure('[coordination]\nbackend_url = file:///tmp\n')
        self.finds('', SUCCESS, None)

    def test_queues_that_do_not_outlive_a_broker(self):
        self.pool()
        self.configure(bus='rabbit://host/')
        self.finds('', SUCCESS, None)
        for bus, more in (('rabbit://host/?rabbit_quorum_queue=0', ''), (
                'rabbit://host/', '[oslo_messaging_rabbit]\nrabbit_quorum_queue = false\n')):
            with self.subTest(bus=bus):
                self.configure(more, bus)
                self.finds('Message bus', WARNING, '[oslo_messaging_rabbit] rabbit_quorum_queue '
                           'is false: a broker that dies takes requests with it')

    def test_a_bus_that_is_none(self):
        self.pool()
        self.configure(bus='pigeon://coop/')
        ended = self.run_it('upgrade', 'check', '--json')
        self.assertEqual(FAILURE, ended.returncode)
        self.assertIn('[DEFAULT] transport_url: ',
                      json.loads(ended.stdout)['checks'][-1]['details'])

    def test_a_configuration_that_cannot_be_read(self):
        self.config.unlink()
        ended = self.run_it('upgrade', 'check')
        self.assertEqual((ERROR, ''), (ended.returncode, ended.stdout))
        self.assertIn(str(self.config), ended.stderr)
