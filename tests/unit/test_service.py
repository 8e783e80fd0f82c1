# SPDX-License-Identifier: Apache-2.0
"""The life of a role: start, heartbeats, calls, stop."""
import queue
import time
from collections.abc import Sequence
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import service
from designate_like.central import service as central
from designate_like.mdns import service as mdns
from designate_like.producer import service as producer
from designate_like.sink import service as sink
from designate_like.worker import service as worker
from tests.unit.rpc import bus


class Statuses:
    """The endpoint of central that heartbeats reach."""

    namespace = 'service_statuses'

    def __init__(self) -> None:
        self.seen: queue.Queue = queue.Queue()

    def heartbeat(self, ctx: context.RequestContext, **report: Any) -> None:
        self.seen.put((ctx.is_admin, report['service_name'], report['hostname'],
                       report['status'], report['stats'], report['capabilities']))


class Zones:
    """An endpoint of the worker."""

    namespace = 'zones'

    def deploy(self, ctx: context.RequestContext) -> str:
        return 'deployed'


class Worker(service.Service):
    name = 'worker'

    def endpoints(self) -> Sequence[Any]:
        return [Zones()]


class Mdns(service.Service):
    name = 'mdns'


class ServiceTest(bus.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.set('heartbeat_interval', 0.1)
        self.statuses = Statuses()
        self.serve(self.statuses)

    def test_a_role_that_has_not_begun_can_be_stopped(self) -> None:
        """As when SIGTERM comes while it waits for the bus or the database."""
        for kind in (central.Central, mdns.Mdns, producer.Producer, sink.Sink, worker.Worker):
            with self.subTest(kind.name):
                kind(conf.CONF).stop()

    def set(self, name: str, value: Any) -> None:
        conf.CONF.set_override(name, value, 'heartbeat_emitter')
        self.addCleanup(conf.CONF.clear_override, name, 'heartbeat_emitter')

    def start(self, kind: type[service.Service]) -> service.Service:
        role = kind(conf.CONF)
        role.start()
        self.addCleanup(role.stop)
        return role

    def test_heartbeats_begin_at_once_and_end_with_stopped(self) -> None:
        role = self.start(Mdns)
        report = (True, 'mdns', conf.CONF.host)
        self.assertEqual(report + ('UP', {}, {}), self.statuses.seen.get(timeout=5))
        self.assertEqual(report + ('UP', {}, {}), self.statuses.seen.get(timeout=5))
        role.stop()
        reports = [self.statuses.seen.get(timeout=5)]
        while reports[-1][3] == 'UP':
            reports.append(self.statuses.seen.get(timeout=5))
        self.assertEqual('STOPPED', reports[-1][3])
        self.assertTrue(self.statuses.seen.empty())

    def test_no_heartbeats_where_they_are_not_wanted(self) -> None:
        self.set('emitter_type', 'noop')
        self.start(Mdns).stop()
        self.assertTrue(self.statuses.seen.empty())

    def test_endpoints_answer_until_stop_and_stop_is_quick(self) -> None:
        role = self.start(Worker)
        self.assertEqual('deployed', role.client('worker', 5).zones.deploy(context.admin()))
        began = time.monotonic()
        role.stop()
        role.wait()
        self.assertLess(time.monotonic() - began, 1)
        role.stop()

    def test_a_service_that_never_started_stops(self) -> None:
        Mdns(conf.CONF).stop()
