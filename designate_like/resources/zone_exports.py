# SPDX-License-Identifier: Apache-2.0
"""A zone export: the permission to fetch a zone as a zone file, made when it is fetched."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources import zone_imports
from designate_like.resources.base import derived
from designate_like.resources.base import field


@base.resource('zone_export')
class ZoneExport(base.Resource):
    """An export; clients take the path of its content from ``location``."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    status: str = field(types.Choice(*zone_imports.STATUSES), default=zone_imports.COMPLETE,
                        match=True)
    message: str | None = field(types.Text(1000), match=True)

    @derived(types.Text(160))
    def location(self) -> str | None:
        if self.status != zone_imports.COMPLETE:
            return None
        return f'designate://v2/zones/tasks/exports/{self.id}/export'

    zone_id: str = field(types.UUID(), match=True)
    project_id: str = field(types.Text(36))
    version: int = field(types.Integer(), default=1)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)
