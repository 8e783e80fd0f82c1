# SPDX-License-Identifier: Apache-2.0
"""A transfer accept: the record that a project has taken over a zone."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import field

COMPLETE = 'COMPLETE'


@base.resource('zone_transfer_accept')
class ZoneTransferAccept(base.Resource):
    """A takeover; only the answer to it holds the key that was given."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    zone_transfer_request_id: str = field(types.UUID(), write=(CREATE,), required=True, index=True)
    zone_id: str = field(types.UUID(), index=True)
    project_id: str = field(types.Text(36), index=True)
    key: str | None = field(types.Text(160), write=(CREATE,), required=True, stored=False)
    status: str = field(types.Choice(COMPLETE), default=COMPLETE, match=True, sort=True)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)
