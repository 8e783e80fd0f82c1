# SPDX-License-Identifier: Apache-2.0
"""What operators count: zones, their records, and the projects that own them."""
import sqlalchemy
from sqlalchemy import case
from sqlalchemy import func

from designate_like.resources import lifecycle
from designate_like.store import tables

_t = tables.zones.c
_live = _t.deleted == ''
_counted = (_live, _t.type != 'CATALOG')


def census(tx: sqlalchemy.Connection) -> dict[str, int]:
    """How many zones there are of each status, catalogs too.

    An index alone tells how many are settled; only rows of the others are read.
    """
    failed = tx.execute(sqlalchemy.select(func.count()).where(
        _live, _t.pending == sqlalchemy.true(), _t.failed.is_not(None))).scalar_one()
    counted = dict(map(tuple, tx.execute(sqlalchemy.select(_t.pending, func.count()).where(
        _live).group_by(_t.pending))))
    return {lifecycle.ACTIVE: counted.get(False, 0),
            lifecycle.PENDING: counted.get(True, 0) - failed, lifecycle.ERROR: failed}


def counts(tx: sqlalchemy.Connection) -> dict[str, int]:
    """How many zones there are, records of users, projects, and zones not settled."""
    row = tx.execute(sqlalchemy.select(
        func.count().label('zones'), func.coalesce(func.sum(_t.record_count), 0).label('records'),
        func.count(_t.project_id.distinct()).label('tenants'),
        func.count(case((_t.pending, 1))).label('zones_delayed_notify')).where(*_counted)).one()
    return {name: int(number) for name, number in row._mapping.items()}


def tenants(tx: sqlalchemy.Connection) -> list[tuple[str, int]]:
    """Every project that owns zones, by id, and how many."""
    return [(project_id, number) for project_id, number in tx.execute(
        sqlalchemy.select(_t.project_id, func.count()).where(*_counted).group_by(
            _t.project_id).order_by(_t.project_id))]


def zone_names(tx: sqlalchemy.Connection, project_id: str) -> list[str]:
    """The names of a project's zones, sorted."""
    return list(tx.execute(sqlalchemy.select(_t.name).where(
        *_counted, _t.project_id == project_id).order_by(_t.name)).scalars())
