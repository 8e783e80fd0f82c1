# SPDX-License-Identifier: Apache-2.0
"""How long clients wait while something hangs, and what is finished when a role stops."""
import concurrent.futures
import contextlib
import pathlib
import signal
import time
from collections.abc import Iterator

import pymysql
import sqlalchemy

from tests import base
from tests import load
from tests.interop import deployment
from tests.interop import mariadb
from tests.interop import rabbitmq

# Seconds: the default of rpc_response_timeout, and as much again for a machine that has other
# things to do.
BOUND = 15 * 2


class TestCase(base.TestCase):
    roles = ('central-1', 'central-2', 'mdns-1', 'worker-1', 'producer', 'api')
    settings = ''       # of the API

    def setUp(self) -> None:
        super().setUp()
        self.site = deployment.Deployment(self.directory(), roles=self.roles)
        self.addCleanup(self.site.kill_all)
        self.site.configure('central-1', workers=2)
        self.site.configure('api', more=self.settings)
        self.site.start()
        self.client = load.Client(f'127.0.0.1:{self.site.port}')
        with contextlib.closing(self.site.client()) as client:
            self.zone_id = client.zone('a.example.')

    def create(self, name: str) -> str:
        """Create a recordset; returns how the API answers."""
        return self.answer('POST', f'/v2/zones/{self.zone_id}/recordsets', {
            'name': f'{name}.a.example.', 'type': 'A', 'records': ['192.0.2.1']})

    def answer(self, *request: object) -> str:
        """How the API answers a request."""
        try:
            self.client(*request)
        except load.Refused as refused:
            return f'{refused.code}, retry after {refused.retry_after}'
        return 'done'


class WaitsTest(TestCase):
    roles = ('central-1', 'mdns-1', 'worker-1', 'producer', 'api')

    def test_no_client_waits_for_long(self) -> None:
        with self.subTest('central hangs'), self.bounded():
            self.site.send('central-1', signal.SIGSTOP)
            self.asked('504')
            self.site.send('central-1', signal.SIGCONT)
        database, broker = mariadb.shared(), rabbitmq.shared()
        with self.subTest('the database hangs'), self.bounded():
            database.process.send_signal(signal.SIGSTOP)
            self.asked('50')
            database.process.send_signal(signal.SIGCONT)
        with self.subTest('the broker is dead'), self.bounded():
            broker.kill()
            try:
                self.asked('503')
                for name in self.roles:
                    self.site.stop(name, BOUND)
            finally:
                broker.start()
            for name in self.roles:
                self.assertEqual('', self.site.log(name).partition('Traceback')[2], name)
                self.site.start_role(name)

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """Something that comes and goes."""
        yield
        base.wait(self.site.is_ready, 60, 0.1)
        self.assertEqual('done', self.create(str(time.monotonic_ns())))

    def asked(self, code: str) -> None:
        """Read and write, some at a time; all are told to come again."""
        def ask(number: int) -> str:
            return self.create(f'n{number}') if number % 2 else self.answer('GET', '/v2/zones')

        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))
        self.assertLess(time.monotonic() - begin, BOUND)
        for each in answers:
            self.assertRegex(each, f'^{code}.*, retry after 1$')


class StopTest(TestCase):
    settings = '[DEFAULT]\nrpc_response_timeout = 60'

    def test_what_was_taken_is_finished(self) -> None:
        self.assertEqual(0, self.site.stop('central-2'))
        with self.locked(), concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self.create, 'slow')
            database = mariadb.shared()
            # The table stays as it is for whoever looks again within 0.1 seconds.
            base.wait(lambda: 'LOCK WAIT' in database.sql(
                'SELECT trx_state FROM information_schema.innodb_trx'), 20, 0.3)
            self.site.start_role('central-2')
            self.statuses(central_1='UP', central_2='UP')

            process = self.site.processes['central-1']
            threads = pathlib.Path(f'/proc/{process.pid}/task')

            def children() -> int:
                pids = ' '.join(each.read_text() for each in threads.glob('*/children')).split()
                # Those that have ended, but were not waited for, have no command line any more.
                return sum(bool(pathlib.Path(f'/proc/{pid}/cmdline').read_text()) for pid in pids)
            self.assertEqual(2, children())
            process.terminate()
            base.wait(lambda: children() == 1, 20)
            self.statuses(central_1='UP', central_2='UP')
            self.connection.rollback()
            self.assertEqual('done', answer.result())
        self.assertEqual(0, process.wait(30))
        self.statuses(central_1='STOPPED', central_2='UP')

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else can change the zone."""
        url = sqlalchemy.make_url(self.site.database)
        self.connection = pymysql.connect(host=url.host, port=url.port, user=url.username,
                                          password=url.password, database=url.database)
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute('SELECT id FROM zones WHERE id = %s FOR UPDATE', (self.zone_id,))
            yield

    def statuses(self, **wanted: str) -> None:
        """Wait until centrals have these statuses."""
        name = sqlalchemy.make_url(self.site.database).database
        expected = {host.replace('_', '-'): status for host, status in wanted.items()}

        def found() -> dict[str, str]:
            rows = mariadb.shared().sql(f'SELECT hostname, status FROM {name}.service_statuses '
                                        "WHERE service_name = 'central'")
            return dict(line.split('\t') for line in rows.splitlines())
        with contextlib.suppress(AssertionError):
            base.wait(lambda: found() == expected, 30)
        self.assertEqual(expected, found())


class ReloadTest(TestCase):

    def test_no_request_is_lost(self) -> None:
        with contextlib.closing(self.site.client()) as client:
            zones = [[(client.zone(name), name)] for name in ('b.example.', 'c.example.')]
        steady = load.Load([self.client.address], zones)
        self.addCleanup(steady.stop)
        steady.start()
        for name in self.roles:
            steady.goes_on(0)
            self.site.processes[name].send_signal(signal.SIGHUP)
            steady.goes_on(2)
        steady.stop()
        self.assertEqual({}, dict(steady.refused))
        for name in self.roles:
            self.assertNotIn('Traceback', self.site.log(name), name)
