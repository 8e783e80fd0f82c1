# SPDX-License-Identifier: Apache-2.0
"""Central over three Galera nodes: races between nodes, and nodes that die, without a bus."""
import collections
import concurrent.futures
import contextlib
import pathlib
import tempfile
import threading
import time
import unittest
import unittest.mock
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import sqlalchemy
import sqlalchemy.dialects.mysql.base
from oslo_db import exception

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import notifications
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import service
from designate_like.resources import base as declarations
from designate_like.store import commits
from designate_like.store import migrations
from tests import base
from tests.functional.central import fixture
from tests.ha import galera
from tests.ha import haproxy
from tests.ha import places

# As the configuration has them by default.
SESSIONS = {'mysql_sql_mode': 'TRADITIONAL', 'mysql_wsrep_sync_wait': 1, 'max_pool_size': 30,
            'max_overflow': 70}


def cluster() -> galera.Cluster:
    """One for all tests; each test has names and projects of its own."""
    return _started[0]


_started: list[galera.Cluster] = []


class Central:
    """The endpoints of one central, over the node that is nearest to it."""

    def __init__(self, url: str) -> None:
        self.store = store.Store(url, **SESSIONS)
        with_ = endpoint.Collaborators(
            conf.CONF, self.store, fixture.Worker(),
            notifications.Changes(conf.CONF, fixture.Publisher()), fixture.Background())
        for each in service.ENDPOINTS:
            setattr(self, each.__name__.lower(), each(with_))

    def zone(self, ctx: context.RequestContext, name: str) -> resources.Zone:
        """Create a zone."""
        return self.zones.create(ctx, resources.Zone.parse(
            {'name': name, 'email': 'a@example.org'}, declarations.CREATE))

    def record(self, ctx: context.RequestContext, zone_id: str, name: str,
               ) -> resources.Recordset:
        """Create a recordset."""
        return self.recordsets.create(ctx, zone_id, resources.Recordset.parse(
            {'name': name, 'type': 'A', 'records': ['192.0.2.1']}, declarations.CREATE))


def outcome(function: Callable[..., Any], *args: Any) -> str:
    """What became of a call, as a word."""
    try:
        function(*args)
    except errors.Error as problem:
        return problem.type
    return 'done'


def at_once(calls: list[tuple]) -> collections.Counter[str]:
    """How many of calls that are made at the same time had each outcome."""
    start = threading.Barrier(len(calls))

    def call(args: tuple) -> str:
        start.wait()
        return outcome(*args)

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return collections.Counter(pool.map(call, calls))


def setUpModule() -> None:
    directory = unittest.enterModuleContext(tempfile.TemporaryDirectory())
    made = galera.Cluster(pathlib.Path(directory), places.loopback())
    unittest.addModuleCleanup(made.kill)
    made.start()
    _started.append(made)
    database = store.Store(made.url(), **SESSIONS)
    migrations.upgrade(database)
    with database.write() as tx:
        store.pools.seed(tx, resources.Pool(
            id=fixture.DEFAULT_POOL, name='default', created_at=fixture.START,
            ns_records=[resources.NsRecord(hostname='ns1.example.net.', priority=1)]))
    database.dispose()


class TestCase(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        policy.init(conf.CONF)
        self.centrals = [Central(cluster().url(number)) for number in range(3)]
        for each in self.centrals:
            self.addCleanup(each.store.dispose)

    def set(self, name: str, value: Any, group: str | None = None) -> None:
        """Give an option a value for the length of the test."""
        conf.CONF.set_override(name, value, group)
        self.addCleanup(conf.CONF.clear_override, name, group)

    def count(self, project_id: str) -> int:
        """How many zones a project has."""
        with self.centrals[0].store.read() as tx:
            return store.zones.find(tx, project_id, {}, store.Page())[1]


class RacesTest(TestCase):
    """Nodes of a cluster do not see each other's locks."""

    def test_a_quota_is_exact_over_three_centrals(self) -> None:
        self.set('quota_zones', 10)
        ctx = fixture.user('quota')
        outcomes = at_once([(self.centrals[number % 3].zone, ctx, f'z{number}.quota{number % 7}.')
                            for number in range(100)])
        self.assertEqual({'done': 10, 'over_quota': 90}, outcomes)
        self.assertEqual(10, self.count('quota'))

    def test_parent_and_child_of_two_projects(self) -> None:
        for number in range(10):
            parent, child = f'race{number}.example.', f'child.race{number}.example.'
            outcomes = at_once([
                (self.centrals[0].zone, fixture.user('parents'), parent),
                (self.centrals[1].zone, fixture.user('children'), child)])
            self.assertEqual(1, outcomes['done'], outcomes)
            self.assertEqual(1, outcomes['illegal_child'] + outcomes['illegal_parent'], outcomes)

    def test_one_name_at_three_centrals(self) -> None:
        for number in range(10):
            outcomes = at_once([(each.zone, fixture.user(f'same{place}'), f'same{number}.example.')
                                for place, each in enumerate(self.centrals)])
            self.assertEqual({'done': 1, 'duplicate_zone': 2}, outcomes)

    def test_writers_of_one_zone(self) -> None:
        ctx = fixture.user('writers')
        zone = self.centrals[0].zone(ctx, 'writers.example.')
        outcomes = at_once([
            (self.centrals[number % 3].record, ctx, zone.id, f'r{number}.writers.example.')
            for number in range(60)])
        self.assertEqual({'done': 60}, outcomes)
        with self.centrals[0].store.read() as tx:
            now = store.zones.get(tx, zone.id)
            differences = list(store.journal.since(tx, now, zone.serial % 2**32))
        self.assertEqual(62, now.recordset_count)
        self.assertEqual(60, len(differences))

    def test_heartbeats_of_a_new_host(self) -> None:
        for number in range(5):
            outcomes = at_once([
                (lambda central: central.servicestatuses.heartbeat(
                    fixture.ADMIN, service_name='worker', hostname=f'host{number}', status='UP',
                    stats={}, capabilities={}, sent_at=float(number)), each)
                for each in self.centrals * 3])
            self.assertEqual({'done': 9}, outcomes)

    def test_limits_of_a_new_project(self) -> None:
        for number in range(5):
            outcomes = at_once([
                (each.quotas.update, fixture.ADMIN, f'project{number}', {'zones': place})
                for place, each in enumerate(self.centrals * 2)])
            self.assertEqual({'done': 6}, outcomes)

    def test_who_was_told_sees_it_everywhere(self) -> None:
        ctx = fixture.user('told')
        zone = self.centrals[0].zone(ctx, 'told.example.')
        for number in range(50):
            writer, reader = self.centrals[number % 3], self.centrals[(number + 1) % 3]
            made = writer.record(ctx, zone.id, f'r{number}.told.example.')
            self.assertEqual(made.name, reader.recordsets.get(ctx, zone.id, made.id).name)
            reader.recordsets.delete(ctx, zone.id, made.id)


class Load:
    """Threads that create recordsets at every central, and what they were told."""

    def __init__(self, centrals: list[Central], ctx: context.RequestContext,
                 zone_ids: list[str]) -> None:
        self.done: list[tuple[float, str]] = []         # when it was accepted, and what
        self.refused: collections.Counter[str] = collections.Counter()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(central, ctx, zone_ids[number], number))
            for number, central in enumerate(centrals * 2)]

    def _run(self, central: Central, ctx: context.RequestContext, zone_id: str,
             number: int) -> None:
        for count in range(1_000_000):
            if self._stopping.is_set():
                return
            name = f'r{number}-{count}.load{number}.example.'
            while (result := outcome(central.record, ctx, zone_id, name)) != 'done':
                self.refused[result] += 1
                if self._stopping.wait(0.05):
                    return
            self.done.append((time.monotonic(), name))

    def __enter__(self) -> 'Load':
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self) -> None:
        """Return when many more have been accepted."""
        wanted = len(self.done) + 60
        base.wait(lambda: len(self.done) > wanted, timeout=40, pause=0.05)

    def stall(self) -> float:
        """The longest time without any success, in seconds."""
        moments = sorted(moment for moment, _ in self.done)
        return max(b - a for a, b in zip(moments, moments[1:]))


@contextlib.contextmanager
def cut_off(node: galera.Node) -> Iterator[None]:
    """Have a node hear none of the others for the length of the block."""
    node.sql("SET GLOBAL wsrep_provider_options = 'gmcast.isolate = 1'")
    try:
        yield
    finally:
        node.sql("SET GLOBAL wsrep_provider_options = 'gmcast.isolate = 0'")


class FailuresTest(TestCase):
    """What clients of central notice of nodes that go."""

    def setUp(self) -> None:
        super().setUp()
        self.set('quota_driver', 'noop')
        self.ctx = fixture.user('load')

    @contextlib.contextmanager
    def load(self) -> Iterator[Load]:
        zone_ids = [self.centrals[0].zone(self.ctx, f'load{number}.example.').id
                    for number in range(6)]
        try:
            with Load(self.centrals, self.ctx, zone_ids) as load:
                yield load
            for place, central in enumerate(self.centrals):
                self.check(central, zone_ids, load, place)
        finally:
            with self.centrals[0].store.write() as tx:
                for each in zone_ids:
                    store.zones.remove(tx, each, fixture.START)

    def check(self, central: Central, zone_ids: list[str], load: Load, place: int) -> None:
        """Everything accepted is there, once, at that central's node."""
        with central.store.read() as tx:
            found = set(tx.execute(sqlalchemy.text(
                'SELECT name FROM recordsets WHERE zone_id IN :ids AND type = "A"').bindparams(
                sqlalchemy.bindparam('ids', zone_ids, expanding=True))).scalars())
            for each in zone_ids:
                zone = store.zones.get(tx, each)
                self.assertEqual(zone.record_count, sum(
                    f'.{zone.name}' in name for name in found))
        self.assertEqual(set(), {name for _, name in load.done} - found)

    def test_a_node_is_killed(self) -> None:
        for node in cluster().nodes:
            with self.load() as load:
                load.goes_on()
                node.kill()
                load.goes_on()
                node.restart()
                load.goes_on()
            self.assertEqual({}, dict(load.refused))
            self.assertLess(load.stall(), 8)

    def test_behind_a_proxy(self) -> None:
        proxy = haproxy.Database(self.directory(), cluster())
        self.addCleanup(proxy.kill)
        proxy.start()
        self.centrals = [Central(proxy.url) for _ in range(3)]
        for each in self.centrals:
            self.addCleanup(each.store.dispose)
        with self.load() as load:
            first, second = cluster().nodes[:2]
            for node in first, second:
                load.goes_on()
                node.kill()
                load.goes_on()
                node.restart()
                load.goes_on()
            with cut_off(first):
                base.wait(lambda: proxy.passes_over('one'), 20, 0.05)
                load.goes_on()
            first.wait()
        self.assertEqual({}, dict(load.refused))
        self.assertLess(load.stall(), 8)

    def test_a_node_is_cut_off(self) -> None:
        alone = cluster().nodes[2]
        # This one knows no other node; that is how it looks when all others are cut off, too.
        central = Central(alone.url())
        self.addCleanup(central.store.dispose)
        zone = central.zone(self.ctx, 'cut.example.')
        with cut_off(alone):
            base.wait(lambda: 'OFF' in alone.sql("SHOW STATUS LIKE 'wsrep_ready'"), timeout=10)
            self.assertEqual(zone.id, central.zones.get(self.ctx, zone.id).id)
            begin = time.monotonic()
            for _ in range(2):
                self.assertEqual('database_unavailable', outcome(
                    central.record, self.ctx, zone.id, 'www.cut.example.'))
            self.assertLess(time.monotonic() - begin, 12)
            # Who knows the others goes on there, and what he writes is not seen here yet.
            self.centrals[2].record(self.ctx, zone.id, 'ftp.cut.example.')
            begin = time.monotonic()
            self.assertEqual(2, central.zones.get(self.ctx, zone.id).recordset_count)
            self.assertLess(time.monotonic() - begin, 0.5)
        base.wait(lambda: outcome(central.record, self.ctx, zone.id, 'www.cut.example.') == 'done',
                  timeout=20)
        base.wait(lambda: central.zones.get(self.ctx, zone.id).recordset_count == 4)


class UnknownOutcomeTest(TestCase):
    """A COMMIT that gets no answer, as its connection breaks."""

    def setUp(self) -> None:
        super().setUp()
        self.ctx = fixture.user('unknown')
        self.zone = self.centrals[0].zone(self.ctx, f'{uuid.uuid4()}.example.')

    def broken(self, committed: bool) -> contextlib.AbstractContextManager:
        """Let the next COMMIT fail, after or before it was done."""
        failures = [1]

        def commit(dialect: sqlalchemy.Dialect, connection: Any) -> None:
            failure = failures and failures.pop()
            if committed or not failure:
                connection.commit()
            if failure:
                connection.close()
                raise dialect.loaded_dbapi.OperationalError(2013, 'Lost connection')
        return unittest.mock.patch.object(
            sqlalchemy.dialects.mysql.base.MySQLDialect, 'do_commit', commit)

    def record_once(self, committed: bool) -> None:
        with self.broken(committed):
            made = self.centrals[0].record(self.ctx, self.zone.id, f'www.{self.zone.name}')
        found = self.centrals[1].recordsets.get(self.ctx, self.zone.id, made.id)
        self.assertEqual(made.serial, found.serial)
        self.assertEqual(self.zone.serial + 1, self.centrals[2].zones.get(
            self.ctx, self.zone.id).serial)

    def test_it_was_done(self) -> None:
        self.record_once(committed=True)

    def test_it_was_not_done_and_is_done_again(self) -> None:
        self.record_once(committed=False)

    def test_a_deletion_that_was_done_is_not_done_again(self) -> None:
        made = self.centrals[0].record(self.ctx, self.zone.id, f'www.{self.zone.name}')
        with self.broken(committed=True):
            self.centrals[0].recordsets.delete(self.ctx, self.zone.id, made.id)
        self.assertEqual('recordset_not_found', outcome(
            self.centrals[1].recordsets.get, self.ctx, self.zone.id, made.id))

    def test_it_cannot_be_done_after_it_was_asked_for(self) -> None:
        first, second = self.centrals[:2]
        with first.store.engine.connect() as connection, connection.begin() as transaction:
            store.quotas.set(connection, 'late', {'zones': 1})
            mark = commits.sign(connection)
            with second.store.engine.connect() as other, other.begin():
                self.assertFalse(commits.settle(other, mark))
            with self.assertRaises(exception.DBDeadlock):
                transaction.commit()
