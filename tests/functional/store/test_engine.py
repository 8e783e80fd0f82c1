# SPDX-License-Identifier: Apache-2.0
"""Transactions: snapshots that hold, writes that roll back, and races that are run again."""
import contextlib
import sqlite3
import threading
import unittest
import unittest.mock
from collections.abc import Iterator

import sqlalchemy
import sqlalchemy.exc
from oslo_config import cfg
from oslo_db import exception

from designate_like import conf
from designate_like import errors
from designate_like import store
from designate_like.store import mariadb
from designate_like.store import sqlite
from tests import base
from tests.functional import engines
from tests.functional.central import fixture


class TestCase(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.store = fixture.database(self)

    def limits(self, tx: sqlalchemy.Connection) -> dict[str, int]:
        return store.quotas.get(tx, 'alpha')

    def write(self, **limits: int) -> None:
        with self.store.write() as tx:
            store.quotas.set(tx, 'alpha', limits)


class TransactionTest(TestCase):

    def test_a_reader_keeps_its_snapshot_while_writes_go_on(self):
        self.write(zones=1)
        with self.store.read() as tx:
            self.assertEqual({'zones': 1}, self.limits(tx))
            for value in (2, 3):
                self.write(zones=value)
                with self.store.read() as later:
                    self.assertEqual({'zones': value}, self.limits(later))
            self.assertEqual({'zones': 1}, self.limits(tx))
        with self.store.read() as tx:
            self.assertEqual({'zones': 3}, self.limits(tx))

    def test_texts_that_differ_in_any_way_are_different(self):
        others = ('Alpha', 'alpha ', 'alph\u00e4', 'alpha\t')
        with self.store.write() as tx:
            for each in others:
                store.quotas.set(tx, each, {'zones': 1})
        with self.store.read() as tx:
            self.assertEqual({}, self.limits(tx))
            self.assertEqual([{'zones': 1}] * 4, [store.quotas.get(tx, each) for each in others])

    def test_a_block_that_fails_leaves_nothing(self):
        with self.assertRaises(KeyError):
            with self.store.write() as tx:
                store.quotas.set(tx, 'alpha', {'zones': 1})
                raise KeyError
        with self.store.read() as tx:
            self.assertEqual({}, self.limits(tx))
        self.write(zones=2)

    def test_what_a_transaction_wrote_is_seen_by_itself_alone(self):
        with self.store.write() as tx:
            store.quotas.set(tx, 'alpha', {'zones': 1})
            self.assertEqual({'zones': 1}, self.limits(tx))
            with self.store.read() as other:
                self.assertEqual({}, self.limits(other))

    @unittest.skipUnless(engines.IS_MARIADB, 'about MariaDB: SQLite has one writer at a time')
    def test_a_writer_sees_what_others_have_committed(self):
        with self.store.write() as tx:
            self.assertEqual({}, self.limits(tx))
            self.write(zones=1)
            self.assertEqual({'zones': 1}, self.limits(tx))

    @unittest.skipIf(engines.IS_MARIADB, 'about SQLite: MariaDB has locks of rows')
    def test_writers_take_turns(self):
        def add() -> None:
            for _ in range(10):
                with self.store.write() as tx:
                    store.quotas.set(tx, 'alpha', {
                        'zones': self.limits(tx).get('zones', 0) + 1})

        threads = [threading.Thread(target=add) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        with self.store.read() as tx:
            self.assertEqual({'zones': 80}, self.limits(tx))

    @unittest.skipIf(engines.IS_MARIADB, 'about SQLite')
    def test_every_commit_is_on_disk(self):
        with self.store.read() as tx:
            self.assertEqual('wal', tx.exec_driver_sql('PRAGMA journal_mode').scalar_one())
            self.assertEqual(2, tx.exec_driver_sql('PRAGMA synchronous').scalar_one())

    @unittest.skipIf(engines.IS_MARIADB, 'about SQLite')
    def test_another_process_that_writes_for_too_long(self):
        with unittest.mock.patch.object(sqlite, '_BUSY_TIMEOUT', 0.01):
            impatient = store.Store(self.store.url)
        self.addCleanup(impatient.dispose)
        with self.assertLogs(level='WARNING') as log:
            with self.store.write():
                with self.assertRaises(errors.DatabaseUnavailable):
                    with impatient.write():
                        self.fail('two writers at once')
            with impatient.write():
                pass
        self.assertRegex(log.output[0], 'The database is away: .*database is locked')
        self.assertRegex(log.output[1], 'The database is back')

    def test_a_database_that_cannot_be_opened(self):
        nowhere = store.Store('sqlite:////nowhere/at/all.sqlite')
        with self.assertLogs(level='WARNING'):
            for door in (nowhere.read, nowhere.write):
                with self.assertRaises(errors.DatabaseUnavailable):
                    with door() as tx:
                        self.limits(tx)

    @unittest.skipIf(engines.IS_MARIADB, 'about SQLite')
    def test_the_file_is_its_owners_alone(self):
        path = self.directory() / 'new.sqlite'
        made = engines.opened(self, f'sqlite:///{path}')
        with made.write() as tx:
            tx.exec_driver_sql('CREATE TABLE x (y INTEGER)')
        self.assertEqual([0o600], sorted({
            each.stat().st_mode & 0o777 for each in path.parent.glob('new.sqlite*')}))

    @unittest.skipUnless(engines.IS_MARIADB, 'about MariaDB')
    def test_a_session_that_dies_is_replaced(self):
        with self.assertLogs(level='INFO') as log, self.store.engine.connect() as connection:
            number = connection.exec_driver_sql('SELECT CONNECTION_ID()').scalar_one()
            connection.commit()
            with self.store.engine.connect() as other:
                other.exec_driver_sql(f'KILL {number}')
        self.assertEqual([('INFO', 'designate_like.store.mariadb')], [
            (each.levelname, each.name) for each in log.records
            if not each.name.startswith('oslo_db')])
        self.write(zones=1)

    def test_errors_do_not_tell_what_was_to_be_written(self):
        with self.assertRaises((exception.DBError, sqlalchemy.exc.SQLAlchemyError)) as caught, \
                self.store.write() as tx:
            tx.execute(sqlalchemy.text('INSERT INTO no_such_table VALUES (:secret)'),
                       {'secret': 'aGVscA=='})
        self.assertNotIn('aGVscA==', str(caught.exception))

    def test_a_mistake_of_ours_is_not_the_database_away(self):
        with self.assertRaises((exception.DBNonExistentTable, sqlalchemy.exc.ProgrammingError)):
            with self.store.read() as tx:
                tx.exec_driver_sql('SELECT * FROM no_such_table')


class RetriedTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.pauses: list[float] = []
        # A connection that goes back to its pool sleeps for 0 seconds.
        self.enterContext(unittest.mock.patch(
            'time.sleep', lambda seconds: seconds and self.pauses.append(seconds)))

    def test_a_lost_race_is_run_again_whole(self):
        runs = []

        @store.retried
        def change(limit: int) -> str:
            """Say what is changed."""
            with self.store.write() as tx:
                runs.append(self.limits(tx))
                store.quotas.set(tx, 'alpha', {'zones': limit})
                if len(runs) < 4:
                    raise exception.DBDeadlock
            return 'done'

        self.assertEqual('done', change(limit=7))
        self.assertEqual([{}] * 4, runs)
        self.assertEqual(3, len(self.pauses))
        self.assertEqual('Say what is changed.', change.__doc__)
        with self.store.read() as tx:
            self.assertEqual({'zones': 7}, self.limits(tx))

    def test_when_retries_run_out(self):
        runs = []

        @store.retried
        def lose() -> None:
            runs.append(1)
            raise exception.DBDeadlock

        with self.assertLogs(level='ERROR'), self.assertRaises(errors.DatabaseUnavailable):
            lose()
        self.assertEqual(31, len(runs))
        self.assertLess(sum(self.pauses), 16)

    def test_other_errors_pass_at_once(self):
        for error in (errors.ZoneNotFound, KeyError, exception.DBDuplicateEntry):
            runs = []

            @store.retried
            def fail() -> None:
                runs.append(1)
                raise error

            with self.subTest(error=error), self.assertRaises(error):
                fail()
            self.assertEqual([1], runs)


class PatienceTest(base.TestCase):
    """Writes to a MariaDB that is away."""

    def setUp(self) -> None:
        super().setUp()
        self.now = 0.0
        self.enterContext(unittest.mock.patch.multiple(
            'time', monotonic=lambda: self.now, sleep=self.sleep))
        self.store = store.Store('mysql+pymysql://nobody@127.0.0.1:1/nothing')
        self.addCleanup(self.store.dispose)
        self.runs = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @store.retried
    def write(self) -> None:
        self.runs += 1
        with self.store.write():
            self.fail('nobody is there')

    def test_waits_once_then_fails_at_once(self) -> None:
        with self.assertLogs('designate_like.store', 'WARNING') as log:
            with self.assertRaises(errors.DatabaseUnavailable):
                self.write()
            self.assertTrue(8 <= self.now < 9, self.now)
            self.assertGreater(self.runs, 10)
            before, self.runs = self.now, 0
            with self.assertRaises(errors.DatabaseUnavailable) as caught:
                self.write()
            self.assertEqual((1, before), (self.runs, self.now))
        self.assertIs(errors.DatabaseUnavailable, type(caught.exception))
        self.assertEqual(1, len(log.output))

    def test_goes_on_when_the_database_is_back(self) -> None:
        @contextlib.contextmanager
        def back() -> Iterator[None]:
            if self.now < 3:
                raise exception.DBConnectionError
            yield

        @store.retried
        def write() -> float:
            with self.store.write():
                return self.now

        with self.assertLogs('designate_like.store', 'WARNING') as log, \
                unittest.mock.patch.object(self.store._database, 'write', back):
            self.assertTrue(3 <= write() < 4)
        self.assertIn('is back', log.output[1])

    def test_a_commit_of_which_nobody_knows_is_not_tried_again(self) -> None:
        runs = []

        @store.retried
        def write() -> None:
            runs.append(1)
            with self.store.write():
                pass

        with unittest.mock.patch.object(self.store._database, 'write',
                                        side_effect=mariadb.UnknownOutcome):
            with self.assertRaisesRegex(errors.DatabaseUnavailable, 'is not known'):
                write()
        self.assertEqual([1], runs)


class TranslatedTest(TestCase):

    def test_what_the_database_being_away_looks_like(self):
        for error in (exception.DBConnectionError(), sqlalchemy.exc.TimeoutError()):
            with self.subTest(error=error), self.assertLogs(level='WARNING'), \
                    self.assertRaises(errors.DatabaseUnavailable):
                with self.store.write():
                    raise error
            with self.store.write():
                pass

    def test_what_else_may_go_wrong(self):
        for error in (sqlalchemy.exc.OperationalError('SELECT', {}, sqlite3.OperationalError('x')),
                      sqlalchemy.exc.OperationalError('SELECT', {}, None),
                      exception.DBDeadlock()):
            with self.subTest(error=error), self.assertRaises(type(error)):
                with self.store.write():
                    raise error


class FromConfTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)

    def from_conf(self, connection: str | None) -> store.Store:
        conf.CONF.set_override('connection', connection, 'storage:sqlalchemy')
        self.addCleanup(conf.CONF.clear_override, 'connection', 'storage:sqlalchemy')
        made = store.Store.from_conf(cfg.CONF)
        self.addCleanup(made.dispose)
        return made

    def test_sqlite(self):
        url = f'sqlite:///{self.directory()}/x.sqlite'
        made = self.from_conf(url)
        self.assertEqual((url, True), (made.url, made.is_sqlite))
        with made.read() as tx:
            self.assertEqual(1, tx.execute(sqlalchemy.select(1)).scalar_one())

    def test_without_a_connection(self):
        with self.assertRaisesRegex(errors.ConfigurationError, 'connection must be set'):
            self.from_conf(None)

    def test_mariadb(self):
        made = self.from_conf('mysql+pymysql://u:p@one/d?host=two&read_timeout=7&charset=utf8')
        query = {'charset': 'utf8mb4', 'connect_timeout': '3', 'read_timeout': '7',
                 'write_timeout': '10'}
        for engine in (made.engine, made._database._reader, made._database._dirty):
            self.assertEqual(query, dict(engine.url.query))
            self.assertIsNone(engine.url.host)

    def test_a_database_for_reads(self):
        for synchronous, database in ((True, 'd'), (False, 'replica')):
            conf.CONF.set_override('slave_connection', 'mysql+pymysql://u:p@two/replica',
                                   'storage:sqlalchemy')
            conf.CONF.set_override('synchronous_reader', synchronous, 'storage:sqlalchemy')
            for name in ('slave_connection', 'synchronous_reader'):
                self.addCleanup(conf.CONF.clear_override, name, 'storage:sqlalchemy')
            made = self.from_conf('mysql+pymysql://u:p@one/d')
            self.assertEqual('d', made.engine.url.database)
            self.assertEqual(database, made._database._reader.url.database)
