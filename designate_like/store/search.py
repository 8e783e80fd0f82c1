# SPDX-License-Identifier: Apache-2.0
"""Searching recordsets by what their records say, in whatever case, as all wildcards do."""
from typing import Any

import sqlalchemy
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy.ext import compiler
from sqlalchemy.sql import expression

from designate_like.resources import serials
from designate_like.resources import soa
from designate_like.store import query
from designate_like.store import tables

_t = tables.recordsets.c
_zone = tables.zones.c


class _Stored(expression.ColumnElement):
    """Whether any record of a recordset is LIKE a pattern."""
    inherit_cache = False
    type = sqlalchemy.Boolean()

    def __init__(self, pattern: str) -> None:
        self.pattern = sqlalchemy.literal(pattern)


@compiler.compiles(_Stored, 'sqlite')
def _stored_sqlite(element: _Stored, compiled: Any, **kw: Any) -> str:
    return (f'EXISTS (SELECT 1 FROM json_each({compiled.process(_t.records, **kw)}) AS record '
            f"WHERE record.value LIKE {compiled.process(element.pattern, **kw)} ESCAPE '|')")


@compiler.compiles(_Stored, 'mysql', 'mariadb')
def _stored_mysql(element: _Stored, compiled: Any, **kw: Any) -> str:
    return (f'EXISTS (SELECT 1 FROM JSON_TABLE({compiled.process(_t.records, **kw)}, '
            "'$[*]' COLUMNS (value TEXT PATH '$')) AS record "
            f"WHERE LOWER(record.value) LIKE LOWER({compiled.process(element.pattern, **kw)}) "
            "ESCAPE '|')")


def _soa_text() -> sqlalchemy.ColumnElement[str]:
    """What ``resources.soa.text`` makes of a zone, for searches."""
    at = func.instr(_zone.email, '@')
    local, domain = func.substr(_zone.email, 1, at - 1), func.substr(_zone.email, at + 1)
    rname = func.replace(local, '.', '\\.') + '.' + domain + '.'
    text = func.coalesce(_zone.mname, soa.NO_MNAME) + ' ' + rname
    for number in (_zone.serial % serials.MODULUS, _zone.refresh, _zone.retry, _zone.expire,
                   _zone.minimum):
        text = text + ' ' + sqlalchemy.cast(number, sqlalchemy.String)
    return text


def any_record(data: str) -> sqlalchemy.ColumnElement[bool]:
    """Whether any record, as users see it, is what a filter says."""
    pattern = query.like(data)
    return case((_t.type == 'SOA', _soa_text().ilike(pattern, escape='|')),
                else_=_Stored(pattern))
