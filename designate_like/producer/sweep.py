# SPDX-License-Identifier: Apache-2.0
"""The sweep over unsettled zones: finds what a lost message or a dead worker left undone."""
from designate_like import context
from designate_like import rpc
from designate_like.producer import task


class Sweep(task.Task):
    """Starts the deployment of every unsettled zone again."""
    name = 'sweep'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        central.zones.sweep(ctx, shards=(shards.start, shards.stop))
