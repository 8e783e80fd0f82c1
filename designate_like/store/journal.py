# SPDX-License-Identifier: Apache-2.0
"""The journal: how each version of a zone differs from the one before it."""
import datetime
from collections.abc import Iterator

import sqlalchemy
from sqlalchemy import func

from designate_like import resources
from designate_like.store import query
from designate_like.store import tables

Difference = tuple[bytes, bytes]    # removed, added: resource records, the SOA first in each

# Bytes of differences that are always worth keeping: so many may net out to very few.
SMALL = 2**20
_RECORD_SIZE = 40       # bytes that a record costs in a whole transfer, roughly
_t = tables.journal.c
_zone = tables.zones.c


def _appending() -> sqlalchemy.Insert:
    """Adds an entry that begins where the one before it ends; every change comes here."""
    before = tables.journal.alias('before')
    begins = func.coalesce(func.max(before.c.ends), 0)
    given = ('zone_id', 'serial', 'base', 'removed', 'added', 'created_at')
    return tables.journal.insert().from_select(
        [*given, 'begins', 'ends'],
        sqlalchemy.select(
            *(sqlalchemy.bindparam(name, type_=_t[name].type) for name in given),
            begins, begins + sqlalchemy.bindparam('size', type_=_t.ends.type),
        ).where(before.c.zone_id == sqlalchemy.bindparam('zone_id'),
                before.c.serial == sqlalchemy.bindparam('base')))


_append = _appending()


def append(tx: sqlalchemy.Connection, zone_id: str, base: int, serial: int,
           removed: bytes | None, added: bytes | None, now: datetime.datetime) -> None:
    """Write what leads from serial ``base`` to ``serial``; None where that is not kept."""
    tx.execute(_append, {
        'zone_id': zone_id, 'base': base, 'serial': serial, 'removed': removed, 'added': added,
        'size': len(removed or b'') + len(added or b''), 'created_at': now})


def whole_size(record_count: int) -> int:
    """The bytes that a whole transfer of so many records takes, roughly, and never next to none.

    More than that is not worth sending as differences.
    """
    return max(2**16, record_count * _RECORD_SIZE)


def size(tx: sqlalchemy.Connection, zone: resources.Zone, serial32: int,
         most: int | None = None) -> int | None:
    """The bytes of the differences from a serial of the DNS to the zone's.

    None when the journal does not lead from there, or holds more than ``most``, by default what
    is ever sent.
    """
    reached, total = _asked(zone, serial32), 0
    if most is None:
        most = max(SMALL, whole_size(zone.record_count))
    for base, serial, length in _rows(
            tx, zone, serial32, _t.base, _t.serial, _t.ends - _t.begins):
        total += length
        if base != reached or not length or total > most:
            return None
        reached = serial
    return total if reached == zone.serial else None


def since(tx: sqlalchemy.Connection, zone: resources.Zone,
          serial32: int) -> Iterator[Difference]:
    """The differences that :func:`size` counts, oldest first, one at a time in memory."""
    for row in _rows(tx, zone, serial32, _t.removed, _t.added):
        yield row.removed, row.added


def _asked(zone: resources.Zone, serial32: int) -> int:
    return zone.serial - (zone.serial - serial32) % 2**32


def _rows(tx: sqlalchemy.Connection, zone: resources.Zone, serial32: int,
          *columns: sqlalchemy.ColumnElement) -> Iterator[sqlalchemy.Row]:
    rows = tx.execution_options(stream_results=True, yield_per=100).execute(
        sqlalchemy.select(*columns).where(
            _t.zone_id == zone.id, _t.serial > _asked(zone, serial32), _t.serial <= zone.serial,
        ).order_by(_t.serial))
    try:
        yield from rows
    finally:
        rows.close()


def trim(tx: sqlalchemy.Connection, before: datetime.datetime, limit: int) -> int:
    """Delete some entries that are older than a moment; returns how many."""
    some = tx.execute(sqlalchemy.select(_t.zone_id, _t.serial).where(
        _t.created_at < before).limit(limit)).all()
    tx.execute(tables.journal.delete().where(
        sqlalchemy.tuple_(_t.zone_id, _t.serial).in_([tuple(each) for each in some])))
    return len(some)


def large(tx: sqlalchemy.Connection, shards: tuple[int, int], marker: str, count: int,
          most: int) -> tuple[list[tuple[str, int]], str | None]:
    """Of some zones, by id, those whose entries take more than they may.

    :param marker: the id after which to begin.
    :param count: how many zones to look at.
    :param most: bytes that the entries of any zone may take.
    :return: each one's id with the last serial that is too much, and the next marker; None at
        the end.
    """
    some = tx.execute(sqlalchemy.select(
        _zone.id, _zone.record_count, _end(_t.begins, _t.serial), _end(_t.ends, _t.serial.desc()),
    ).where(_zone.id > marker, query.in_shards(_zone.id, shards)).order_by(
        _zone.id).limit(count)).all()
    over = []
    for zone_id, record_count, begins, ends in some:
        may = min(most, max(SMALL, whole_size(record_count)))
        if ends is not None and ends - begins > may:
            over.append((zone_id, _surplus(tx, zone_id, ends - may)))
    return over, some[-1].id if len(some) == count else None


def _end(column: sqlalchemy.Column, order: sqlalchemy.ColumnElement) -> sqlalchemy.ScalarSelect:
    """What the first entry of a zone in that order says; nothing else is read."""
    return sqlalchemy.select(column).where(_t.zone_id == _zone.id).order_by(
        order).limit(1).scalar_subquery()


def _surplus(tx: sqlalchemy.Connection, zone_id: str, kept: int) -> int:
    """The serial of the newest entry that must go, as it begins before what may be kept."""
    return tx.execute(sqlalchemy.select(_t.serial).where(
        _t.zone_id == zone_id, _t.begins < kept).order_by(
            _t.serial.desc()).limit(1)).scalar_one()


def trim_zone(tx: sqlalchemy.Connection, zone_id: str, serial: int, limit: int) -> int:
    """Delete some of a zone's entries up to that serial, the oldest; returns how many."""
    some = tx.execute(sqlalchemy.select(_t.serial).where(
        _t.zone_id == zone_id, _t.serial <= serial).order_by(_t.serial).limit(limit)).scalars()
    gone = list(some)
    tx.execute(tables.journal.delete().where(_t.zone_id == zone_id, _t.serial.in_(gone)))
    return len(gone)


def made_after(tx: sqlalchemy.Connection, zone_id: str,
               serial: int) -> datetime.datetime | None:
    """When the first version after a serial (64 bits) was made; None when that is not kept."""
    row = tx.execute(sqlalchemy.select(_t.base, _t.created_at).where(
        _t.zone_id == zone_id, _t.serial > serial).order_by(_t.serial).limit(1)).first()
    return row.created_at if row is not None and row.base <= serial else None


def last_gap(tx: sqlalchemy.Connection, zone_id: str) -> datetime.datetime | None:
    """When the latest version was made whose difference was not kept, if there is one."""
    return tx.execute(sqlalchemy.select(func.max(_t.created_at)).where(
        _t.zone_id == zone_id, _t.begins == _t.ends)).scalar_one()


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete every entry of a zone."""
    tx.execute(tables.journal.delete().where(_t.zone_id == zone_id))
