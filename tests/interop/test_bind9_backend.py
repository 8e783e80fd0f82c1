# SPDX-License-Identifier: Apache-2.0
"""The worker's jobs with real BINDs: one is the primary, the others the pool."""
import contextlib
import queue
import time
from typing import Any

from designate_like import backends
from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import central
from designate_like.worker import job
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import poll
from designate_like.worker import pools
from designate_like.worker import receipts
from designate_like.worker import repair
from designate_like.worker import verify
from designate_like.worker import zones
from tests import base
from tests.interop import bind
from tests.unit.dnsio import test_verbs
from tests.unit.worker import guarded

ZONE = 'Example.org.'
NAME = f'www.{ZONE}'
PRIMARY = '''
zone "{zone}" {{ type primary; file "primary.zone"; allow-transfer {{ any; }}; }};
'''
CONTENT = '''$TTL 300
@ SOA ns1.example.net. me.example.org. {serial} 3600 600 86400 3600
@ NS ns1.example.net.
www A 192.0.2.{last}
'''


def zone(serial: int, **values: Any) -> resources.Zone:
    given = {'id': 'd' * 36, 'name': ZONE, 'pool_id': 'pool', 'serial': serial, 'born_serial': 1,
             'told_version': 1, 'pool_version': 1, 'settled_serial': 1}
    return test_verbs.zone(**{**given, **values})


def new(serial: int) -> resources.Zone:
    """Return a zone that no server has yet."""
    return zone(serial, settled_serial=0, told_version=0)


class Central:
    """The client of a central that has one pool and one zone, and notes what is reported."""

    def __init__(self, pool: resources.Pool) -> None:
        self.pool = pool
        self.zone: resources.Zone | None = None
        self.heard: queue.Queue = queue.Queue()
        self.pools = self.zones = self

    def get(self, ctx: context.RequestContext, pool_id: str = '', zone_id: str = '') -> Any:
        if pool_id:
            return self.pool
        if self.zone is None:
            raise errors.ZoneNotFound()
        return self.zone

    def settle(self, ctx: context.RequestContext, zone_id: str, serial: int,
               told_version: int, pool_id: str, receipts: list[resources.Receipt]) -> None:
        self.heard.put(('settle', serial))

    def removed(self, ctx: context.RequestContext, zone_id: str) -> None:
        self.heard.put(('removed',))

    def fail(self, ctx: context.RequestContext, zone_id: str, serial: int, reason: str,
             receipts: list[resources.Receipt]) -> None:
        self.heard.put(('fail', serial))


class JobsTest(bind.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.primary = self.bind(PRIMARY.format(zone=ZONE.rstrip('.')), start=False)
        self.publish(1, reload=False)
        self.primary.start()

    def publish(self, serial: int, reload: bool = True) -> None:
        """Have the primary serve a version of the zone, whose address ends in its serial."""
        (self.primary.directory / 'primary.zone').write_text(
            CONTENT.format(serial=serial, last=serial))
        if reload:
            self.primary.rndc('reload', ZONE)
            base.wait(lambda: self.primary.serial(ZONE) == serial)

    def worker(self, *servers: bind.Bind, threshold: int = 100, budget: float = 20,
               **options: str) -> zones.Zones:
        """Return the endpoint of a worker whose pool is these servers."""
        self.central = Central(resources.Pool(
            id='pool', name='default', created_at=None, version=1,
            nameservers=[resources.Nameserver(host='127.0.0.1', port=each.port)
                         for each in servers],
            targets=[self.target(each, **options) for each in servers]))
        with_ = central.Central(self.central, 4)        # type: ignore[arg-type]
        exchange = dnsio.Exchange()
        known = pools.Pools(with_, exchange)
        loop_ = loop.Loop('worker', lambda: [each.close() for each in (exchange, known, with_)])
        loop_.start()
        self.addCleanup(loop_.stop)
        tools = job.Tools(central=with_, exchange=exchange, receipts=receipts.Receipts(with_),
                          pauses=poll.Pauses(0.01, 1),
                          budget=budget, threshold=threshold, all_tcp=False)
        jobs_ = jobs.Jobs(loop_, known, tools)
        verifier = verify.Verifier(loop_, known, tools, jobs_, guarded.Contents(),
                                   repair.Repairs(with_))
        # No secondary zones here, and no orphans.
        return zones.Zones(loop_, jobs_, verifier, orphans_=None, inbound_=None)

    def target(self, server: bind.Bind, **options: str) -> resources.Target:
        raw = server.target(self.primary.port, **options)
        return resources.Target(
            type=raw['type'], options=raw['options'],
            masters=[resources.Address(**each) for each in raw['masters']])

    def deploy(self, worker: zones.Zones, wanted: resources.Zone, *report: Any) -> float:
        """Deploy a zone, wait for the report; returns how many seconds that took.

        The reports before it tell of part of the way, or of a target that was told later.
        """
        start = time.monotonic()
        worker.deploy(context.admin(), wanted)
        base.wait(lambda: self.central.heard.get(timeout=15) == report, timeout=15)
        return time.monotonic() - start

    def test_the_life_of_a_zone(self):
        servers = [self.bind(), self.bind()]
        worker = self.worker(*servers)
        self.deploy(worker, new(1), 'settle', 1)
        for server in servers:
            self.assertEqual(['192.0.2.1'], server.answers(NAME, 'A'))
        times = []
        for serial in range(2, 9):
            self.publish(serial)
            times.append(self.deploy(worker, zone(serial), 'settle', serial))
            for server in servers:
                self.assertEqual([f'192.0.2.{serial}'], server.answers(NAME, 'A'))
        self.assertLess(sorted(times)[len(times) // 2], 0.15)
        self.deploy(worker, zone(8, deleting=True, hard_delete=True), 'removed')
        for server in servers:
            self.assertTrue(server.refuses(ZONE))
            base.wait(lambda: not list(server.directory.glob('slave.*')))

    def test_a_server_that_is_dead_for_a_while(self):
        alive, dead = self.bind(), self.bind()
        worker = self.worker(alive, dead, threshold=50)
        self.deploy(worker, new(1), 'settle', 1)
        base.wait(lambda: dead.serial(ZONE) == 1)
        dead.kill()
        self.publish(2)
        self.assertLess(self.deploy(worker, zone(2), 'settle', 2), 2)
        dead.start()
        base.wait(lambda: dead.serial(ZONE) == 2, timeout=15)

    def test_a_zone_that_was_deleted_on_the_server(self):
        server = self.bind()
        worker = self.worker(server)
        self.deploy(worker, new(1), 'settle', 1)
        server.rndc('delzone', '-clean', ZONE.rstrip('.'))
        self.assertTrue(server.refuses(ZONE))
        self.central.zone = zone(1)

        def is_back() -> bool:
            # While the deployment is still ending, the zone is in flight and let be.
            worker.verify(context.admin(), [zone(1)])
            return server.serial(ZONE) == 1
        base.wait(is_back, pause=0.1)

    def test_an_old_report_does_not_bring_a_deleted_zone_back(self):
        server = self.bind()
        worker = self.worker(server)
        worker.verify(context.admin(), [zone(1)])
        worker.deploy(context.admin(), zone(1))
        # Whatever these have started has ended before the removal begins.
        self.deploy(worker, zone(1, deleting=True), 'removed')
        self.assertTrue(server.refuses(ZONE))
        self.assertNotIn('addzone', server.log())

    def test_a_zone_outlives_a_restart_of_the_server(self):
        server = self.bind()
        self.deploy(self.worker(server), new(1), 'settle', 1)
        server.restart()
        self.assertEqual(1, server.serial(ZONE))

    def test_a_server_that_cannot_be_told(self):
        server = self.bind()
        worker = self.worker(server, budget=1, rndc_port='1')
        self.deploy(worker, new(1), 'fail', 1)

    def test_a_view(self):
        server = self.bind(start=False)
        conf = server.directory / 'named.conf'
        conf.write_text(conf.read_text() + 'view "inside" { match-clients { any; }; };')
        server.start()
        worker = self.worker(server, view='inside')
        self.deploy(worker, new(1), 'settle', 1)
        self.deploy(worker, zone(1, deleting=True), 'removed')


class BackendTest(bind.Mixin, base.TestCase):
    """The backend alone, with a server that already has or has not the zone."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.bind()

    def backend(self, *ports: int, **options: str) -> backends.Backend:
        raw = self.server.target(*ports, **options)
        backend = backends.load(resources.Target(
            type='bind9', options=raw['options'],
            masters=[resources.Address(**each) for each in raw['masters']]))
        return self.enterContext(contextlib.closing(backend))

    def shown(self) -> str:
        return self.server.rndc('showzone', ZONE.rstrip('.')).stdout

    def test_everything_twice(self):
        backend = self.backend(1053)
        for _ in range(2):
            backend.create(zone(1))
            self.assertIn(f'file "slave.{ZONE}{"d" * 36}"', self.shown())
        for _ in range(2):
            backend.delete(zone(1))
            self.assertEqual('', self.shown())

    def test_update(self):
        self.backend(1053).update(zone(1))
        self.assertIn('port 1053', self.shown())
        self.backend(1054, 1055).update(zone(1))
        self.assertNotIn('port 1053', self.shown())
        self.assertIn('port 1054', self.shown())
        self.assertIn('port 1055', self.shown())

    def test_complaints(self):
        wrong_key = self.server.directory / 'wrong.key'
        wrong_key.write_text('key "rndc" { algorithm hmac-sha256; secret "d3Jvbmc="; };\n')
        for options in ({'rndc_key_file': str(wrong_key)}, {'rndc_key_file': '/no/such/file'},
                        {'rndc_port': '1'}, {'rndc_bin_path': '/no/such/rndc'}):
            backend = self.backend(1053, **options)
            for call in (backend.create, backend.update, backend.delete):
                with self.subTest(options, call=call.__name__):
                    self.assertRaises(errors.BackendError, call, zone(1))

    def test_a_server_that_is_away(self):
        self.server.kill()
        self.assertRaises(errors.BackendError, self.backend(1053).delete, zone(1))
