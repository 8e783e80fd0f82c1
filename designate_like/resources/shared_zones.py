# SPDX-License-Identifier: Apache-2.0
"""A share: another project may read a zone, and keep recordsets of its own in it."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import field


@base.resource('shared_zone')
class SharedZone(base.Resource):
    """A zone and the project it is shared with; ``project_id`` is the owner of the zone."""
    id: str = field(types.UUID(), primary_key=True)
    zone_id: str = field(types.UUID())
    project_id: str = field(types.Text(36), stored=False)
    target_project_id: str = field(types.Text(36, 1), write=(CREATE,), required=True, match=True,
                                   index=True)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)
