# SPDX-License-Identifier: Apache-2.0
"""Whether a transaction was committed whose COMMIT got no answer.

Every transaction of MariaDB leaves its number in a row that its connection has for itself. When
a node dies or is cut off during a COMMIT, that row tells afterwards what has become of it. Who
looks also writes to the row: should the COMMIT still be under way somewhere, the two conflict
and only one of them succeeds, so the answer is final.
"""
import datetime
import uuid
from typing import Any
from typing import NamedTuple

import sqlalchemy
from oslo_utils import timeutils
from sqlalchemy.dialects import mysql

from designate_like.store import tables

_t = tables.commits.c
_insert = mysql.insert(tables.commits)
_signing = _insert.on_duplicate_key_update(number=_insert.inserted.number,
                                           signed_at=_insert.inserted.signed_at)
_CLOSED = -1
_KEPT = datetime.timedelta(days=1)      # longer than any connection is used


class Mark(NamedTuple):
    """The number of a transaction on a connection."""
    connection_id: str
    number: int


def sign(tx: sqlalchemy.Connection) -> Mark:
    """Leave the number of this transaction, as the last thing before its COMMIT."""
    now = timeutils.utcnow(with_timezone=False)
    info: dict[Any, Any] = tx.info      # lasts as long as the connection
    connection_id, number = info.get(__name__) or (str(uuid.uuid4()), 0)
    if not number:
        tx.execute(tables.commits.delete().where(_t.signed_at < now - _KEPT))
    info[__name__] = mark = Mark(connection_id, number + 1)
    _write(tx, mark, now)
    return mark


def settle(tx: sqlalchemy.Connection, mark: Mark) -> bool:
    """Whether that transaction was committed; if it was not, it cannot be any more.

    That holds once the transaction which asks is committed.
    """
    found = tx.execute(sqlalchemy.select(_t.number).where(
        _t.connection_id == mark.connection_id).with_for_update()).scalar()
    if found == mark.number:
        return True
    _write(tx, mark._replace(number=_CLOSED), timeutils.utcnow(with_timezone=False))
    return False


def _write(tx: sqlalchemy.Connection, mark: Mark, now: datetime.datetime) -> None:
    tx.execute(_signing, {**mark._asdict(), 'signed_at': now})
