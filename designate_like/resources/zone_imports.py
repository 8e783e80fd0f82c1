# SPDX-License-Identifier: Apache-2.0
"""A zone import: the task to make a zone of a zone file, and what became of it."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import field

PENDING, COMPLETE, ERROR = 'PENDING', 'COMPLETE', 'ERROR'
STATUSES = (PENDING, COMPLETE, ERROR)


@base.resource('zone_import')
class ZoneImport(base.Resource):
    """An import; the zone's id is known once the zone is there."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    status: str = field(types.Choice(*STATUSES), default=PENDING, match=True)
    message: str | None = field(types.Text(1000), match=True)
    zone_id: str | None = field(types.UUID(), match=True)
    project_id: str = field(types.Text(36))
    version: int = field(types.Integer(), default=1)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    # What the API does not show: the rest of a request in JSON.
    attributes: dict[str, str] = field(types.Map(50), factory=dict, write=(CREATE,),
                                       null='absent', view=False)
    zonefile: str | None = field(types.Text(2**31), write=(CREATE,), required=True, view=False,
                                 stored=False)
