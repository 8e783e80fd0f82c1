# SPDX-License-Identifier: Apache-2.0
"""Transfer requests in the database; those of removed zones are not seen."""
from typing import Any

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.resources import zone_transfer_requests
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.zone_transfer_requests.c
_zone = tables.zones.c
repository = base.Repository(
    resources.ZoneTransferRequest, tables.zone_transfer_requests,
    errors.ZoneTransferRequestNotFound, errors.DuplicateZoneTransferRequest,
    expressions={'zone_name': _zone.name},
    source=tables.zone_transfer_requests.join(
        tables.zones, sqlalchemy.and_(_zone.id == _t.zone_id, _zone.deleted == '')))


def seen_by(project_id: str | None) -> list[Any]:
    """The conditions of a project's list: its own, and those that name it; None is all."""
    if project_id is None:
        return []
    return [sqlalchemy.or_(_t.project_id == project_id, _t.target_project_id == project_id)]


def is_offered(tx: sqlalchemy.Connection, zone_id: str) -> bool:
    """Whether a zone has a request that waits to be accepted."""
    return bool(repository.where(tx, _t.zone_id == zone_id,
                                 _t.status == zone_transfer_requests.ACTIVE))


def delete(tx: sqlalchemy.Connection, request_id: str) -> None:
    """Delete a request, and the accept of it."""
    accepts = tables.zone_transfer_accepts
    tx.execute(accepts.delete().where(accepts.c.zone_transfer_request_id == request_id))
    repository.delete(tx, request_id)


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete all requests of a zone, and their accepts."""
    for table in (tables.zone_transfer_requests, tables.zone_transfer_accepts):
        tx.execute(table.delete().where(table.c.zone_id == zone_id))
