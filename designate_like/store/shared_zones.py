# SPDX-License-Identifier: Apache-2.0
"""Shares of zones in the database."""
from typing import Any

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.shared_zones.c
_zone = tables.zones.c
repository = base.Repository(
    resources.SharedZone, tables.shared_zones, errors.SharedZoneNotFound,
    errors.DuplicateSharedZone, expressions={'project_id': _zone.project_id},
    source=tables.shared_zones.join(
        tables.zones, sqlalchemy.and_(_zone.id == _t.zone_id, _zone.deleted == '')))


def of_zone(zone_id: str, project_id: str | None) -> list[Any]:
    """The conditions of a zone's shares that a project sees: its owner all, others their own."""
    seen = [_t.zone_id == zone_id]
    if project_id is not None:
        seen.append(sqlalchemy.or_(_zone.project_id == project_id,
                                   _t.target_project_id == project_id))
    return seen


def zones_of(tx: sqlalchemy.Connection, project_id: str) -> list[str]:
    """The ids of the zones that are shared with a project."""
    return list(tx.execute(sqlalchemy.select(_t.zone_id).where(
        _t.target_project_id == project_id)).scalars())


def is_shared(tx: sqlalchemy.Connection, zone_id: str) -> bool:
    """Whether a zone is shared with anyone."""
    return bool(repository.where(tx, _t.zone_id == zone_id))


def shared_with(tx: sqlalchemy.Connection, zone_id: str, project_id: str) -> bool:
    """Whether a zone is shared with a project."""
    return bool(repository.where(tx, _t.zone_id == zone_id, _t.target_project_id == project_id))


def end(tx: sqlalchemy.Connection, zone_id: str, project_id: str | None = None) -> None:
    """Delete a zone's share with a project, or with all."""
    where = [_t.zone_id == zone_id]
    if project_id is not None:
        where.append(_t.target_project_id == project_id)
    tx.execute(tables.shared_zones.delete().where(*where))
