# SPDX-License-Identifier: Apache-2.0
"""Texts that are too long for one message of the bus, in pieces, until they have been read.

Those of a zone import stay while it is PENDING; all others, what a client that has gone away
left behind, are forgotten after a while.
"""
import datetime

import sqlalchemy

from designate_like.store import tables

_t = tables.chunks.c


def append(tx: sqlalchemy.Connection, text_id: str, number: int, content: bytes,
           now: datetime.datetime, project_id: str | None = None) -> None:
    """Keep a piece; ``number`` counts from 0.

    :param project_id: whose file it is, where that is to be counted.
    """
    tx.execute(tables.chunks.insert(), {
        'text_id': text_id, 'number': number, 'content': content, 'size': len(content),
        'project_id': project_id, 'created_at': now})


def held(tx: sqlalchemy.Connection, project_id: str) -> int:
    """How many bytes are kept for a project."""
    return int(tx.execute(sqlalchemy.select(sqlalchemy.func.coalesce(
        sqlalchemy.func.sum(_t.size), 0)).where(_t.project_id == project_id)).scalar_one())


def get(tx: sqlalchemy.Connection, text_id: str, number: int) -> bytes | None:
    """A piece, or None if it is not there."""
    return tx.execute(sqlalchemy.select(_t.content).where(
        _t.text_id == text_id, _t.number == number)).scalar_one_or_none()


def whole(tx: sqlalchemy.Connection, text_id: str) -> bytes:
    """All pieces, joined."""
    return b''.join(tx.execute(sqlalchemy.select(_t.content).where(
        _t.text_id == text_id).order_by(_t.number)).scalars())


def delete(tx: sqlalchemy.Connection, text_id: str) -> None:
    """Forget a text."""
    tx.execute(tables.chunks.delete().where(_t.text_id == text_id))


def left(tx: sqlalchemy.Connection, before: datetime.datetime, limit: int) -> list[str]:
    """Texts older than a moment that belong to no import."""
    imports = sqlalchemy.select(tables.zone_imports.c.id)
    return list(tx.execute(sqlalchemy.select(_t.text_id).distinct().where(
        _t.created_at < before, _t.text_id.not_in(imports)).limit(limit)).scalars())
