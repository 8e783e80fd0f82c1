# SPDX-License-Identifier: Apache-2.0
"""What operators count: zones, their records, and the projects that own them."""
import collections

import sqlalchemy
from sqlalchemy import case
from sqlalchemy import func

from designate_like.resources import lifecycle
from designate_like.store import tables
from designate_like.store import zones

_t = tables.zones.c
_live = _t.deleted == ''
_counted = (_live, _t.type != 'CATALOG')


def census(tx: sqlalchemy.Connection) -> dict[str, int]:
    """How many zones there are of each status, catalogs too.

    An index alone tells how many are settled; only rows of the others, and of secondary zones that
    have expired, are read.
    """
    there = _by_pending(tx)
    errors = _by_pending(tx, _t.pending == sqlalchemy.true(), _t.failed.is_not(None))
    errors += _by_pending(tx, zones.expired, sqlalchemy.or_(
        _t.pending == sqlalchemy.false(), _t.failed.is_(None)), few=True)
    return {lifecycle.ACTIVE: there[False] - errors[False],
            lifecycle.PENDING: there[True] - errors[True], lifecycle.ERROR: errors.total()}


def _by_pending(tx: sqlalchemy.Connection,
                *where: sqlalchemy.ColumnElement[bool],
                few: bool = False) -> collections.Counter[bool]:
    """How many zones there are, by whether they wait for their servers.

    :param few: so few meet the conditions that the index of those which are live is of no use.
    """
    live = func.coalesce(_t.deleted, _t.deleted) == '' if few else _live
    return collections.Counter({bool(pending): number for pending, number in tx.execute(
        sqlalchemy.select(_t.pending, func.count()).where(live, *where).group_by(_t.pending))})


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
