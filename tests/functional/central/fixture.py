# SPDX-License-Identifier: Apache-2.0
"""Central on a database, with a clock that the test holds and a worker that takes notes."""
import concurrent.futures
import contextlib
import datetime
import unittest.mock
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from oslo_utils import timeutils

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
from designate_like.resources import rr
from designate_like.resources import soa
from tests import base
from tests.functional import engines

DEFAULT_POOL = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
OTHER_POOL = '22222222-2222-4222-8222-222222222222'
START = datetime.datetime(2026, 11, 21, 3, 0, 0)
ALL_SHARDS = (0, 4096)


def database(test: base.TestCase) -> store.Store:
    """A migrated database of the test's own."""
    return engines.opened(test, engines.url(test))


class Clock:
    """Stands where the tests put it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime.datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


class Worker:
    """Stands for the handle on the worker, and writes down what it is told."""

    def __init__(self) -> None:
        self.casts: list[tuple[str, dict[str, Any]]] = []
        self.cast = self
        self.zones = self

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda ctx, **kwargs: self.casts.append((name, kwargs))

    def told(self, name: str) -> list[dict[str, Any]]:
        """The arguments of every cast of that name since the last question."""
        found = [kwargs for called, kwargs in self.casts if called == name]
        self.casts.clear()
        return found


class Background(concurrent.futures.Executor):
    """Does at once, in the thread of the test, what is to be done in the background."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any,
               ) -> concurrent.futures.Future:
        future: concurrent.futures.Future = concurrent.futures.Future()
        future.set_result(function(*args, **kwargs))
        return future


class Publisher:
    """Stands for what sends notifications, and writes them down where a test wants them."""

    def __init__(self) -> None:
        self.enabled = False
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, ctx: context.RequestContext, event: str, payload: dict[str, Any]) -> None:
        self.sent.append((event, payload))

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Event and payload of every notification since the last question."""
        sent, self.sent = self.sent, []
        return sent


def user(project_id: str | None = 'alpha', *roles: str, **more: Any) -> context.RequestContext:
    """Who asks; a member of project alpha by default."""
    return context.RequestContext(user_id=f'user-of-{project_id}', project_id=project_id,
                                  roles=roles or ['member', 'reader'], overwrite=False, **more)


ADMIN = user('operators', 'admin', 'member', 'reader', all_tenants=True)


class TestCase(base.TestCase):
    """Has central's endpoints as attributes, and one method per thing that tests do often."""

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        policy.init(conf.CONF)
        self.clock, self.worker, self.store = Clock(), Worker(), database(self)
        self.publisher = Publisher()
        self.enterContext(unittest.mock.patch.object(
            timeutils, 'utcnow', lambda with_timezone=False: self.clock()))
        with self.store.write() as tx:
            store.pools.seed(tx, resources.Pool(
                id=DEFAULT_POOL, name='default', created_at=START,
                ns_records=[resources.NsRecord(hostname='ns2.example.net.', priority=2),
                            resources.NsRecord(hostname='ns1.example.net.', priority=1)]))
        self.alpha, self.beta = user('alpha'), user('beta')
        self.build()

    def build(self) -> None:
        """Make the endpoints anew, as the configuration is now."""
        self.collaborators = with_ = endpoint.Collaborators(
            conf.CONF, self.store, self.worker, notifications.Changes(conf.CONF, self.publisher),
            Background())
        built = {each.__name__: each(with_) for each in service.ENDPOINTS}
        self.zones, self.upkeep = built['Zones'], built['Upkeep']
        self.guardian, self.orphans = built['Guardian'], built['Orphans']
        self.propagation = built['Propagation']
        self.recordsets, self.pools = built['Recordsets'], built['Pools']
        self.quotas, self.limits = built['Quotas'], built['Limits']
        self.service_statuses = built['ServiceStatuses']
        self.zone_imports, self.zone_exports = built['ZoneImports'], built['ZoneExports']
        self.floatingips, self.managed = built['Floatingips'], built['Managed']
        self.shared_zones, self.zone_tasks = built['SharedZones'], built['ZoneTasks']
        self.requests = built['ZoneTransferRequests']
        self.accepts = built['ZoneTransferAccepts']

    def set(self, name: str, value: Any, group: str | None = None) -> None:
        """Give an option a value for the length of the test."""
        conf.CONF.set_override(name, value, group)
        self.addCleanup(conf.CONF.clear_override, name, group)

    def pool(self, pool_id: str = OTHER_POOL, name: str = 'other', **more: Any) -> resources.Pool:
        """Add a pool."""
        made = resources.Pool(id=pool_id, name=name, created_at=START, **more)
        with self.store.write() as tx:
            store.pools.insert(tx, made)
        return made

    def zone(self, name: str = 'example.org.', ctx: context.RequestContext | None = None,
             **body: Any) -> resources.Zone:
        """Create a zone through the API's parser and the endpoint."""
        if body.get('type') != 'SECONDARY':
            body.setdefault('email', 'hostmaster@example.org')
        return self.zones.create(ctx or self.alpha, resources.Zone.parse(
            {'name': name, **body}, declarations.CREATE))

    def change_zone(self, zone: resources.Zone, ctx: context.RequestContext | None = None,
                    **body: Any) -> resources.Zone:
        """Update a zone."""
        return self.zones.update(ctx or self.alpha, zone.id, resources.Zone.parse(
            body, declarations.UPDATE, zone))

    def recordset(self, zone: resources.Zone, name: str = 'www.example.org.', type: str = 'A',
                  records: list[str] | None = None, ctx: context.RequestContext | None = None,
                  **body: Any) -> resources.Recordset:
        """Create a recordset."""
        records = ['192.0.2.1'] if records is None else records
        return self.recordsets.create(ctx or self.alpha, zone.id, resources.Recordset.parse(
            {'name': name, 'type': type, 'records': records, **body}, declarations.CREATE))

    def change(self, recordset: resources.Recordset, ctx: context.RequestContext | None = None,
               **body: Any) -> resources.Recordset:
        """Update a recordset."""
        return self.recordsets.update(
            ctx or self.alpha, recordset.zone_id, recordset.id,
            resources.Recordset.parse(body, declarations.UPDATE, recordset))

    def row(self, zone: resources.Zone) -> resources.Zone:
        """The zone as it is now."""
        with self.store.read() as tx:
            return store.zones.get(tx, zone.id)

    def rows(self, zone: resources.Zone, **filters: str) -> list[resources.Recordset]:
        """Recordsets of a zone as they are now."""
        return self.recordsets.find(ADMIN, zone.id, filters, None, 1000, 'name', 'asc',
                                    True)['items']

    def apex(self, zone: resources.Zone, type_: str) -> resources.Recordset:
        """The managed recordset of that type."""
        return self.rows(zone, type=type_, name=zone.name)[0]

    def settle(self, zone: resources.Zone, serial: int | None = None) -> bool:
        """Report what the name servers show, by default what they should."""
        now = self.row(zone)
        return self.upkeep.settle(ADMIN, zone.id, serial or now.serial, 1, now.pool_id)

    def remove(self, zone: resources.Zone) -> None:
        """Delete a zone, and report that its servers show it no more."""
        self.zones.delete(ADMIN, zone.id)
        self.upkeep.removed(ADMIN, zone.id)

    @contextlib.contextmanager
    def refused(self, kind: type[errors.Error], sentence: str = '') -> Iterator[None]:
        """Expect exactly this error, and that nothing reaches the worker."""
        self.worker.casts.clear()
        with self.assertRaises(errors.Error) as caught:
            yield
        self.assertIs(kind, type(caught.exception), caught.exception)
        self.assertIn(sentence, caught.exception.message)
        self.assertEqual([], self.worker.casts)

    def difference(self, zone: resources.Zone, serial: int) -> list[tuple[bytes, bytes]] | None:
        """What the journal says leads from a serial to the zone's own."""
        with self.store.read() as tx:
            now = store.zones.get(tx, zone.id)
            if store.journal.size(tx, now, serial % 2**32) is None:
                return None
            return list(store.journal.since(tx, now, serial % 2**32))

    def content(self, zone: resources.Zone) -> Counter[bytes]:
        """Every resource record that a whole transfer of the zone would hold."""
        with self.store.read() as tx:
            now = store.zones.get(tx, zone.id)
            whole = soa.record(now) + b''.join(
                rr.encode(each.name, each.type, now.ttl if each.ttl is None else each.ttl,
                          each.wire) for each in store.recordsets.stream(tx, now.id))
        return Counter(records(whole))


def records(wire: bytes) -> Iterator[bytes]:
    """The resource records of an uncompressed run of them."""
    start = 0
    while start < len(wire):
        end = start
        while wire[end]:
            end += 1 + wire[end]
        end += 11 + int.from_bytes(wire[end + 9:end + 11])
        yield wire[start:end]
        start = end
