# SPDX-License-Identifier: Apache-2.0
"""What is done with one zone at the servers of its pool: what all such jobs have in common.

A job lasts until all is as it should be, or for the time of one attempt. Its parts, one for
each server that is told and one for each that is asked, run side by side, so none waits for a
slow one; what enough name servers show is reported as soon as they do.
"""
import abc
import asyncio
import dataclasses
import logging
from collections.abc import Coroutine
from collections.abc import Iterable
from typing import Any

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import central
from designate_like.worker import poll
from designate_like.worker import pools
from designate_like.worker import receipts

LOG = logging.getLogger(__name__)

# Seconds before a backend that failed is told again; they double each time.
RETRY_PAUSE = 1.0
MAX_RETRY_PAUSE = 8.0

# Seconds to wait for a server to be told to pull, as NOTIFY asks it for the same, and to say where
# it pulls a zone from.
ASIDE_TIMEOUT = 1.0


@dataclasses.dataclass(frozen=True)
class Tools:
    """What a job works with."""
    central: central.Central
    exchange: dnsio.Exchange
    receipts: receipts.Receipts
    pauses: poll.Pauses
    budget: float               # Seconds that one attempt may last.
    threshold: int              # Percent of the servers that are enough.
    all_tcp: bool


class Telling:
    """One target of a zone: whether it was told, or else what went wrong."""

    def __init__(self, target: pools.Target) -> None:
        self.target = target
        self.told = False
        self.problem = ''
        self.told_at = 0.0          # Seconds of the loop's clock.
        self.wake = asyncio.Event()
        self.asked = False          # Whether it has the zone from us.
        self.remedy = ''            # What it is to be told, as its name server is wrong.

    async def tell(self, verb: str, zone: resources.Zone) -> None:
        """Tell the target until it has heard."""
        self.told = False
        pause = RETRY_PAUSE
        while not self.told:
            try:
                await self.target.tell(verb, zone)
                self.told = True
                self.told_at = asyncio.get_running_loop().time()
            except errors.BackendError as error:
                self._note(verb, zone, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, MAX_RETRY_PAUSE)

    async def fetch(self, zone: resources.Zone) -> None:
        """Have the target pull the zone, where NOTIFY alone is slow; gives up soon."""
        try:
            async with asyncio.timeout(ASIDE_TIMEOUT):
                await self.target.fetch(zone)
        except errors.BackendError as error:
            self._note('fetch', zone, error)
        except TimeoutError:
            LOG.debug('%s does not fetch zone %s in time', self.target.description, zone.name)

    async def carries(self, zone: resources.Zone) -> bool:
        """Whether the target has the zone from our masters, unless it does not say so soon."""
        self.asked = True
        try:
            async with asyncio.timeout(ASIDE_TIMEOUT):
                return await self.target.carries(zone)
        except (errors.BackendError, TimeoutError) as error:
            LOG.debug('%s does not say where it has zone %s from: %r', self.target.description,
                      zone.name, error)
            return True

    def _note(self, verb: str, zone: resources.Zone, error: errors.BackendError) -> None:
        if error.message != self.problem:
            LOG.warning('%s does not %s zone %s: %s', self.target.description, verb, zone.name,
                        error.message)
        self.problem = error.message


class Job(abc.ABC):
    """A zone, what is wanted for it, and how far that has come."""

    def __init__(self, ctx: context.RequestContext, zone: resources.Zone, pool: pools.Pool,
                 tools: Tools) -> None:
        self.zone = zone
        self.pool = pool
        self.done = False           # All is as it should be, and central has heard.
        self._ctx = ctx
        self._tools = tools
        self._tellings = [Telling(each) for each in pool.targets]
        # Servers need not answer questions about a catalog (RFC 9432 section 7).
        self._watches = [poll.Watch(each, self._look, tools.pauses) for each in pool.nameservers
                         if zone.type != 'CATALOG']
        self._noted: dict[dnsio.Address, tuple[dnsio.Answer, str | None]] = {}
        self._news = asyncio.Event()
        self._end = asyncio.Event()

    async def run(self) -> None:
        """Do the job; when this returns, central knows what there is to know."""
        try:
            async with asyncio.timeout(self._tools.budget), asyncio.TaskGroup() as group:
                tasks = [group.create_task(part) for part in self._parts()]
                self._judge()
                await self._end.wait()
                for task in tasks:
                    task.cancel()
        except TimeoutError:
            problem = self._problem()
            if problem:
                await self._tell_problem(problem)

    async def _tell_problem(self, problem: str) -> None:
        """Say that an operator must act."""
        LOG.warning('Zone %s: %s', self.zone.name, problem)
        await self._tell('fail', serial=self.zone.serial, reason=problem)

    def stop(self) -> None:
        """End early, because something else is to be done with the zone."""
        self._end.set()

    def _parts(self) -> Iterable[Coroutine[Any, Any, None]]:
        """What runs side by side."""
        for telling in self._tellings:
            yield self._serve(telling)
        for watch in self._watches:
            yield watch.run(self._satisfies, self._seen)
        yield self._report()

    async def _look(self, address: dnsio.Address) -> dnsio.Answer:
        answer = await dnsio.probe(self.pool.polls, address, self.zone.name, self._tools.all_tcp)
        self._note(address, answer)
        return answer

    def _note(self, address: dnsio.Address, answer: dnsio.Answer) -> None:
        """Have central told what a name server shows, if it is something else than before."""
        problem = '' if self._satisfies(answer) else next(
            (each.problem for each in self._tellings
             if each.target.address == address and not each.told), '')
        made = receipts.receipt(self.zone, address, answer, problem)
        if self._noted.get(address) != (answer, made.error):
            self._noted[address] = answer, made.error
            self._tools.receipts.add(made)

    def _error(self, address: dnsio.Address) -> str:
        """What is wrong with a name server, as it was noted last."""
        _, error = self._noted.get(address, (None, None))
        return error or 'not asked'

    async def _tell(self, verb: str, **facts: Any) -> bool:
        """Report something of the zone, and what its name servers show; whether it was heard."""
        news = self._tools.receipts.take(self.zone.id)
        heard = await self._tools.central.report(verb, self._ctx, zone_id=self.zone.id,
                                                 receipts=news, **facts)
        if not heard:
            self._tools.receipts.give_back(news)
        return heard

    def _seen(self, watch: poll.Watch) -> None:
        self._judge()

    def _judge(self) -> None:
        """Have the reporter see what has changed."""
        self._news.set()

    async def _report(self) -> None:
        """Report what has been achieved, whenever that is news."""
        while True:
            await self._news.wait()
            self._news.clear()
            if not await self._tell_central():
                await asyncio.sleep(RETRY_PAUSE)
                self._judge()
            elif self._complete() and self._achieved() and not self._news.is_set():
                self.done = True
                self._end.set()

    def _complete(self) -> bool:
        """Whether nothing is left to do."""
        return (all(each.told for each in self._tellings)
                and all(self._satisfies(each.answer) for each in self._watches))

    def _told_enough(self) -> bool:
        """Whether enough targets were told; so it is where there are none."""
        told = sum(each.told for each in self._tellings)
        return not self._tellings or told >= poll.quorum(len(self._tellings),
                                                         self._tools.threshold)

    def _problem(self) -> str:
        """Why an operator must act, if one must."""
        if self._achieved():
            return ''
        if self._tellings and not any(each.told for each in self._tellings):
            return f'No server could be told: {self._tellings[0].problem}'
        if self._watches and not any(each.answer.heard for each in self._watches):
            return 'No name server answered: ' + ', '.join(
                f'{host} port {port} ({self._error((host, port))})'
                for host, port in self.pool.nameservers)
        return ''

    @abc.abstractmethod
    def supersede(self, zone: resources.Zone) -> None:
        """Strive for a newer version of the zone from now on."""

    @abc.abstractmethod
    def _satisfies(self, answer: dnsio.Answer) -> bool:
        """Whether a name server that says this is as it should be."""

    @abc.abstractmethod
    def _achieved(self) -> bool:
        """Whether enough servers are as they should be."""

    @abc.abstractmethod
    async def _serve(self, telling: Telling) -> None:
        """Tell one target what it is to do, for as long as the job lasts."""

    @abc.abstractmethod
    async def _tell_central(self) -> bool:
        """Tell central what it does not know yet; returns whether it has heard."""
