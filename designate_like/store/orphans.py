# SPDX-License-Identifier: Apache-2.0
"""Zones that were found on servers which should not have them any more."""
import datetime
from collections.abc import Collection
from typing import Any

import sqlalchemy

from designate_like.store import tables

_t = tables.orphans.c


def every(tx: sqlalchemy.Connection) -> list[dict[str, Any]]:
    """All of them, by server: ``pool_id``, ``host``, ``port``, ``name``, ``since``."""
    return [dict(row._mapping) for row in tx.execute(
        tables.orphans.select().order_by(_t.pool_id, _t.host, _t.port, _t.name))]


def at(tx: sqlalchemy.Connection, pool_id: str, host: str, port: int) -> list[str]:
    """The names of those at a server of a pool."""
    return list(tx.execute(sqlalchemy.select(_t.name).where(
        *_server(pool_id, host, port)).order_by(_t.name)).scalars())


def add(tx: sqlalchemy.Connection, pool_id: str, host: str, port: int, names: Collection[str],
        now: datetime.datetime) -> None:
    """Remember that zones were found at a server.

    :raises DBDuplicateEntry: when one of them is known already.
    """
    if names:
        tx.execute(tables.orphans.insert(), [
            {'pool_id': pool_id, 'host': host, 'port': port, 'name': name, 'since': now}
            for name in names])


def forget(tx: sqlalchemy.Connection, pool_id: str, host: str, port: int,
           names: Collection[str]) -> None:
    """Zones are not at a server any more."""
    tx.execute(tables.orphans.delete().where(*_server(pool_id, host, port), _t.name.in_(names)))


def keep(tx: sqlalchemy.Connection, pool_id: str, servers: Collection[tuple[str, int]]) -> None:
    """Forget what was found at other servers of a pool than these."""
    tx.execute(tables.orphans.delete().where(
        _t.pool_id == pool_id, sqlalchemy.tuple_(_t.host, _t.port).not_in(servers)))


def _server(pool_id: str, host: str, port: int) -> list[Any]:
    return [_t.pool_id == pool_id, _t.host == host, _t.port == port]
