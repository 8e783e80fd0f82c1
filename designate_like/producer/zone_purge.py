# SPDX-License-Identifier: Apache-2.0
"""The purge of zones that were deleted long ago, and of old differences."""
from designate_like import context
from designate_like import rpc
from designate_like.producer import task


class ZonePurge(task.Task):
    """Deletes what no one can ask for any more."""
    name = 'zone_purge'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        central.zones.purge(ctx, shards=(shards.start, shards.stop),
                            older_than=self.options.time_threshold)
        central.zones.trim_journal(ctx, shards=(shards.start, shards.stop),
                                   older_than=self.options.journal_age,
                                   most=self.options.journal_size)
        central.recordsets.trim_owners(ctx, older_than=self.options.time_threshold)
