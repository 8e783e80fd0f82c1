# SPDX-License-Identifier: Apache-2.0
"""A transfer request: the offer of a zone to another project, which a key opens."""
import datetime
from typing import Any

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

ACTIVE, COMPLETE = 'ACTIVE', 'COMPLETE'
_BOTH = (CREATE, UPDATE)

# What those may see to whom the zone is offered; the key reaches them by another way.
_OPEN = ('id', 'zone_id', 'zone_name', 'description', 'status')


@base.resource('zone_transfer_request')
class ZoneTransferRequest(base.Resource):
    """An offer; ``target_project_id`` None is for whoever has the key."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    zone_id: str = field(types.UUID(), index=True)
    zone_name: str = field(types.Name(), stored=False)
    project_id: str = field(types.Text(36), index=True)
    target_project_id: str | None = field(types.Text(36, 1), write=_BOTH, null='keep', index=True)
    description: str | None = field(types.Text(160), write=_BOTH, null='keep')
    key: str | None = field(types.Text(8))      # None where it is not to be seen.
    status: str = field(types.Choice(ACTIVE, COMPLETE), default=ACTIVE, match=True, sort=True)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    def view(self) -> dict[str, Any]:
        """What the API shows, which without the key is little."""
        shown = super().view()
        return shown if self.key is not None else {name: shown[name] for name in _OPEN}
