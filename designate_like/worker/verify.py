# SPDX-License-Identifier: Apache-2.0
"""The verification of settled zones: is each on all its name servers, and in which version?

A name server that lacks a zone, or shows an old version, has the zone deployed again; one that
shows a version which does not exist yet is repaired; of those that show the right one the
content is compared.
"""
import asyncio
import logging

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like.resources import serials
from designate_like.worker import content
from designate_like.worker import job
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import pools
from designate_like.worker import receipts
from designate_like.worker import repair

LOG = logging.getLogger(__name__)

# Zones that are looked at at the same time, so that servers do not drown in questions.
AT_ONCE = 50


class Verifier:
    """Looks at zones, within the event loop."""

    def __init__(self, loop_: loop.Loop, pools_: pools.Pools, tools: job.Tools, jobs_: jobs.Jobs,
                 contents: content.Contents, repairs: repair.Repairs) -> None:
        self._pools = pools_
        self._tools = tools
        self._jobs = jobs_
        self._contents = contents
        self._repairs = repairs
        self._turns = loop.Turns(loop_, AT_ONCE)

    def verify(self, ctx: context.RequestContext, zones: list[resources.Zone]) -> None:
        """Compare what the name servers show, and repair what they do not."""
        for zone in zones:
            self._turns.run(zone.id, self._verify, ctx, zone)

    async def _verify(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        if self._jobs.busy(zone.id):
            return
        try:
            pool = await self._pools.get(ctx, zone.pool_id, zone.pool_version)
        except errors.Error as error:
            LOG.warning('Zone %s is not verified: %s', zone.name, error.message)
        else:
            await self._look(ctx, zone, pool)

    async def _look(self, ctx: context.RequestContext, zone: resources.Zone,
                    pool: pools.Pool) -> None:
        if zone.type == 'CATALOG':
            # Servers need not answer questions about it, so they are just told of it again.
            self._jobs.deploy(ctx, zone)
            return
        answers = await asyncio.gather(*[
            dnsio.probe(pool.polls, each, zone.name, self._tools.all_tcp)
            for each in pool.nameservers])
        places = list(zip(pool.nameservers, answers))
        for address, answer in places:
            self._tools.receipts.add(receipts.receipt(zone, address, answer))
        wrong = [answer for answer in answers if _is_wrong(answer, zone)]
        for answer in wrong:
            metrics.count('drift_total', what='missing' if answer.serial is None else 'stale')
        if wrong and not zone.is_stale:
            self._jobs.deploy(ctx, zone)
        for address, answer in places:
            if _is_ahead(answer, zone):
                await self._repairs.repair(ctx, zone, pool, address,
                                           f'serial {answer.serial} instead of {zone.serial}')
        alike = [address for address, answer in places
                 if answer.serial == serials.to_wire(zone.serial)]
        if alike and pool.targets:      # Nobody could be told to repair it else.
            self._contents.compare(content.Look(ctx, zone, pool, alike))


def _is_wrong(answer: dnsio.Answer, zone: resources.Zone) -> bool:
    """Whether a server answered, but has not got so far as the zone."""
    return answer.heard and (answer.serial is None
                             or not serials.at_least(answer.serial, zone.serial))


def _is_ahead(answer: dnsio.Answer, zone: resources.Zone) -> bool:
    """Whether a server shows a serial that the zone has not reached."""
    return answer.serial is not None and serials.shown(answer.serial, zone.serial) > zone.serial
