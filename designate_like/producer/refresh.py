# SPDX-License-Identifier: Apache-2.0
"""The refresh of secondary zones, by the timers of their masters (RFC 1035 section 3.3.13)."""
from designate_like import context
from designate_like import rpc
from designate_like.producer import task


class SecondaryRefresh(task.Task):
    """Has the worker look at the masters of zones whose refresh, or retry, time has come."""
    name = 'periodic_secondary_refresh'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        central.zones.refresh(ctx, shards=(shards.start, shards.stop))
