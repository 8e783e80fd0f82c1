# SPDX-License-Identifier: Apache-2.0
"""Orphans: zones that servers carry for us, and should not any more.

Deleted zones are asked for on the name servers of their pool, and what servers can list is
compared with what central knows. Only what a server pulls from our masters is ours.
"""
import asyncio
import logging

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.resources import names
from designate_like.worker import central
from designate_like.worker import job
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import pools

LOG = logging.getLogger(__name__)

# Zones that are looked for at the same time.
AT_ONCE = 50

# Names in one call to central.
_BATCH = 1000


class Orphans:
    """Looks for orphans, within the event loop, and removes them where that is wanted."""

    def __init__(self, loop_: loop.Loop, pools_: pools.Pools, tools: job.Tools, jobs_: jobs.Jobs,
                 central_: central.Central, remove: bool) -> None:
        """Look for nothing yet.

        :param central_: for calls that may last long.
        """
        self._pools = pools_
        self._tools = tools
        self._jobs = jobs_
        self._central = central_
        self._remove = remove
        self._turns = loop.Turns(loop_, AT_ONCE)    # By the ids of zones and of pools.

    def look_for(self, ctx: context.RequestContext, zones: list[resources.Zone]) -> None:
        """See whether name servers still show zones that were removed."""
        for zone in zones:
            self._turns.run(zone.id, self._look_for, ctx, zone)

    def audit(self, ctx: context.RequestContext, pool_id: str, pool_version: int) -> None:
        """Compare what the servers of a pool carry with what they should."""
        self._turns.run(pool_id, self._audit, ctx, pool_id, pool_version)

    async def _look_for(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        if self._jobs.busy(zone.id):
            return
        try:
            pool = await self._pools.get(ctx, zone.pool_id, zone.pool_version)
            answers = await asyncio.gather(*[
                dnsio.probe(pool.polls, each, zone.name, self._tools.all_tcp)
                for each in pool.nameservers])
            showing = [address for address, answer in zip(pool.nameservers, answers)
                       if answer.serial is not None]
            for target in {each for address in showing for each in pool.behind(address)}:
                if await target.carries(zone):
                    await self._found(ctx, pool, target, [zone.name.lower()])
        except errors.Error as error:
            LOG.warning('Zone %s, which is deleted, is not looked for: %s', zone.name,
                        error.message)

    async def _audit(self, ctx: context.RequestContext, pool_id: str, pool_version: int) -> None:
        try:
            pool = await self._pools.get(ctx, pool_id, pool_version)
            await self._central.call('orphans', 'keep', ctx, pool_id=pool_id, servers=[
                list(each.address) for each in pool.targets if each.address is not None])
            for target in pool.targets:
                if target.address is not None:
                    await self._audit_target(ctx, pool, target)
        except errors.Error as error:
            LOG.warning('Servers of pool %s are audited later: %s', pool_id, error.message)

    async def _audit_target(self, ctx: context.RequestContext, pool: pools.Pool,
                            target: pools.Target) -> None:
        place = _place(pool, target)
        known = await self._central.call('orphans', 'find', ctx, **place)
        try:
            there = await target.zones()
            if there is None:       # It cannot list; then what was found is looked at again.
                there = [each for each in known if await target.carries(pools.bare(pool.id, each))]
        except errors.BackendError as error:
            LOG.warning('%s does not say which zones it carries: %s', target.description,
                        error.message)
            return
        there = [each.lower() for each in there if names.valid(each)]
        found = []
        for start in range(0, len(there), _BATCH):
            found += await self._central.call('orphans', 'unknown', ctx,
                                              names=there[start:start + _BATCH])
        gone = sorted(set(known) - set(found))
        if gone:
            await self._central.call('orphans', 'forget', ctx, **place, names=gone)
        if found:
            await self._found(ctx, pool, target, found)

    async def _found(self, ctx: context.RequestContext, pool: pools.Pool, target: pools.Target,
                     found: list[str]) -> None:
        place = _place(pool, target)
        await self._central.call('orphans', 'report', ctx, **place, names=found)
        for name in found if self._remove else ():
            # It may have been created since.
            if await self._central.call('orphans', 'unknown', ctx, names=[name]):
                LOG.warning('%s is told to remove zone %s, an orphan', target.description, name)
                await target.tell('delete', pools.bare(pool.id, name))
                await self._central.call('orphans', 'forget', ctx, **place, names=[name])


def _place(pool: pools.Pool, target: pools.Target) -> dict[str, object]:
    host, port = target.address
    return {'pool_id': pool.id, 'host': host, 'port': port}
