# SPDX-License-Identifier: Apache-2.0
"""Owners in the database: in which recordsets each has records, and when it last said so."""
import datetime
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy

from designate_like import resources
from designate_like.store import query
from designate_like.store import recordsets
from designate_like.store import tables

_t = tables.owners.c


class Place(NamedTuple):
    """A recordset in which an owner has records, or has had."""
    zone_id: str
    recordset_id: str


class Held(NamedTuple):
    """What is known of an owner."""
    places: list[Place]
    told_at: datetime.datetime


def lock(tx: sqlalchemy.Connection, owner: resources.Owner, when: datetime.datetime) -> Held:
    """What is known of an owner; nobody else changes it until the transaction ends.

    :param when: the time of the first news of a new owner.
    """
    ask = tables.owners.select().where(_t.id == owner.key).with_for_update()
    row = tx.execute(ask).first()
    if row is None:
        query.ensure(tx, tables.owners, {'id': owner.key, 'told_at': when})
        row = tx.execute(ask).one()
    return Held([Place(*each) for each in row.places or ()], row.told_at)


def keep(tx: sqlalchemy.Connection, owner: resources.Owner, places: Iterable[Place],
         told_at: datetime.datetime) -> None:
    """Say where an owner has records now."""
    tx.execute(tables.owners.update().where(_t.id == owner.key).values(
        places=[list(each) for each in places] or None, told_at=told_at))


def records(tx: sqlalchemy.Connection, places: Iterable[Place]) -> list[resources.Recordset]:
    """The recordsets at these places that are still there."""
    return recordsets.listing.all(tx, recordsets.listing.select.where(
        tables.recordsets.c.id.in_([each.recordset_id for each in places]),
        tables.zones.c.deleted == ''))


def forget(tx: sqlalchemy.Connection, before: datetime.datetime, limit: int) -> int:
    """Drop some owners that have had no records since then; returns how many."""
    some = list(tx.execute(sqlalchemy.select(_t.id).where(
        _t.places.is_(sqlalchemy.null()), _t.told_at < before).limit(limit)).scalars())
    tx.execute(tables.owners.delete().where(_t.id.in_(some)))
    return len(some)
