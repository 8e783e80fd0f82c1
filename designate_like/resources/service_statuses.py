# SPDX-License-Identifier: Apache-2.0
"""A service status: what one role on one host last said of itself."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import field

UP, DOWN, WARNING, STOPPED = 'UP', 'DOWN', 'WARNING', 'STOPPED'


@base.resource('service_status')
class ServiceStatus(base.Resource):
    """One row per role and host, whatever the number of processes."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    service_name: str = field(types.Text(40), match=True)
    hostname: str = field(types.Text(255), match=True)
    status: str = field(types.Choice(UP, DOWN, WARNING, STOPPED), default=UP, match=True)
    stats: dict[str, str] = field(types.Type(), factory=dict)
    capabilities: dict[str, str] = field(types.Type(), factory=dict)
    heartbeated_at: datetime.datetime = field(types.DateTime())
    said_at: datetime.datetime = field(types.DateTime(), view=False)    # By its own clock.
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)
