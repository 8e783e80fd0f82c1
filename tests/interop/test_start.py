# SPDX-License-Identifier: Apache-2.0
"""Programs of roles that cannot work as they are told, and those that wait for what is away."""
import contextlib
import pathlib
import signal

from tests import base
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
        site.start_role('central-1')
        base.wait(lambda: 'Waiting for the database' in site.log('central-1'), 20)
        site.start_role('api')
        database.start()
        base.wait(site.is_ready, 40, 0.05)
        self.assertEqual(1, site.log('central-1').count('Waiting for the database'))
        self.assertEqual(1, site.log('central-1').count('The database is there'))

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
