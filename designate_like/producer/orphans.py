# SPDX-License-Identifier: Apache-2.0
"""The audit of servers: which zones do they carry that no pool has?"""
from designate_like import context
from designate_like import rpc
from designate_like.producer import task


class Orphans(task.Task):
    """Has the servers of the pools within the share list their zones."""
    name = 'orphans'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        central.orphans.audit(ctx, shards=(shards.start, shards.stop))
