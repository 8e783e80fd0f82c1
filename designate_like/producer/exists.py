# SPDX-License-Identifier: Apache-2.0
"""The notifications that every zone is still there, by which zones are billed."""
import datetime
from typing import Any

from oslo_utils import timeutils

from designate_like import context
from designate_like import notifications
from designate_like import rpc
from designate_like.notifications import changes
from designate_like.notifications import payloads
from designate_like.producer import task
from designate_like.resources import types


class PeriodicExists(task.Task):
    """Sends a notification for each zone, with the time that it stands for."""
    name = 'periodic_exists'

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._publisher = notifications.Publisher(args[0], 'producer')
        self._end: datetime.datetime | None = None      # Of the time that a round stands for,
        self._marker = ''                               # and the last zone of which it told.

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        """Tell of all zones, after a failure of those that are left."""
        if not self._publisher.enabled:
            return
        self._end = end = self._end or timeutils.utcnow()
        period = {'audit_period_beginning': end - datetime.timedelta(seconds=self.interval),
                  'audit_period_ending': end}
        shown = {name: types.DateTime().dump(moment) for name, moment in period.items()}
        while not self._stopping.is_set():
            zones = central.zones.existing(ctx, shards=(shards.start, shards.stop),
                                           marker=self._marker, limit=self.options.per_page)
            if not zones:
                break
            for zone in zones:
                for event in changes.names('zone.exists'):
                    self._publisher.send(ctx, event, {**payloads.of(zone), **shown},
                                         patient=True)
            self._marker = zones[-1].id
        self._end, self._marker = None, ''

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self._publisher.stop()
