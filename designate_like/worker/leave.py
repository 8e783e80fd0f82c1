# SPDX-License-Identifier: Apache-2.0
"""Having the servers of a pool that a zone has moved away from carry it no more."""
import logging
from collections.abc import Collection

from designate_like import context
from designate_like import dnsio
from designate_like import resources
from designate_like.worker import job
from designate_like.worker import pools
from designate_like.worker import remove

LOG = logging.getLogger(__name__)


class Departure(remove.Removal):
    """Deletes the zone at every target of a pool that its own pool does not have as well.

    The name servers are not asked: those of a pool without targets show what the primary has.

    :param kept: the addresses of the targets that are to go on carrying the zone.
    """

    def __init__(self, ctx: context.RequestContext, zone: resources.Zone, pool: pools.Pool,
                 tools: job.Tools, kept: Collection[dnsio.Address | None]) -> None:
        super().__init__(ctx, zone, pool, tools)
        self._watches = []
        self._tellings = [each for each in self._tellings if each.target.address not in kept]

    def _achieved(self) -> bool:
        return all(each.told for each in self._tellings)

    async def _tell_done(self) -> bool:
        return await self._tools.central.report('departed', self._ctx, zone_id=self.zone.id,
                                                pool_id=self.pool.id)

    async def _tell_problem(self, problem: str) -> None:
        LOG.warning('Zone %s is still at servers of pool %s: %s', self.zone.name, self.pool.id,
                    problem)
