# SPDX-License-Identifier: Apache-2.0
"""Zone imports in the database: their rows are the queue of the work.

Whoever works on an import holds a claim, a word of its own in the row, good until a moment that
it puts off while it works. An import whose claim has run out is anybody's; a worker that has
lost its claim cannot finish.
"""
import datetime
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.resources import zone_imports
from designate_like.store import query
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.zone_imports.c
repository = base.Repository(resources.ZoneImport, tables.zone_imports, errors.ZoneImportNotFound,
                             errors.Conflict)
_pending = _t.status == zone_imports.PENDING


class Job(NamedTuple):
    """An import that somebody works on."""
    zone_import: resources.ZoneImport
    caller: Mapping[str, Any]       # who asked for it, as the bus carries a context
    claim: str
    attempts: int                   # how often it was begun, with this time


def seen_by(project_id: str | None) -> list[Any]:
    """The conditions of what a project sees; None is every project."""
    return [] if project_id is None else [_t.project_id == project_id]


def insert(tx: sqlalchemy.Connection, zone_import: resources.ZoneImport,
           caller: Mapping[str, Any]) -> None:
    """Add an import, for anybody to work on."""
    query.insert(tx, tables.zone_imports, zone_import, caller=caller, claim='', attempts=0,
                 claimed_until=zone_import.created_at)


def due(tx: sqlalchemy.Connection, shards: tuple[int, int], now: datetime.datetime,
        limit: int) -> list[str]:
    """The ids of imports of a half-open range of shards that nobody works on."""
    return list(tx.execute(sqlalchemy.select(_t.id).where(
        _pending, _t.claimed_until <= now, query.in_shards(_t.id, shards),
    ).order_by(_t.claimed_until).limit(limit)).scalars())


def claim(tx: sqlalchemy.Connection, id_: str, claim_: str, now: datetime.datetime,
          until: datetime.datetime) -> Job | None:
    """Take an import that nobody works on; None when there is no such."""
    taken = tx.execute(tables.zone_imports.update().where(
        _t.id == id_, _pending, _t.claimed_until <= now,
    ).values(claim=claim_, claimed_until=until, attempts=_t.attempts + 1))
    if not taken.rowcount:
        return None
    caller, attempts = tx.execute(sqlalchemy.select(_t.caller, _t.attempts).where(
        _t.id == id_)).one()
    return Job(repository.get(tx, id_), caller, claim_, attempts)


def keep(tx: sqlalchemy.Connection, job: Job, until: datetime.datetime) -> None:
    """Put off the end of a claim."""
    tx.execute(tables.zone_imports.update().where(_mine(job)).values(claimed_until=until))


def finish(tx: sqlalchemy.Connection, job: Job, ended: resources.ZoneImport) -> bool:
    """Write what became of an import; returns whether the claim still held."""
    done = tx.execute(tables.zone_imports.update().where(_mine(job)).values(
        claim='', **ended.to_row()))
    return done.rowcount > 0


def _mine(job: Job) -> Any:
    return sqlalchemy.and_(_t.id == job.zone_import.id, _t.claim == job.claim, _pending)
