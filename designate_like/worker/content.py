# SPDX-License-Identifier: Apache-2.0
"""Comparing what name servers serve with what they should, record by record, at a bounded rate.

A server that allows transfers is asked for the whole zone; others, and all of them where the
zone is large, are asked for some sets of records that central draws by lot.
"""
import asyncio
import collections
import concurrent.futures
import logging
import random
from typing import NamedTuple

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.dnsio import content
from designate_like.resources import digest
from designate_like.resources import serials
from designate_like.worker import central
from designate_like.worker import loop
from designate_like.worker import pools
from designate_like.worker import repair

LOG = logging.getLogger(__name__)

# Zones that are compared at the same time, and zones that wait for it.
AT_ONCE = 8
_WAITING = 10000

# Sets of records that stand for a zone, and what one look at a server costs at the least, in
# records: a connection, or so many questions.
SAMPLE = 20

# Seconds of the whole rate that the transfer of one zone may use up, on average over the sweeps.
_SHARE = 1.0

# Seconds for which a server that did not let a zone be transferred is not asked to.
_REFUSAL = 600.0

# Seconds for the connection to a name server, and for each message of a transfer.
_TIMEOUT = 5.0

# Versions of zones whose fingerprint is remembered.
_REMEMBERED = 50000


class Look(NamedTuple):
    """A zone to be compared, at the name servers that show its serial."""
    ctx: context.RequestContext
    zone: resources.Zone
    pool: pools.Pool
    nameservers: list[dnsio.Address]

    @property
    def size(self) -> int:
        """Records of all its transfers."""
        records = max(self.zone.record_count, self.zone.recordset_count, SAMPLE)
        return records * len(self.nameservers)


class Queue:
    """What waits to be compared, each zone once, in the order in which it came.

    So the time between two looks at a zone is that between two sweeps. When it is full a newcomer
    takes the place of any other, so that with more zones than the rate lets through all have the
    same chance.
    """

    def __init__(self, limit: int = _WAITING) -> None:
        self._limit = limit
        self._looks: collections.deque[Look] = collections.deque()
        self._ids: set[str] = set()     # Of what waits and what is being compared.

    def __len__(self) -> int:
        return len(self._looks)

    def add(self, look: Look) -> None:
        """Have a zone wait, unless it does already."""
        if look.zone.id in self._ids:
            return
        if len(self._looks) >= self._limit:
            self._looks.rotate(random.randrange(len(self._looks)))
            self.done(self.take())
        self._ids.add(look.zone.id)
        self._looks.append(look)

    def take(self) -> Look:
        """Take out the next; it counts as waiting until it is done."""
        return self._looks.popleft()

    def done(self, look: Look) -> None:
        """A zone may come again."""
        self._ids.discard(look.zone.id)


class Rate:
    """Spaces out what costs something, so that it is no more than so much a second."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._free_at = 0.0

    def pause(self, cost: float, now: float) -> float:
        """Seconds to wait before something of a cost begins."""
        start = max(self._free_at, now)
        self._free_at = start + cost / self.per_second
        return start - now


class Contents:
    """Compares, within the event loop, what is handed in."""

    def __init__(self, loop_: loop.Loop, central_: central.Central, repairs: repair.Repairs,
                 rate: float, all_tcp: bool) -> None:
        """Compare nothing yet.

        :param central_: for calls that may last long.
        :param rate: records a second.
        """
        self._loop = loop_
        self._central = central_
        self._repairs = repairs
        self._rate = Rate(rate)
        self._all_tcp = all_tcp
        self._queue = Queue()
        self._draining = False
        self._free = asyncio.Semaphore(AT_ONCE)
        self._refused: dict[dnsio.Address, float] = {}      # Until when.
        self._known: collections.OrderedDict[tuple[str, int], str] = collections.OrderedDict()
        self._threads = concurrent.futures.ThreadPoolExecutor(AT_ONCE, 'content')

    def compare(self, look: Look) -> None:
        """Compare a zone as soon as the rate allows."""
        self._queue.add(look)
        if not self._draining:
            self._draining = True
            self._loop.run(self._drain())

    def close(self) -> None:
        """Begin no further transfers."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _drain(self) -> None:
        try:
            while self._queue:
                look = self._queue.take()
                share = _SHARE * self._rate.per_second
                whole = random.random() * look.size < share
                cost = look.size if whole else SAMPLE * len(look.nameservers)
                await asyncio.sleep(self._rate.pause(cost, _now()))
                await self._free.acquire()
                self._loop.run(self._compare(look, whole))
        finally:
            self._draining = False

    async def _compare(self, look: Look, whole: bool) -> None:
        try:
            await asyncio.gather(*[self._look_at(look, each, whole) for each in look.nameservers])
        except errors.Error as error:
            LOG.debug('Zone %s is compared later: %s', look.zone.name, error.message)
        finally:
            self._queue.done(look)
            self._free.release()

    async def _look_at(self, look: Look, address: dnsio.Address, whole: bool) -> None:
        if whole and self._refused.get(address, 0) < _now():
            same = await self._same_whole(look, address)
        else:
            same = await self._same_sample(look, address)
        if same:
            self._repairs.well(look.zone, address)
        elif same is not None:
            await self._repairs.repair(look.ctx, look.zone, look.pool, address, 'other records')

    async def _same_whole(self, look: Look, address: dnsio.Address) -> bool | None:
        """Whether a name server serves a zone as it is; None when that cannot be told now."""
        try:
            key = look.pool.polls.key(address)
        except dnsio.NoReply:
            return None
        try:
            serial, found = await asyncio.get_running_loop().run_in_executor(
                self._threads, content.transferred, address, look.zone.name, key, _TIMEOUT)
        except errors.CommunicationFailure as problem:
            LOG.info('Zones are compared by samples for %d seconds: %s', _REFUSAL, problem.message)
            self._refused[address] = _now() + _REFUSAL
            return await self._same_sample(look, address)
        if serial != serials.to_wire(look.zone.serial):
            return None
        wanted = await self._digest(look)
        return None if wanted is None else found.text == wanted

    async def _digest(self, look: Look) -> str | None:
        """The fingerprint of this version of a zone; None when there is a newer one."""
        version = look.zone.id, look.zone.serial
        if version not in self._known:
            answer = await self._central.call('zones', 'digest', look.ctx, zone_id=look.zone.id)
            self._known[look.zone.id, answer['serial']] = answer['digest']
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known.get(version)

    async def _same_sample(self, look: Look, address: dnsio.Address) -> bool | None:
        """The same of some sets of records that are in the zone."""
        drawn = await self._central.call('zones', 'sample', look.ctx, zone_id=look.zone.id,
                                         count=SAMPLE)
        if drawn['serial'] != look.zone.serial:
            return None
        found = await asyncio.gather(*[
            self._ask(look, address, each['name'], each['type']) for each in drawn['rrsets']])
        compared = [digest_.text == each['digest']
                    for digest_, each in zip(found, drawn['rrsets']) if digest_ is not None]
        if all(compared):
            return True if compared else None
        # It may show a newer version by now.
        answer = await dnsio.probe(look.pool.polls, address, look.zone.name, self._all_tcp)
        return False if answer.serial == serials.to_wire(look.zone.serial) else None

    async def _ask(self, look: Look, address: dnsio.Address, name: str,
                   type_: str) -> digest.Digest | None:
        query = content.question(name, type_)
        try:
            reply = await look.pool.polls.ask(address, query, self._all_tcp)
        except dnsio.NoReply:
            return None
        return content.answered(query, reply)


def _now() -> float:
    return asyncio.get_running_loop().time()
