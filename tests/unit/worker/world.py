# SPDX-License-Identifier: Apache-2.0
"""A small world for jobs: name servers, their backends and central, all in memory."""
import asyncio
from collections.abc import Callable
from typing import Any
from unittest import mock

import dns.message
import dns.opcode
import dns.rcode

from designate_like import backends
from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import deploy
from designate_like.worker import job
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import poll
from designate_like.worker import pools
from designate_like.worker import receipts
from tests import base
from tests.unit.dnsio import messages
from tests.unit.dnsio import test_verbs

NAME = 'example.org.'
POOL_ID = 'pool'


def zone(serial: int, **values: Any) -> resources.Zone:
    """Return a zone that was born with serial 10 and is settled, unless values say otherwise."""
    given = {'id': 'zone', 'name': NAME, 'pool_id': POOL_ID, 'serial': serial, 'born_serial': 10,
             'settled_serial': 10, 'told_version': 1, 'pool_version': 1}
    return test_verbs.zone(**{**given, **values})


class Server:
    """A name server: which zones it has, and what it was told."""

    def __init__(self, world: 'World', port: int) -> None:
        self.world = world
        self.address = ('192.0.2.1', port)
        self.zones: dict[str, int | None] = {}      # None where it waits for a transfer.
        self.alive = True
        self.deaf = False           # It answers, but NOTIFY does not make it transfer.
        self.estranged = False      # It has its zones from elsewhere.
        self.refuses_calls = False
        self.calls: list[str] = []
        self.notified: list[int] = []

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        """Answer a packet."""
        if not self.alive:
            return None
        if query.opcode() == dns.opcode.NOTIFY:
            self.notified.append(query.answer[0][0].serial if query.answer else 0)
            self.transfer()
            return messages.reply(query)
        serial = self.zones.get(NAME)
        return messages.reply(query, serial, dns.rcode.NOERROR if serial else dns.rcode.REFUSED)

    def transfer(self) -> None:
        """Become what the hidden primary says."""
        if NAME in self.zones and not self.deaf and self.world.primary is not None:
            self.zones[NAME] = self.world.primary % 2**32

    def call(self, verb: str) -> None:
        """Do what the backend is told."""
        self.calls.append(verb)
        if self.refuses_calls or not self.alive:
            raise errors.BackendError(f'{self.address[1]} does not {verb}')
        if verb == 'create':
            self.zones.setdefault(NAME, None)
        elif verb == 'update':
            self.deaf = self.deaf and not self.estranged
        elif verb == 'delete':
            self.zones.pop(NAME, None)
        elif verb == 'retransfer':
            self.zones[NAME] = self.world.primary % 2**32


class Backend(backends.Backend):
    """Tells a server of the world."""

    server: Server

    def create(self, zone: resources.Zone) -> None:
        self.server.call('create')

    def update(self, zone: resources.Zone) -> None:
        self.server.call('update')

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        self.server.call('delete')

    def retransfer(self, zone: resources.Zone) -> None:
        self.server.call('retransfer')

    def carries(self, zone: resources.Zone) -> bool:
        return not self.server.estranged


class Central:
    """Keeps what is reported."""

    def __init__(self, world: 'World') -> None:
        self.world = world
        self.reports: list[tuple] = []
        self.away = False
        self.receipts: list[resources.Receipt] = []
        self.unheard = 0            # How many reports do not arrive.
        self.pool_ids = {POOL_ID}

    async def get(self, noun: str, ctx: context.RequestContext, **which: str) -> Any:
        await asyncio.sleep(0)
        if self.away:
            raise errors.BusUnavailable()
        if noun == 'pools':
            return self.world.pool
        if self.world.zone is None:
            raise errors.ZoneNotFound()
        return self.world.zone

    async def report(self, verb: str, ctx: context.RequestContext, **facts: Any) -> bool:
        await asyncio.sleep(0)
        if self.unheard:
            self.unheard -= 1
            return False
        assert facts.pop('zone_id') == 'zone'
        if verb in ('settle', 'fail'):
            self.receipts += facts.pop('receipts')
        if verb == 'settle':
            assert facts.pop('pool_id') in self.pool_ids
        self.reports.append((verb, *facts.values()))
        return True


class World:
    """Servers, central, the primary's serial, and the worker's jobs."""

    def __init__(self, count: int, targets: bool = True, nameservers: bool = True,
                 threshold: int = 100, budget: float = 5, also: int = 0) -> None:
        self.servers = [Server(self, 5300 + n) for n in range(count)]
        self.also = [Server(self, 5400 + n) for n in range(also)]
        self.primary: int | None = 10
        self.zone: resources.Zone | None = None
        self.central = Central(self)
        self.pool = resources.Pool(
            id=POOL_ID, name='default', created_at=None, version=1,
            nameservers=[resources.Nameserver(host=each.address[0], port=each.address[1])
                         for each in self.servers if nameservers],
            targets=[resources.Target(type='memory', options={
                'host': each.address[0], 'port': str(each.address[1])})
                     for each in self.servers if targets],
            also_notifies=[resources.Address(host=each.address[0], port=each.address[1])
                           for each in self.also])
        self.tools = job.Tools(central=self.central, exchange=self, budget=budget,
                               receipts=receipts.Receipts(self.central),
                               pauses=poll.Pauses(0.001, 0.02), threshold=threshold,
                               all_tcp=False)

    def carry(self, serial: int) -> None:
        """Have all servers carry the zone already."""
        for each in self.servers:
            each.zones[NAME] = serial

    async def ask(self, address: tuple[str, int], query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message:
        """Be the network."""
        server = next(each for each in self.servers + self.also if each.address == address)
        await asyncio.sleep(0)
        reply = server.answer(dns.message.from_wire(query.to_wire()))
        if reply is None:
            await asyncio.sleep(0.02)
            raise dnsio.NoReply('no answer')
        return dns.message.from_wire(reply.to_wire())

    def load(self, target: resources.Target) -> Backend:
        """Be the registry of backends."""
        if target.type != 'memory':
            raise errors.ConfigurationError('There is no such backend')
        made = Backend(target)
        made.server = next(each for each in self.servers if each.address == made.address)
        return made


class TestCase(base.TestCase):
    """Runs a scenario with jobs in a world."""

    def setUp(self) -> None:
        super().setUp()
        for module, name, value in [(job, 'RETRY_PAUSE', 0.02), (job, 'MAX_RETRY_PAUSE', 0.05),
                                    (deploy, 'NOTIFY_PAUSE', 0.02),
                                    (deploy, 'MAX_NOTIFY_PAUSE', 0.05),
                                    (deploy, 'REPAIR_PAUSE', 0.05)]:
            self.enterContext(mock.patch.object(module, name, value))

    def play(self, world: World, scenario: Callable[[jobs.Jobs], Any]) -> None:
        """Run a coroutine with the jobs of a world, then stop whatever runs."""
        async def run() -> None:
            pools_ = pools.Pools(world.central, world)
            loop_ = loop.Loop('test', lambda: None)
            try:
                await scenario(jobs.Jobs(loop_, pools_, world.tools))
            finally:
                for task in list(loop_._tasks):
                    task.cancel()
                await asyncio.gather(*loop_._tasks, return_exceptions=True)
                pools_.close()

        with mock.patch.object(backends, 'load', world.load), \
                self.assertNoLogs('designate_like.worker.loop', 'ERROR'):
            asyncio.run(run())

    def deploy(self, world: World, *zones: resources.Zone) -> list[tuple]:
        """Deploy zones, one after the other's end, and return what central was told."""
        async def scenario(jobs_: jobs.Jobs) -> None:
            for each in zones:
                jobs_.deploy(context.admin(), each)
                await self.until(lambda: not jobs_._slots)
        self.play(world, scenario)
        return world.central.reports

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.001)
