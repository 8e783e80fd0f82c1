# SPDX-License-Identifier: Apache-2.0
"""Pools that zones have left and whose servers are still to be told."""
import sqlalchemy
from sqlalchemy import or_

from designate_like import resources
from designate_like.store import query
from designate_like.store import tables
from designate_like.store import zones

_t = tables.departures.c
_zone = tables.zones.c


def add(tx: sqlalchemy.Connection, zone_id: str, pool_id: str, serial: int) -> None:
    """Record that a zone moves away from a pool, with the version of that serial."""
    tx.execute(tables.departures.insert(), {
        'zone_id': zone_id, 'pool_id': pool_id, 'serial': serial})


def done(tx: sqlalchemy.Connection, zone_id: str, pool_id: str) -> bool:
    """Forget a departure: the pool's servers were told, or are to carry the zone again."""
    return tx.execute(tables.departures.delete().where(
        _t.zone_id == zone_id, _t.pool_id == pool_id)).rowcount > 0


def forget(tx: sqlalchemy.Connection, zone_id: str) -> list[str]:
    """Forget all departures of a zone; returns the pools that it was leaving."""
    left = list(tx.execute(sqlalchemy.select(_t.pool_id).where(_t.zone_id == zone_id)).scalars())
    tx.execute(tables.departures.delete().where(_t.zone_id == zone_id))
    return left


def named(tx: sqlalchemy.Connection, pool_id: str, key: str) -> list[str]:
    """The ids of zones of a name that are still to be taken away from a pool."""
    return list(tx.execute(sqlalchemy.select(_t.zone_id).join(
        tables.zones, _zone.id == _t.zone_id).where(
        _t.pool_id == pool_id, _zone.key == key)).scalars())


def due(tx: sqlalchemy.Connection, shards: tuple[int, int],
        limit: int) -> list[tuple[resources.Zone, str, int]]:
    """Zones of a half-open range of shards, and the pools from which they can be taken away.

    That is when the servers of the new pool have shown the zone, or the zone itself goes. Each
    pool is given by its id and its version.
    """
    found = tx.execute(zones.listing.select.add_columns(
        _t.pool_id.label('left'), tables.pools.c.version.label('left_version')).join(
        tables.departures, _t.zone_id == _zone.id).join(
        tables.pools, tables.pools.c.id == _t.pool_id).where(
        or_(_zone.settled_serial >= _t.serial, _zone.deleting),
        query.in_shards(_t.zone_id, shards)).limit(limit))
    departures = []
    for row in found:
        values = dict(row._mapping)
        left, version = values.pop('left'), values.pop('left_version')
        departures.append((resources.Zone.from_row(values), left, version))
    return departures
