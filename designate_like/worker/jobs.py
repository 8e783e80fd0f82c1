# SPDX-License-Identifier: Apache-2.0
"""The zones in flight: one job for each, however often it is asked for."""
import asyncio
import dataclasses
import logging

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like.worker import deploy
from designate_like.worker import job
from designate_like.worker import leave
from designate_like.worker import loop
from designate_like.worker import pools
from designate_like.worker import remove

LOG = logging.getLogger(__name__)

# Seconds between two announcements of one zone: so many for each zone in flight, and at most.
# A single change goes out at once; what many clients change at the same time goes out together.
PACE = 0.05
LONGEST_PACE = 0.4


@dataclasses.dataclass
class Slot:
    """A zone in flight: the latest that is known of it, and the job that is at work."""
    ctx: context.RequestContext
    zone: resources.Zone
    began: float = 0            # When it was last announced, in the loop's time.
    work: job.Job | None = None
    again: bool = True          # The job began with less than what is wanted now.
    hurry: asyncio.TimerHandle | None = None


class Jobs:
    """Starts jobs, within the event loop; a further request for a zone raises what is wanted."""

    def __init__(self, loop_: loop.Loop, pools_: pools.Pools, tools: job.Tools) -> None:
        self._loop = loop_
        self._pools = pools_
        self._tools = tools
        self._slots: dict[str, Slot] = {}
        self._departures: dict[tuple[str, str], leave.Departure | None] = {}

    def deploy(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        """Bring a zone to its servers, or take it away when it is being deleted."""
        departure = self._departures.get((zone.id, zone.pool_id))
        if departure is not None:       # It comes back to a pool that it was to leave.
            departure.stop()
        slot = self._slots.get(zone.id)
        if slot is None:
            slot = self._slots[zone.id] = Slot(ctx, zone)
            self._loop.run(self._work(slot))
        elif zone.follows(slot.zone):
            slot.ctx, slot.zone, slot.again = ctx, zone, True
            if slot.hurry is None:
                slot.hurry = asyncio.get_running_loop().call_later(
                    self._pause(slot), _supersede, slot)

    def _pause(self, slot: Slot) -> float:
        """Seconds until a zone may be announced again."""
        pace = min(PACE * len(self._slots), LONGEST_PACE)
        return max(0, slot.began + pace - _now())

    def leave(self, ctx: context.RequestContext, zone: resources.Zone, pool_id: str,
              pool_version: int) -> None:
        """Take a zone away from the servers of a pool that it has moved away from."""
        if (zone.id, pool_id) not in self._departures:
            self._departures[zone.id, pool_id] = None
            self._loop.run(self._leave(ctx, zone, pool_id, pool_version))

    def busy(self, zone_id: str) -> bool:
        """Whether a zone is in flight."""
        return zone_id in self._slots

    async def _work(self, slot: Slot) -> None:
        """Do what is wanted of a zone until nothing more is."""
        try:
            while slot.again:
                pool = await self._pools.get(slot.ctx, slot.zone.pool_id, slot.zone.pool_version)
                kind = remove.Removal if slot.zone.deleting else deploy.Deployment
                slot.work = kind(slot.ctx, slot.zone, pool, self._tools)
                slot.again = False
                slot.began = _now()
                await slot.work.run()
                slot.again = slot.again and not (slot.work.done and slot.work.zone is slot.zone)
                slot.work = None
                await asyncio.sleep(self._pause(slot))
        except errors.Error as error:
            LOG.warning('Zone %s is left to the sweep: %s', slot.zone.name, error.message)
        finally:
            del self._slots[slot.zone.id]

    async def _leave(self, ctx: context.RequestContext, zone: resources.Zone, pool_id: str,
                     pool_version: int) -> None:
        try:
            zone = await self._latest(ctx, zone)
            if zone.pool_id == pool_id:
                return
            pool = await self._pools.get(ctx, pool_id, pool_version)
            own = await self._pools.get(ctx, zone.pool_id, zone.pool_version)
            departure = leave.Departure(ctx, zone, pool, self._tools,
                                        [each.address for each in own.targets])
            self._departures[zone.id, pool_id] = departure
            await departure.run()
        except errors.Error as error:
            LOG.warning('Zone %s leaves pool %s later: %s', zone.name, pool_id, error.message)
        finally:
            del self._departures[zone.id, pool_id]

    async def _latest(self, ctx: context.RequestContext, zone: resources.Zone) -> resources.Zone:
        """A zone as central knows it; one that is gone from there, as it was."""
        try:
            return await self._tools.central.get('zones', ctx, zone_id=zone.id)
        except errors.NotFound:
            return zone


def _supersede(slot: Slot) -> None:
    """Have the job at work strive for the latest version, or make way for one that can."""
    slot.hurry = None
    at_work, zone = slot.work, slot.zone
    if at_work is None or not slot.again:
        return
    if (zone.deleting == at_work.zone.deleting and zone.pool_id == at_work.pool.id
            and zone.pool_version <= at_work.pool.version):
        slot.began = _now()
        at_work.supersede(zone)
    else:
        at_work.stop()


def _now() -> float:
    return asyncio.get_running_loop().time()
