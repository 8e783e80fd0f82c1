# SPDX-License-Identifier: Apache-2.0
"""The zones that those who work by the clock look for, each in its range of shards.

The index ``zones_at_work`` and the primary key both lead through a range in the order of ids, so
that no step reads more than it returns.
"""
import datetime

import sqlalchemy
from sqlalchemy import func

from designate_like import resources
from designate_like.store import query
from designate_like.store import tables
from designate_like.store import zones

Shards = tuple[int, int]        # half-open, of 4096

_t = tables.zones.c
_live = _t.deleted == ''
_user = _t.type != 'CATALOG'        # It is a user's, not one of the service's own to find others.


def pending(tx: sqlalchemy.Connection, shards: Shards, limit: int) -> list[resources.Zone]:
    """Zones that their servers do not show as they should.

    Some, in no order: where many never settle, the others have their turn all the same.
    """
    some = sqlalchemy.select(_t.id).where(
        _live, _t.pending == sqlalchemy.true(), query.in_shards(_t.id, shards),
    ).order_by(func.random()).limit(limit).subquery()       # Ids alone come from an index.
    return zones.listing.all(tx, zones.listing.select.join(some, some.c.id == _t.id))


def healthy(tx: sqlalchemy.Connection, shards: Shards, marker: str,
            limit: int) -> list[resources.Zone]:
    """Settled zones, by id, after ``marker``."""
    return _some(tx, shards, marker, limit, _live, _t.pending == sqlalchemy.false(), _user)


def existing(tx: sqlalchemy.Connection, shards: Shards, marker: str,
             limit: int) -> list[resources.Zone]:
    """Zones that nobody deletes, by id, after ``marker``."""
    return _some(tx, shards, marker, limit, _live, ~_t.deleting, _user)


def removed(tx: sqlalchemy.Connection, shards: Shards, marker: str,
            limit: int) -> list[resources.Zone]:
    """Deleted zones that wait for the purge and whose pool has none of that name, by id.

    Those after ``marker``. Abandoned ones are not among them.
    """
    other = tables.zones.alias()
    again = sqlalchemy.exists().where(other.c.key == _t.key, other.c.pool_id == _t.pool_id,
                                      other.c.deleted == '')
    return _some(tx, shards, marker, limit, _t.deleted != '', _t.deleting, ~again)


def _some(tx: sqlalchemy.Connection, shards: Shards, marker: str, limit: int,
          *where: sqlalchemy.ColumnElement[bool]) -> list[resources.Zone]:
    return zones.listing.all(tx, zones.listing.select.where(
        *where, query.in_shards(_t.id, shards), _t.id > marker).order_by(_t.id).limit(limit))


def removed_before(tx: sqlalchemy.Connection, shards: Shards, moment: datetime.datetime,
                   limit: int) -> list[str]:
    """The ids of zones that were removed before a moment, and from every pool."""
    left = sqlalchemy.exists().where(tables.departures.c.zone_id == _t.id)
    return _ids(tx, shards, limit, _t.deleted != '', _t.deleted_at < moment, ~left)


def outdated(tx: sqlalchemy.Connection, shards: Shards, limit: int) -> list[str]:
    """The ids of zones whose pool has changed since their content was made.

    Those on their way out are among them: a catalog may just have been made with them.
    """
    pools = tables.pools.c
    # One range of an index for each pool; a join would look at every zone.
    behind = [sqlalchemy.and_(_t.pool_id == pool_id, _t.pool_version < version)
              for pool_id, version in tx.execute(sqlalchemy.select(pools.id, pools.version))]
    return _ids(tx, shards, limit, _live, sqlalchemy.or_(sqlalchemy.false(), *behind))


def due(tx: sqlalchemy.Connection, shards: Shards, now: datetime.datetime,
        limit: int) -> list[str]:
    """The ids of secondary zones whose masters are to be looked at."""
    return _ids(tx, shards, limit, _t.type == 'SECONDARY', _live, ~_t.deleting,
                sqlalchemy.or_(_t.refresh_at.is_(None), _t.refresh_at <= now))


def _ids(tx: sqlalchemy.Connection, shards: Shards, limit: int,
         *where: sqlalchemy.ColumnElement[bool]) -> list[str]:
    return list(tx.execute(sqlalchemy.select(_t.id).where(
        *where, query.in_shards(_t.id, shards)).limit(limit)).scalars())
