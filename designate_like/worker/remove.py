# SPDX-License-Identifier: Apache-2.0
"""Having the servers of a pool show a deleted zone no more."""
from designate_like import context
from designate_like import dnsio
from designate_like import resources
from designate_like.worker import job
from designate_like.worker import poll
from designate_like.worker import pools


class Removal(job.Job):
    """Deletes the zone everywhere, and reports when enough name servers are without it."""

    def __init__(self, ctx: context.RequestContext, zone: resources.Zone, pool: pools.Pool,
                 tools: job.Tools) -> None:
        super().__init__(ctx, zone, pool, tools)
        self._reported = False

    def supersede(self, zone: resources.Zone) -> None:
        """Know the zone better; what is to be done with it is the same."""
        self.zone = zone

    def _satisfies(self, answer: dnsio.Answer) -> bool:
        return answer == dnsio.NO_ZONE

    def _achieved(self) -> bool:
        gone = sum(self._satisfies(each.answer) for each in self._watches)
        # A server that has not got round to loading a zone also answers as if it had none.
        return self._told_enough() and (
            not self._watches or gone >= poll.quorum(len(self._watches), self._tools.threshold))

    async def _serve(self, telling: job.Telling) -> None:
        await telling.tell('delete', self.zone)
        self._judge()

    async def _tell_central(self) -> bool:
        if self._achieved() and not self._reported:
            self._reported = await self._tell_done()
            return self._reported
        return True

    async def _tell_done(self) -> bool:
        heard = await self._tools.central.report('removed', self._ctx, zone_id=self.zone.id)
        if heard:       # Nobody asks any more what name servers show of it.
            self._tools.receipts.take(self.zone.id)
        return heard
