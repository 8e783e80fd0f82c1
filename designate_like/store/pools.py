# SPDX-License-Identifier: Apache-2.0
"""Pools in the database."""
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.store import query
from designate_like.store import tables

_t = tables.pools.c
listing = query.Listing(resources.Pool, tables.pools)

# What is asked most often is built once.
_by_id = listing.select.where(_t.id == sqlalchemy.bindparam('pool'))
_every = listing.select.order_by(_t.name)


def insert(tx: sqlalchemy.Connection, pool: resources.Pool) -> None:
    """Add a pool.

    :raises DBDuplicateEntry: when there is one of that id or name.
    """
    query.insert(tx, tables.pools, pool)


def get(tx: sqlalchemy.Connection, pool_id: str, lock: bool = False) -> resources.Pool:
    """The pool with that id.

    :raises PoolNotFound: when there is none.
    """
    select = _by_id.with_for_update(of=tables.pools) if lock else _by_id
    found = listing.all(tx, select, {'pool': pool_id})
    if not found:
        raise errors.PoolNotFound()
    return found[0]


def named(tx: sqlalchemy.Connection, name: str) -> resources.Pool | None:
    """The pool of that name, or None."""
    return listing.one(tx, _t.name == name)


def every(tx: sqlalchemy.Connection) -> list[resources.Pool]:
    """All pools, by name."""
    return listing.all(tx, _every)


def find(tx: sqlalchemy.Connection, filters: Mapping[str, str],
         page: query.Page) -> tuple[list[resources.Pool], int]:
    """One page of pools, and how many there are in all."""
    where = listing.matching(filters)
    return listing.page(tx, where, page), listing.count(tx, where)


def update(tx: sqlalchemy.Connection, pool_id: str, **values: Any) -> None:
    """Change columns of a pool.

    :raises DBDuplicateEntry: when another pool has the new name.
    """
    query.update(tx, tables.pools, resources.Pool, pool_id, values)


def renew(tx: sqlalchemy.Connection, tsigkey_id: str) -> None:
    """Make a new version of each pool that has servers with that key."""
    for pool in every(tx):
        if any(each.tsigkey_id == tsigkey_id for each in (*pool.nameservers, *pool.targets)):
            tx.execute(tables.pools.update().where(_t.id == pool.id).values(
                version=_t.version + 1))


def delete(tx: sqlalchemy.Connection, pool_id: str) -> None:
    """Delete a pool; there is nobody left who could be told what has moved away from it."""
    for table in (tables.departures, tables.orphans):
        tx.execute(table.delete().where(table.c.pool_id == pool_id))
    tx.execute(tables.pools.delete().where(_t.id == pool_id))


def seed(tx: sqlalchemy.Connection, pool: resources.Pool) -> bool:
    """Add a first pool to a database that has none; returns whether it did."""
    if tx.execute(sqlalchemy.select(_t.id).limit(1)).first() is not None:
        return False
    insert(tx, pool)
    return True
