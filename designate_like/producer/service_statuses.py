# SPDX-License-Identifier: Apache-2.0
"""What becomes of roles that fall silent."""
from designate_like import context
from designate_like import rpc
from designate_like.producer import task


class CheckServiceStatus(task.Task):
    """Calls DOWN what says UP and has been silent too long."""
    name = 'periodic_check_service_status'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        central.service_statuses.check(ctx, silent_for=self.options.time_threshold)


class CleanupStoppedServiceStatus(task.Task):
    """Drops what stopped, or went down, long ago."""
    name = 'periodic_cleanup_stopped_service_status'

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        if self.options.time_threshold > 0:
            central.service_statuses.clean(ctx, older_than=self.options.time_threshold)
