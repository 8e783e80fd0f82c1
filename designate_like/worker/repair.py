# SPDX-License-Identifier: Apache-2.0
"""Having servers that serve something else than they should transfer the zone again, whole.

Repairs of one zone at one server grow rarer while they do not help.
"""
import asyncio
import logging

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like.worker import central
from designate_like.worker import pools

LOG = logging.getLogger(__name__)

# Seconds before the next repair of a zone at a server that is still wrong; they double.
FIRST_PAUSE = 30.0
LONGEST_PAUSE = 3600.0

# Zones at servers that are remembered as repaired lately; the oldest are forgotten.
_REMEMBERED = 10000

Place = tuple[str, dnsio.Address]       # The id of a zone, and a name server.


class Pauses:
    """When each place may be repaired again; times are seconds of any clock."""

    def __init__(self) -> None:
        self._until: dict[Place, tuple[float, float]] = {}      # When, and the pause before.

    def over(self, place: Place, now: float) -> bool:
        """Whether a place may be repaired."""
        return place not in self._until or now >= self._until[place][0]

    def begin(self, place: Place, now: float) -> None:
        """A place is being repaired."""
        _, last = self._until.pop(place, (0, 0))
        pause = min(2 * last, LONGEST_PAUSE) or FIRST_PAUSE
        self._until[place] = now + pause, pause
        if len(self._until) > _REMEMBERED:
            del self._until[next(iter(self._until))]

    def forget(self, place: Place) -> None:
        """A place is as it should be."""
        self._until.pop(place, None)


class Repairs:
    """Tells targets to transfer again."""

    def __init__(self, central_: central.Central) -> None:
        self._central = central_
        self._pauses = Pauses()

    def well(self, zone: resources.Zone, address: dnsio.Address) -> None:
        """A name server serves what it should."""
        self._pauses.forget((zone.id, address))

    async def repair(self, ctx: context.RequestContext, zone: resources.Zone, pool: pools.Pool,
                     address: dnsio.Address, what: str) -> None:
        """Have the targets behind a name server transfer a zone again, if it has not moved on.

        :param what: what is wrong, for the log: it serves ...
        """
        now = asyncio.get_running_loop().time()
        if not self._pauses.over((zone.id, address), now):
            return
        try:
            latest = await self._central.get('zones', ctx, zone_id=zone.id)
        except errors.Error as error:
            LOG.debug('Zone %s is not repaired: %s', zone.name, error.message)
            return
        if latest.deleting or (latest.serial, latest.pool_id) != (zone.serial, zone.pool_id):
            return
        self._pauses.begin((zone.id, address), now)
        metrics.count('drift_total', what='content')
        LOG.warning('%s port %s serves %s of zone %s, and is made to transfer it again',
                    *address, what, zone.name)
        await asyncio.gather(*[_retransfer(each, latest) for each in pool.behind(address)])


async def _retransfer(target: pools.Target, zone: resources.Zone) -> None:
    try:
        await target.tell('retransfer', zone)
    except errors.BackendError as error:
        LOG.warning('%s does not transfer zone %s again: %s', target.description, zone.name,
                    error.message)
