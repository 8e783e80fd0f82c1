# SPDX-License-Identifier: Apache-2.0
"""The world of the worker's tests with the guardian at work in it."""
import asyncio
from collections.abc import Callable
from typing import Any

from designate_like import backends
from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like.worker import content
from designate_like.worker import jobs
from designate_like.worker import orphans
from designate_like.worker import repair
from designate_like.worker import verify
from tests.unit.worker import world


class Contents:
    """Keeps what it is to compare."""

    def __init__(self) -> None:
        self.looks: list[content.Look] = []

    def compare(self, look: content.Look) -> None:
        self.looks.append(look)


class Backend(world.Backend):
    """One that can say what its server carries."""

    def carries(self, zone: resources.Zone) -> bool:
        return zone.name in self.server.ours


class Lister(Backend):
    """One that can list it as well."""

    def zones(self) -> list[str]:
        return sorted(self.server.ours)


class Central(world.Central):
    """It keeps orphans, and knows the zones of ``names``."""

    def __init__(self, there: 'World') -> None:
        super().__init__(there)
        self.names: set[str] = set()
        self.orphans: dict[tuple[str, int], set[str]] = {}

    async def call(self, noun: str, verb: str, ctx: context.RequestContext, **what: Any) -> Any:
        await asyncio.sleep(0)
        assert noun == 'orphans'
        if self.away:
            raise errors.BusUnavailable()
        if verb == 'unknown':
            return [each for each in what['names'] if each not in self.names]
        if verb == 'keep':
            servers = [tuple(each) for each in what['servers']]
            self.orphans = {place: names for place, names in self.orphans.items()
                            if place in servers}
            return None
        names = self.orphans.setdefault((what['host'], what['port']), set())
        if verb == 'find':
            return sorted(names)
        if verb == 'report':
            names.update(what['names'])
        else:
            assert verb == 'forget'
            names.difference_update(what['names'])
        return None


class World(world.World):
    """Servers that have zones of ours, and perhaps of others."""

    def __init__(self, count: int, kind: type[Backend] = Lister, **more: Any) -> None:
        super().__init__(count, **more)
        self.kind = kind
        self.central = Central(self)
        self.tools = world.job.Tools(**{**vars(self.tools), 'central': self.central})
        self.contents = Contents()
        for each in self.servers:
            each.ours = set()

    def load(self, target: resources.Target) -> backends.Backend:
        made = super().load(target)
        mine = self.kind(target)
        mine.server = made.server
        return mine


class TestCase(world.TestCase):
    """Runs a scenario with the guardian of a world."""

    def guard(self, there: World, scenario: Callable[[verify.Verifier, orphans.Orphans], None],
              remove: bool = False) -> None:
        """Do something, and return when all that it has begun has ended."""
        async def run(jobs_: jobs.Jobs) -> None:
            loop_, pools_ = jobs_._loop, jobs_._pools
            repairs = repair.Repairs(there.central)
            scenario(verify.Verifier(loop_, pools_, there.tools, jobs_, there.contents, repairs),
                     orphans.Orphans(loop_, pools_, there.tools, jobs_, there.central, remove))
            await self.until(lambda: not loop_._tasks)
        self.play(there, run)
