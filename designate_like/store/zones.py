# SPDX-License-Identifier: Apache-2.0
"""Zones in the database."""
import datetime
import functools
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from oslo_utils import timeutils
from sqlalchemy import case
from sqlalchemy import func

from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like.resources import lifecycle
from designate_like.resources import names
from designate_like.store import query
from designate_like.store import shared
from designate_like.store import shared_zones
from designate_like.store import tables

_t = tables.zones.c
_settled = sqlalchemy.and_(_t.serial <= _t.settled_serial, ~_t.deleting)
_live = _t.deleted == ''
_user = _t.type != 'CATALOG'        # It is a user's, not one of the service's own to find others.
# When a statement is executed, not when it is made.
expired = sqlalchemy.and_(~_t.deleting, _t.expire_at < sqlalchemy.bindparam(
    'now', type_=_t.expire_at.type, unique=True,
    callable_=lambda: timeutils.utcnow(with_timezone=False)))

listing = query.Listing(
    resources.Zone, tables.zones,
    computed={'status': case((expired, lifecycle.ERROR), (_settled, lifecycle.ACTIVE),
                             (_t.failed.is_not(None), lifecycle.ERROR), else_=lifecycle.PENDING)},
    expressions={'shared': sqlalchemy.exists().where(tables.shared_zones.c.zone_id == _t.id)})

# What is asked most often is built once.
_keys = sqlalchemy.bindparam('keys', expanding=True)
_named = listing.select.where(_t.key.in_(_keys), _live).order_by(func.length(_t.key).desc())


def insert(tx: sqlalchemy.Connection, zone: resources.Zone) -> None:
    """Add a zone.

    :raises DBDuplicateEntry: when its pool has a zone of that name.
    """
    query.insert(tx, tables.zones, zone)


def get(tx: sqlalchemy.Connection, zone_id: str) -> resources.Zone:
    """The zone with that id.

    :raises ZoneNotFound: when there is none.
    """
    return _only(tx, zone_id, False)


def lock(tx: sqlalchemy.Connection, zone_id: str) -> resources.Zone:
    """The zone with that id, which no other writer can have until the transaction ends.

    :raises ZoneNotFound: when there is none.
    """
    with metrics.timed('database_wait_seconds', what='zone'):
        return _only(tx, zone_id, True)


def _only(tx: sqlalchemy.Connection, zone_id: str, lock: bool) -> resources.Zone:
    found = listing.all(tx, _by_id(lock), {'zone': zone_id})
    if not found:
        raise errors.ZoneNotFound()
    return found[0]


@functools.cache
def _by_id(lock: bool) -> sqlalchemy.Select:
    """What nearly everything else begins with."""
    select = listing.select.where(_t.id == sqlalchemy.bindparam('zone'), _live)
    return shared.prepared(select.with_for_update(of=tables.zones) if lock else select)


def visible(tx: sqlalchemy.Connection, project_id: str | None) -> list[Any]:
    """The conditions of what a project sees, shared zones too; None is every project."""
    if project_id is None:
        return [_live]
    whose = _t.project_id == project_id
    shared = shared_zones.zones_of(tx, project_id)
    if shared:      # The database reads the index of a project's zones only where this is all.
        whose = sqlalchemy.or_(whose, _t.id.in_(shared))
    return [_live, whose, _user]


def find(tx: sqlalchemy.Connection, project_id: str | None, filters: Mapping[str, str],
         page: query.Page) -> tuple[list[resources.Zone], int]:
    """One page of the zones that a project sees, and how many there are in all."""
    filters = dict(filters)
    where = visible(tx, project_id)
    is_named = names.valid(filters.get('name', ''))
    if is_named:
        where.append(_t.key == names.key(filters.pop('name')))
    where += listing.matching(filters)
    return listing.page(tx, where, page, few=is_named), listing.count(tx, where)


def enclosing(tx: sqlalchemy.Connection, key: str, pool_id: str | None = None,
              zone_id: str | None = None) -> resources.Zone | None:
    """The nearest served zone at or above the name with that key.

    :param pool_id: the pool to look in; None is any.
    :param zone_id: the one zone that it may be; None is any.
    """
    found = listing.all(tx, _enclosing(pool_id is not None, zone_id is not None), {
        'keys': names.at_or_above(key), 'pool': pool_id, 'zone': zone_id})
    return found[0] if found else None


@functools.cache
def _enclosing(of_pool: bool, is_one: bool) -> sqlalchemy.Select:
    """What each query that mdns answers begins with."""
    where = [_t.key.in_(_keys), _live, ~_t.deleting]
    if of_pool:
        where.append(_t.pool_id == sqlalchemy.bindparam('pool'))
    if is_one:
        where.append(_t.id == sqlalchemy.bindparam('zone'))
    return shared.prepared(
        listing.select.where(*where).order_by(func.length(_t.key).desc()).limit(1))


def named(tx: sqlalchemy.Connection, keys: Iterable[str]) -> list[resources.Zone]:
    """The zones with exactly those names, in any pool, longest name first."""
    return listing.all(tx, _named, {'keys': list(keys)})


def below(tx: sqlalchemy.Connection, key: str, project_id: str | None = None,
          not_project_id: str | None = None) -> resources.Zone | None:
    """A zone under the name with that key, of a project or of another than one."""
    low, high = names.subtree(key)
    where = [_t.key > low, _t.key < high, _live]
    if project_id is not None:
        where.append(_t.project_id == project_id)
    if not_project_id is not None:
        where.append(_t.project_id != not_project_id)
    found = listing.all(tx, listing.select.where(*where).limit(1))
    return found[0] if found else None


def all_below(tx: sqlalchemy.Connection, key: str) -> list[resources.Zone]:
    """Every zone under the name with that key, of any project."""
    low, high = names.subtree(key)
    return listing.all(tx, listing.select.where(_t.key > low, _t.key < high, _live))


def update(tx: sqlalchemy.Connection, zone_id: str, **values: Any) -> None:
    """Change columns of a zone."""
    query.update(tx, tables.zones, resources.Zone, zone_id, values)


def _greatest(column: sqlalchemy.Column, value: Any) -> sqlalchemy.Case:
    return case((column < value, value), else_=column)


# Every change leads here, and it takes longer to make than to run.
_shown, _told = (sqlalchemy.bindparam(name, type_=sqlalchemy.BigInteger)
                 for name in ('shown', 'told'))
_settling = tables.zones.update().where(
    _t.id == sqlalchemy.bindparam('zone'), _live, ~_t.deleting,
    _t.pool_id == sqlalchemy.bindparam('pool'), _t.serial >= _shown,
    sqlalchemy.or_(_t.settled_serial < _shown, _t.told_version < _told),
).values(settled_serial=_greatest(_t.settled_serial, _shown), failed=None,
         told_version=_greatest(_t.told_version, _told))


def settle(tx: sqlalchemy.Connection, zone_id: str, pool_id: str, serial: int,
           told_version: int) -> bool:
    """Record that enough name servers of a pool showed a serial; a late report does no harm.

    :param told_version: the version of the pool whose targets were told of the zone.
    Returns whether this was news.
    """
    done = tx.execute(_settling, {'zone': zone_id, 'pool': pool_id, 'shown': serial,
                                  'told': told_version})
    return done.rowcount > 0


def fail(tx: sqlalchemy.Connection, zone_id: str, serial: int, reason: str) -> bool:
    """Record that an operator must act, unless the serial has been settled or passed."""
    done = tx.execute(tables.zones.update().where(
        _t.id == zone_id, _live, _t.serial == serial, _t.pending, _t.failed.is_(None),
    ).values(failed=reason[:1000]))
    return done.rowcount > 0


def remove(tx: sqlalchemy.Connection, zone_id: str, now: datetime.datetime) -> bool:
    """Take a zone out of the service; its row and content wait for the purge."""
    done = tx.execute(tables.zones.update().where(_t.id == zone_id, _live).values(
        deleted=_t.id, deleted_at=now))
    return done.rowcount > 0


def known(tx: sqlalchemy.Connection, keys: Collection[str]) -> set[str]:
    """Those of the keys that are of a zone of any pool, or of one that was abandoned."""
    return set(tx.execute(sqlalchemy.select(_t.key).where(
        _t.key.in_(keys), sqlalchemy.or_(_live, ~_t.deleting))).scalars())


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete the row of a removed zone."""
    tx.execute(tables.zones.delete().where(_t.id == zone_id, _t.deleted != ''))


def of_pool(tx: sqlalchemy.Connection, pool_id: str) -> bool:
    """Whether a pool has zones, besides its catalog."""
    return tx.execute(sqlalchemy.select(_t.id).where(
        _t.pool_id == pool_id, _live, _user).limit(1)).first() is not None


def members(tx: sqlalchemy.Connection, pool_id: str) -> list[tuple[str, str]]:
    """Id and name of every zone that a pool is to carry, besides its catalog."""
    return [tuple(row) for row in tx.execute(sqlalchemy.select(_t.id, _t.name).where(
        _t.pool_id == pool_id, _live, ~_t.deleting, _user))]


def last_serial(tx: sqlalchemy.Connection, key: str) -> int:
    """The highest serial that a removed zone of that name had, 0 where there is none."""
    return tx.execute(sqlalchemy.select(func.max(_t.serial)).where(
        _t.key == key, _t.deleted != '')).scalar_one() or 0
