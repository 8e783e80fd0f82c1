# SPDX-License-Identifier: Apache-2.0
"""Programs of roles that cannot work as they are told, and those that wait for what is away."""
import contextlib
import json
import pathlib
import signal
import socket

from designate_like.api import wsgi
from tests import base
from tests.interop import bind
from tests.interop import deployment
from tests.interop import mariadb
from tests.interop import rabbitmq
from tests.interop import server
from tests.interop import standalone

NOBODY = f'127.0.0.1:{server.free_port()}'


class StartTestCase(base.TestCase):

    def site(self, bus: str = 'inproc://', database: str = '') -> deployment.Deployment:
        """A site of which nothing runs; what the test starts is killed after it."""
        directory = self.directory()
        site = deployment.Deployment(
            directory, bus=bus, database=database or f'sqlite:///{directory}/central.sqlite')
        self.addCleanup(site.kill_all)
        return site

    def ended_at_once(self, site: deployment.Deployment, name: str) -> None:
        """Fail unless SIGTERM ends a role that waits, without a trace."""
        process = site.processes.pop(name)
        process.terminate()
        self.assertIn(process.wait(3), (0, -signal.SIGTERM))
        self.assertNotIn('Traceback', site.log(name))


class RefusedTest(StartTestCase):

    def refused(self, site: deployment.Deployment, name: str) -> str:
        """Start a role; returns the one line, besides its log, about why it did not start."""
        site.start_role(name)
        code = site.processes[name].wait(20)
        self.assertEqual(1, code, site.log(name))
        self.assertNotIn('Traceback', site.log(name))
        return site.log(name).splitlines()[-1]

    def test_a_bus_that_is_none(self) -> None:
        for url in ('pigeon://coop/', 'rabbit://user:a/b@host/'):
            site = self.site(bus=url)
            for name in ('api', 'central-1', 'worker-1', 'producer', 'mdns-1'):
                with self.subTest(url=url, name=name):
                    self.assertIn(f'{site.file(name)}: [DEFAULT] transport_url: ',
                                  self.refused(site, name))

    def test_a_database_that_is_none(self) -> None:
        for url in ('nonsense', 'oracle9://x/y', 'mysql+pymysql://h:port/d', 'sqlite:////no/d/x'):
            site = self.site(database=url)
            for name in ('central-1', 'mdns-1'):
                with self.subTest(url=url, name=name):
                    self.assertIn(f'{site.file(name)}: [storage:sqlalchemy] connection: ',
                                  self.refused(site, name))

    def test_a_database_that_is_not_migrated(self) -> None:
        for database in ('', mariadb.shared().url()):
            site = self.site(database=database)
            for name in ('central-1', 'mdns-1'):
                with self.subTest(database=database, name=name):
                    self.assertIn('run designate-like-manage database sync',
                                  self.refused(site, name))

    def test_a_database_that_is_newer(self) -> None:
        mariadb_ = mariadb.shared()
        site = self.site(database=mariadb_.url())
        site.manage('database', 'sync')
        name = site.database.rpartition('/')[2]
        mariadb_.sql(f"UPDATE {name}.alembic_version SET version_num = '9999'")
        self.assertIn('9999, which is newer than this code', self.refused(site, 'central-1'))

    def test_a_password_that_is_wrong(self) -> None:
        site = self.site(database=mariadb.shared().url().replace('secret', 'guess'))
        self.assertIn('[storage:sqlalchemy] connection: ', self.refused(site, 'central-1'))

    def test_a_policy_that_cannot_be_read(self) -> None:
        site = self.site()
        policy = pathlib.Path(site.directory, 'policy.yaml')
        policy.write_text('"create_zone": [')
        for name in ('api', 'central-1'):
            site.configure(name, more=f'[oslo_policy]\npolicy_file = {policy}\n')
            with self.subTest(name):
                self.assertIn(f'{site.file(name)}: [oslo_policy] policy_file: ',
                              self.refused(site, name))

    def test_what_options_name_is_not_there(self) -> None:
        broken = self.directory() / 'broken.ini'
        broken.write_text('[composite:main')
        for name, more, sentence in (
                ('worker-1', '[DEFAULT]\nlog_config_append = /nowhere.ini',
                 '[DEFAULT] log_config_append: Error loading logging config /nowhere.ini: '),
                ('worker-1', '[DEFAULT]\nlog_file = /nowhere/worker.log',
                 "[DEFAULT] log_file: [Errno 2] No such file or directory: '/nowhere/worker.log'"),
                ('central-1', 'scheduler_filters = abacus',
                 '[service:central] scheduler_filters: no such filter: abacus'),
                ('central-1', '[DEFAULT]\nnotification_plugin = abacus',
                 "notification_plugin: 'abacus' is not one of audit, default"),
                ('central-1', '[oslo_messaging_notifications]\ntransport_url = pigeon://coop/',
                 '[oslo_messaging_notifications] transport_url: '),
                ('central-1', '[network_api:neutron]\nendpoints = RegionOne',
                 "[network_api:neutron] endpoints: 'RegionOne' is not"),
                ('producer', 'enabled_tasks = abacus',
                 '[service:producer] enabled_tasks: no such task: abacus'),
                ('producer', '[coordination]\nbackend_url = abacus://host',
                 "[coordination] backend_url: 'abacus' is not one of"),
                ('api', 'api_base_uri = nonsense:',
                 "[service:api] api_base_uri: 'nonsense:' is not a URL such as"),
                ('api', 'api_paste_config = /nowhere.ini',
                 '[service:api] api_paste_config: there is no file /nowhere.ini'),
                ('api', f'api_paste_config = {broken}', f'{broken}: File contains no section'),
                ('sink', 'enabled_notification_handlers = fake\n'
                 '[oslo_messaging_notifications]\ntransport_url = pigeon://coop/',
                 '[oslo_messaging_notifications] transport_url: '),
                ('sink', 'enabled_notification_handlers = abacus',
                 "[service:sink] enabled_notification_handlers: 'abacus' is not one of"),
                ('api', 'listen =', '[service:api] listen: there must be an address'),
                ('mdns-1', 'listen =', '[service:mdns] listen: there must be an address'),
                ('api', f'[oslo_policy]\npolicy_file = {broken.parent}',
                 f"[oslo_policy] policy_file: [Errno 21] Is a directory: '{broken.parent}'"),
                ('api', 'listen = 127.0.0.1:http',
                 "[service:api] listen: '127.0.0.1:http' is not host:port"),
                ('mdns-1', 'listen = 127.0.0.1:domain',
                 "[service:mdns] listen: '127.0.0.1:domain' is not host:port")):
            with self.subTest(name=name, more=more):
                site = self.site()
                site.configure(name, more=more)
                self.assertIn(sentence, self.refused(site, name))

    def test_a_port_that_is_taken(self) -> None:
        site = self.site()
        site.manage('database', 'sync')
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            for name, more, what in (
                    ('api', f'listen = 127.0.0.1:{port}', '[service:api] listen: cannot listen'),
                    ('mdns-1', f'listen = 127.0.0.1:{port}',
                     '[service:mdns] listen: cannot listen'),
                    ('worker-1', f'[metrics]\nenabled = true\nworker_port = {port}',
                     '[metrics] worker_port: metrics cannot be served')):
                with self.subTest(name):
                    site.configure(name, more=more)
                    self.assertIn(f'{site.file(name)}: {what} at 127.0.0.1:{port}: Address already '
                                  'in use',
                                  self.refused(site, name))

    def test_where_they_listen(self) -> None:
        site = self.site()
        site.manage('database', 'sync')
        port = server.free_port()
        metrics = f'[metrics]\nenabled = true\nmdns_port = {port}\n'
        for name, more, places in (
                ('api', '', [f'HTTP at 127.0.0.1:{site.port}']),
                ('mdns-1', metrics, [f'DNS at 127.0.0.1:{site.dns_ports["mdns-1"]} by UDP and TCP',
                                     f'metrics at http://127.0.0.1:{port}/metrics'])):
            site.configure(name, workers=2, more=more)
            site.start_role(name)
            role = name.partition('-')[0]
            base.wait(lambda: f'{role} serves {places[-1]}' in site.log(name), 20)
            self.assertEqual(len(places), site.log(name).count(f'{role} serves '))
            self.assertIn(f'{role} serves {places[0]}', site.log(name))

    def test_a_pools_file_that_is_wrong(self) -> None:
        site = self.site()
        for text, sentence in (
                ("[{name: x, bogus: 1}]", "pool 1 ('x'): Keys ['bogus'] are not valid for pool"),
                ("[{name: x, nameservers: [{host: 192.0.2.1, port: 0}]}]",
                 "pool 1 ('x'): nameservers: [0] port: 0 is not between 1 and 65535."),
                ("[{name: x, targets: [{type: bind9, options: {rndc_prot: '1'}}]}]",
                 "pool 1 ('x'): targets: [0] The backend 'bind9' has no option rndc_prot"),
                ("[{name: x, targets: [{type: bind9, masters: [{host: 192.0.2.1, port: 5354}], "
                 "options: {rndc_port: x}}]}]", "pool 1 ('x'): targets: [0] The option rndc_port "
                 "of the backend 'bind9' is 'x', which is not a number")):
            with self.subTest(text):
                site.pools.write_text(text)
                with self.assertRaises(AssertionError) as caught:
                    site.manage('pool', 'update', '--file', str(site.pools))
                self.assertEqual(f'manage.py: {site.pools}: {sentence}\n', str(caught.exception))


class ReloadTest(StartTestCase):

    def test_what_would_be_refused_at_the_start_changes_nothing(self) -> None:
        site = self.site()
        site.manage('database', 'sync')
        paste, policy = site.directory / 'paste.ini', site.directory / 'policy.yaml'
        policy.write_text('{}')
        paste.write_text(wsgi.PASTE_FILE.read_text())
        files = f'api_paste_config = {paste}\n[oslo_policy]\npolicy_file = {policy}\n'
        for name, good, wrong in (
                ('api', files, 'api_paste_config = /nowhere.ini'),
                ('api', files, paste), ('api', files, policy),
                ('central-1', '', 'scheduler_filters = abacus'),
                ('producer', '', 'enabled_tasks = abacus'),
                ('worker-1', '', '[DEFAULT]\ntransport_url = pigeon://coop/'),
                ('mdns-1', '', '[storage:sqlalchemy]\nconnection = sqlite:////nowhere/db'),
                ('sink', '', 'enabled_notification_handlers = abacus')):
            with self.subTest(name, wrong=wrong):
                site.configure(name, more=good)
                site.start_role(name)
                [before] = base.wait(lambda: self.children(site, name), 20)
                if name == 'api':       # It has read its files when it answers.
                    base.wait(lambda: self.answers(site), 20)
                if isinstance(wrong, pathlib.Path):
                    wrong.write_text('[')
                else:
                    site.configure(name, more=wrong)
                self.assertEqual([], self.told(site, name, 'before stays in force: ')[1:])
                self.assertEqual([before], self.children(site, name))
                if isinstance(wrong, pathlib.Path):
                    wrong.write_text('{}' if wrong == policy else wsgi.PASTE_FILE.read_text())
                site.configure(name, more=good)
                self.told(site, name, 'The configuration was read again')
                base.wait(lambda: before not in self.children(site, name), 20)
                site.kill(name)
                self.assertNotIn('Traceback', site.log(name))
                (site.directory / f'{name}.log').unlink()

    def told(self, site: deployment.Deployment, name: str, what: str) -> list[str]:
        """Send SIGHUP; returns the lines of the log that say such a thing, when there are some."""
        site.processes[name].send_signal(signal.SIGHUP)
        return base.wait(lambda: [line for line in site.log(name).splitlines() if what in line], 20)

    def answers(self, site: deployment.Deployment) -> bool:
        """Whether the API does."""
        with contextlib.closing(site.client()) as client, contextlib.suppress(OSError):
            return 'versions' in client('GET', '/')
        return False

    def children(self, site: deployment.Deployment, name: str) -> list[int]:
        """The processes in which a role works."""
        threads = pathlib.Path(f'/proc/{site.processes[name].pid}/task').glob('*/children')
        return sorted(int(pid) for each in threads for pid in each.read_text().split())


class TargetsTest(base.TestCase):

    def test_what_targets_name_is_not_there(self) -> None:
        """The zone is ERROR, and log and API name the file that is missing."""
        named = bind.Bind(self.directory())
        self.addCleanup(named.kill)
        named.start()
        for type_, file, options in (
                ('bind9', '/nowhere/rndc', {'rndc_bin_path': '/nowhere/rndc'}),
                ('bind9', '/nowhere/rndc.key', {'rndc_key_file': '/nowhere/rndc.key'}),
                ('knot', '/nowhere/knotc', {'knotc_bin_path': '/nowhere/knotc'}),
                ('nsd4', '/nowhere/nsd.pem', {'certfile': '/nowhere/nsd.pem'}),
                ('pdns4', '/nowhere/ca.pem', {'api_ca_cert': '/nowhere/ca.pem',
                                              'api_endpoint': 'https://127.0.0.1:1'})):
            with self.subTest(file):
                log, error = self.tried(type_, options, named.port)
                self.assertIn(file, error)
                self.assertEqual(1, log.count(f'{type_} does not create zone one.example.: '), log)
                self.assertIn(error.partition('; ')[2], log)

    def tried(self, type_: str, options: dict[str, str], port: int) -> tuple[str, str]:
        """What the service logs, and says of the name server, when it has a zone in vain."""
        service = standalone.Standalone(
            self.directory(), [], '[service:worker]\npoll_timeout = 3\n')
        self.addCleanup(service.kill)
        address = {'host': '127.0.0.1', 'port': port}
        (service.state / 'pools.yaml').write_text(json.dumps([{
            'id': standalone.POOL_ID, 'name': 'default',
            'ns_records': [{'hostname': 'ns1.example.net.', 'priority': 1}],
            'nameservers': [address],
            'targets': [{'type': type_, 'masters': [address], 'options': {
                'notify_port' if type_ == 'nsd4' else 'port': str(port), **options}}]}]))
        service.start()
        with contextlib.closing(service.client()) as client:
            zone_id = client('POST', '/v2/zones', {'name': 'one.example.',
                                                   'email': 'me@example.org'})['id']
            zone = f'/v2/zones/{zone_id}'
            base.wait(lambda: client('GET', zone)['status'] == 'ERROR', 40, 0.05)
            [shown] = client('GET', f'{zone}/propagation')['nameservers']
        service.kill()
        return service.log(), shown['error']


class WaitTest(StartTestCase):

    def test_a_database_that_is_away(self) -> None:
        site = self.site(database=f'mysql+pymysql://u:p@{NOBODY}/d')
        for name in ('central-1', 'mdns-1'):
            site.start_role(name)
        for name in ('central-1', 'mdns-1'):
            base.wait(lambda: 'Waiting for the database' in site.log(name), 20)
            self.ended_at_once(site, name)

    def test_a_database_that_comes(self) -> None:
        database = mariadb.Database(self.directory())
        self.addCleanup(database.kill)
        database.start()
        site = self.site(rabbitmq.shared().url(), database.url())
        site.manage('database', 'sync')
        database.kill()
        for name in ('central-1', 'producer'):
            site.start_role(name)
        base.wait(lambda: 'Waiting for the database' in site.log('central-1'), 20)
        base.wait(lambda: ' fails, and is tried again: ' in site.log('producer'), 20)
        site.start_role('api')
        database.start()
        base.wait(site.is_ready, 40, 0.05)
        self.assertEqual(1, site.log('central-1').count('Waiting for the database'))
        self.assertEqual(1, site.log('central-1').count('The database is there'))
        base.wait(lambda: ' works again; it failed: ' in site.log('producer'), 90)
        fails = [line.partition(' again: ')[2] for line in site.log('producer').splitlines()
                 if ' fails, and is tried ' in line]
        self.assertEqual(sorted(set(fails)), sorted(fails))     # Not one for each task.

    def test_a_broker_that_is_away(self) -> None:
        site = self.site(f'rabbit://guest:guest@{NOBODY}/')
        site.manage('database', 'sync')
        names = ('central-1', 'worker-1', 'mdns-1', 'producer', 'api')
        for name in names:
            site.start_role(name)
        for name in names:
            base.wait(lambda: 'Connection refused' in site.log(name), 30)
        self.assertEqual(503, self.code(site))      # It has tried again by then.
        for name in names:
            with self.subTest(name):
                self.assertLessEqual(site.log(name).count('Connection failed'), 1, site.log(name))
                site.stop(name, 8)
                self.assertNotIn('Traceback', site.log(name))

    def code(self, site: deployment.Deployment) -> int:
        """What the API answers."""
        with contextlib.closing(site.client()) as client, \
                self.assertRaises(standalone.Refused) as caught:
            client('GET', '/v2/zones')
        return caught.exception.code
