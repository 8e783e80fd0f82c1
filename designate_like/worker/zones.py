# SPDX-License-Identifier: Apache-2.0
"""What the worker is asked to do with zones, all by casts."""
from designate_like import context
from designate_like import resources
from designate_like.worker import inbound
from designate_like.worker import jobs
from designate_like.worker import loop
from designate_like.worker import orphans
from designate_like.worker import verify


class Zones:
    """Hands requests from the bus to the event loop."""

    namespace = 'zones'

    def __init__(self, loop_: loop.Loop, jobs_: jobs.Jobs, verifier: verify.Verifier,
                 orphans_: orphans.Orphans, inbound_: inbound.Inbound) -> None:
        self._loop = loop_
        self._jobs = jobs_
        self._verifier = verifier
        self._orphans = orphans_
        self._inbound = inbound_

    def deploy(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        """Bring a zone to its servers, or take it away when it is being deleted."""
        self._loop.call(self._jobs.deploy, _own(ctx), zone)

    def leave(self, ctx: context.RequestContext, zone: resources.Zone, pool_id: str,
              pool_version: int) -> None:
        """Take a zone away from the servers of a pool that it has moved away from."""
        self._loop.call(self._jobs.leave, _own(ctx), zone, pool_id, pool_version)

    def verify(self, ctx: context.RequestContext, zones: list[resources.Zone]) -> None:
        """Compare what name servers show of settled zones, and repair what is wrong."""
        self._loop.call(self._verifier.verify, _own(ctx), zones)

    def look_for(self, ctx: context.RequestContext, zones: list[resources.Zone]) -> None:
        """See whether name servers still show zones that were removed."""
        self._loop.call(self._orphans.look_for, _own(ctx), zones)

    def audit(self, ctx: context.RequestContext, pool_id: str, pool_version: int) -> None:
        """Compare the zones that the servers of a pool carry with those of the pool."""
        self._loop.call(self._orphans.audit, _own(ctx), pool_id, pool_version)

    def transfer(self, ctx: context.RequestContext, zone_id: str) -> None:
        """Fetch a secondary zone from its masters, if they have something new."""
        self._loop.call(self._inbound.start, _own(ctx), zone_id)


def _own(ctx: context.RequestContext) -> context.RequestContext:
    """The same request, done by the service itself."""
    return ctx.elevated(all_tenants=True)
