# SPDX-License-Identifier: Apache-2.0
"""What each name server has shown of each zone; reports may come late, twice, in any order."""
import datetime
import functools
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import case
from sqlalchemy import or_
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import sqlite

from designate_like import resources
from designate_like.store import shared
from designate_like.store import tables

_table = tables.receipts
_t = _table.c

# How old a receipt may become before one that says the same again is written.
FRESH = datetime.timedelta(minutes=5)


def record(tx: sqlalchemy.Connection, receipts: Sequence[resources.Receipt]) -> None:
    """Write receipts in one statement; none replaces what was seen later."""
    if receipts:        # In one order, so that writers do not wait for each other in a circle.
        rows = sorted((each.to_row() for each in receipts),
                      key=lambda row: (row['zone_id'], row['host'], row['port']))
        tx.execute(_newer_wins(tx.dialect.name), rows)


@functools.cache        # To build it takes longer than to execute it.
def _newer_wins(dialect: str) -> sqlalchemy.Executable:
    if dialect == 'sqlite':
        lite = sqlite.insert(_table)
        return shared.prepared(lite.on_conflict_do_update(
            index_elements=list(_table.primary_key), set_=dict(_changes(lite.excluded))))
    # It sets one after the other, so a time is set after what depends on it.
    maria = mysql.insert(_table)
    return shared.prepared(maria.on_duplicate_key_update(_changes(maria.inserted)))


def _changes(new: Any) -> list[tuple[str, Any]]:
    pairs = []
    for value, time in ((_t.serial, _t.seen_at), (_t.error, _t.failed_at)):
        newer = or_(time.is_(None), time < new[time.name])
        pairs += [(each.name, case((newer, new[each.name]), else_=each))
                  for each in (value, time)]
    return pairs


def news(tx: sqlalchemy.Connection,
         receipts: Iterable[resources.Receipt]) -> list[resources.Receipt]:
    """Those that say something else than is known, or the same after a while.

    Those of zones that are gone for good are left out.
    """
    receipts = list(receipts)
    ids = sorted({each.zone_id for each in receipts})
    zones = tables.zones.c
    there = set(tx.execute(sqlalchemy.select(zones.id).where(zones.id.in_(ids))).scalars())
    known = {(each.zone_id, each.host, each.port): each
             for each in _found(tx, _t.zone_id.in_(ids))}
    return [each for each in receipts if each.zone_id in there and _is_news(
        each, known.get((each.zone_id, each.host, each.port)))]


def _is_news(receipt: resources.Receipt, known: resources.Receipt | None) -> bool:
    if known is None:
        return True
    if receipt.seen_at is None:     # It stays silent, or becomes so.
        return known.state(0) != receipt.state(0) or known.error != receipt.error
    same = (known.serial, known.problem) == (receipt.serial, receipt.problem)
    return not same or known.seen_at is None or receipt.seen_at - known.seen_at > FRESH


def of_zone(tx: sqlalchemy.Connection, zone_id: str) -> list[resources.Receipt]:
    """All receipts of a zone, those of servers that are not its pool's any more too."""
    return _found(tx, _t.zone_id == zone_id)


def _found(tx: sqlalchemy.Connection,
           where: sqlalchemy.ColumnElement[bool]) -> list[resources.Receipt]:
    return [resources.Receipt.from_row(row._mapping)
            for row in tx.execute(_table.select().where(where))]


def forget(tx: sqlalchemy.Connection, zone_id: str) -> None:
    """Delete the receipts of a zone."""
    tx.execute(_table.delete().where(_t.zone_id == zone_id))
