# SPDX-License-Identifier: Apache-2.0
"""The worker as a service on a bus, with a central that is a stand-in."""
import queue
import time
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import resources
from designate_like import rpc
from designate_like.worker import service
from tests import base
from tests.interop import bind
from tests.unit.rpc import bus
from tests.unit.worker import world


class Zones:
    """Keeps what is reported."""

    namespace = 'zones'

    def __init__(self) -> None:
        self.reports: queue.Queue = queue.Queue()

    def settle(self, ctx: context.RequestContext, **facts: Any) -> None:
        self.reports.put((ctx.is_admin, ctx.request_id, facts))


class Pools:
    """Has one pool."""

    namespace = 'pools'

    def __init__(self, pool: resources.Pool) -> None:
        self.pool = pool
        self.asked = 0

    def get(self, ctx: context.RequestContext, pool_id: str) -> resources.Pool:
        self.asked += 1
        return self.pool


class WorkerTest(bus.TestCase):

    def start(self, **pool: Any) -> tuple[service.Worker, Any]:
        """Start a worker; returns it and a client of it."""
        self.zones = Zones()
        self.pools = Pools(resources.Pool(id='pool', name='default', created_at=None, **pool))
        self.serve(self.zones, self.pools)
        conf.CONF.set_override('emitter_type', 'noop', 'heartbeat_emitter')
        self.addCleanup(conf.CONF.clear_override, 'emitter_type', 'heartbeat_emitter')
        worker = service.Worker(conf.CONF)
        worker.start()
        return worker, rpc.Client(self.transport(), 'worker')

    def test_a_cast_ends_in_a_report(self):
        target = resources.Target(type='fake', options={'port': str(bind.free_port())})
        worker, client = self.start(targets=[target])
        self.addCleanup(worker.stop)
        ctx = context.RequestContext(project_id='p', roles=['member'])
        client.cast.zones.deploy(ctx, zone=world.zone(11))
        self.assertEqual(
            (True, ctx.request_id, {'zone_id': 'zone', 'serial': 11, 'told_version': 1,
                                    'pool_id': 'pool', 'receipts': []}),
            self.zones.reports.get(timeout=10))

    def test_stop_does_not_wait_for_servers(self):
        dead = bind.free_port()
        worker, client = self.start(
            nameservers=[resources.Nameserver(host='127.0.0.1', port=dead)],
            targets=[resources.Target(type='fake', options={'port': str(dead)})])
        client.cast.zones.deploy(context.admin(), zone=world.zone(11))
        client.cast.zones.verify(context.admin(), zones=[world.zone(11, id='other')])
        base.wait(lambda: self.pools.asked)
        start = time.monotonic()
        worker.stop()
        self.assertLess(time.monotonic() - start, 1)
        worker.stop()

    def test_a_worker_that_never_started_stops(self):
        service.Worker(conf.CONF).stop()
