# SPDX-License-Identifier: Apache-2.0
"""The journal: how each version of a zone differs from the one before it."""
import datetime

import sqlalchemy
from sqlalchemy import func

from designate_like import resources
from designate_like.store import tables

_t = tables.journal.c
_RECORD_SIZE = 40       # bytes that a record costs in a whole transfer, roughly
_SMALL = 65536          # bytes of differences that are always worth sending


def append(tx: sqlalchemy.Connection, zone_id: str, base: int, serial: int,
           removed: bytes | None, added: bytes | None, now: datetime.datetime) -> None:
    """Write what leads from serial ``base`` to ``serial``; None where that is not kept."""
    tx.execute(tables.journal.insert(), {
        'zone_id': zone_id, 'base': base, 'serial': serial, 'removed': removed, 'added': added,
        'created_at': now})


def since(tx: sqlalchemy.Connection, zone: resources.Zone,
          serial32: int) -> list[tuple[bytes, bytes]] | None:
    """The differences from a serial of the DNS to the zone's, oldest first.

    Each is (removed, added): whole resource records, the SOAs first (RFC 1995 section 4).
    None when the journal does not reach that far or a whole transfer is the smaller one.
    """
    asked = zone.serial - (zone.serial - serial32) % 2**32
    if asked == zone.serial:
        return []
    where = (_t.zone_id == zone.id, _t.base >= asked, _t.serial <= zone.serial)
    size = tx.execute(sqlalchemy.select(
        func.sum(func.length(_t.removed) + func.length(_t.added))).where(*where)).scalar_one()
    if size is None or size > max(_SMALL, zone.record_count * _RECORD_SIZE):
        return None
    differences, reached = [], asked
    for row in tx.execute(tables.journal.select().where(*where).order_by(_t.serial)):
        if row.base != reached or row.removed is None:
            return None
        differences.append((row.removed, row.added))
        reached = row.serial
    return differences if reached == zone.serial else None


def trim(tx: sqlalchemy.Connection, before: datetime.datetime, limit: int) -> int:
    """Delete some entries that are older than a moment; returns how many."""
    some = tx.execute(sqlalchemy.select(_t.zone_id, _t.serial).where(
        _t.created_at < before).limit(limit)).all()
    for zone_id, serial in some:
        tx.execute(tables.journal.delete().where(_t.zone_id == zone_id, _t.serial == serial))
    return len(some)


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete every entry of a zone."""
    tx.execute(tables.journal.delete().where(_t.zone_id == zone_id))
