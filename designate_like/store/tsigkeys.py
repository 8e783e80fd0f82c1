# SPDX-License-Identifier: Apache-2.0
"""TSIG keys in the database."""
from collections.abc import Collection

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.tsigkeys.c
repository = base.Repository(resources.Tsigkey, tables.tsigkeys, errors.TsigkeyNotFound,
                             errors.DuplicateTsigkey)


def named(tx: sqlalchemy.Connection, wire_name: str) -> resources.Tsigkey | None:
    """The key of that name, compared as TSIG does: without case and final dot."""
    bare = wire_name.removesuffix('.')
    found = repository.where(tx, sqlalchemy.func.lower(_t.name).in_([bare, f'{bare}.']))
    return found[0] if found else None


def of_pool(tx: sqlalchemy.Connection, pool_id: str) -> bool:
    """Whether a key opens the zones of that pool."""
    return bool(repository.where(tx, _t.scope == 'POOL', _t.resource_id == pool_id))


def of_zone(tx: sqlalchemy.Connection, zone_id: str) -> resources.Tsigkey | None:
    """The key that opens one zone, the oldest of several."""
    return next(iter(opening(tx, zone_id)), None)


def some(tx: sqlalchemy.Connection, ids: Collection[str | None]) -> list[resources.Tsigkey]:
    """Those of the ids that there are."""
    return repository.where(tx, _t.id.in_(ids))


def opening(tx: sqlalchemy.Connection, zone_id: str) -> list[resources.Tsigkey]:
    """The keys that open one zone, the oldest first."""
    found = repository.where(tx, _t.scope == 'ZONE', _t.resource_id == zone_id)
    return sorted(found, key=lambda each: each.created_at)
