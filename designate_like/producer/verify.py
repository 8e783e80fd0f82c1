# SPDX-License-Identifier: Apache-2.0
"""The sweep over settled zones: compares what name servers show with what they should."""
from typing import Any

from designate_like import context
from designate_like import metrics
from designate_like import rpc
from designate_like.producer import task

_SLICES = 12


class Verify(task.Task):
    """Has a slice of the share verified at each turn, and all of it in ``interval`` seconds."""
    name = 'verify'

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.interval = self.options.interval / _SLICES
        self._slice = 0

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        size = len(shards)
        first = shards.start + size * self._slice // _SLICES
        last = shards.start + size * (self._slice + 1) // _SLICES
        self._slice = (self._slice + 1) % _SLICES
        metrics.count('swept_zones_total', task=self.name, amount=central.zones.verify(
            ctx, shards=(first, last)))
