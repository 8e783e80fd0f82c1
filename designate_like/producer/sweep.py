# SPDX-License-Identifier: Apache-2.0
"""The sweep: finds what a lost message, a dead worker or a dead central left undone."""
from designate_like import context
from designate_like import metrics
from designate_like import rpc
from designate_like.producer import task


class Sweep(task.Task):
    """Starts the deployment of every unsettled zone again, and imports that nobody works on."""
    name = 'sweep'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        metrics.count('swept_zones_total', task=self.name, amount=central.zones.sweep(
            ctx, shards=(shards.start, shards.stop)))
        central.zone_imports.sweep(ctx, shards=(shards.start, shards.stop))
