# SPDX-License-Identifier: Apache-2.0
"""Turns in making zones: a row for each registrable domain, that is for the last two labels.

A row may go at any time: who finds none makes it, and of two who make, change or delete the same
row, also at two nodes of a cluster, only one commits at a time.
"""
import sqlalchemy

from designate_like.resources import names
from designate_like.store import query
from designate_like.store import tables

_row = tables.name_locks
_t = tables.zones.c


def take(tx: sqlalchemy.Connection, key: str) -> None:
    """Wait for, and keep out, everyone who creates a zone in the same registrable domain.

    Unrelated names never wait for each other.
    """
    query.ensure(tx, _row, {'name': _domain(key), 'turn': 0}, turn=_row.c.turn + 1)


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete the row of a zone whose own row is about to go, if it was the domain's last."""
    key = tx.execute(sqlalchemy.select(_t.key).where(_t.id == zone_id)).scalar()
    if key is None:     # Another central has purged it.
        return
    name = _domain(key)
    _, end = names.subtree(name)
    others = sqlalchemy.exists().where(_t.key >= name, _t.key < end, _t.id != zone_id)
    tx.execute(_row.delete().where(_row.c.name == name, ~others))


def _domain(key: str) -> str:
    return '.'.join(key.split('.')[:2]) + '.'
