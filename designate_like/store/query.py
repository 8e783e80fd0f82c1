# SPDX-License-Identifier: Apache-2.0
"""Generic reading and writing of resources: by id, filtered, sorted, a page at a time."""
import functools
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple
from typing import TypeVar

import sqlalchemy
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import sqlite

from designate_like import errors
from designate_like.resources import base
from designate_like.resources import shards
from designate_like.resources import types
from designate_like.store import shared

R = TypeVar('R', bound=base.Resource)
Expression = Any
_ESCAPE = '|'
_ID = 'id of the row'       # the parameter; no column is called so
_COMPARISONS = {'<=': '__le__', '>=': '__ge__', '<': '__lt__', '>': '__gt__', '!': '__ne__'}


class Page(NamedTuple):
    """What a caller asked of a list; ``marker`` is the id of the last item it has seen."""
    marker: str | None = None
    limit: int = 20
    sort_key: str = 'created_at'
    sort_dir: str = 'asc'


class Listing:
    """How one resource is read: the columns, joins and expressions of its members.

    :param expressions: SQL for members that are not columns of ``table``, by name.
    :param computed: SQL for derived members, for filters and sorting only.
    """

    def __init__(self, kind: type[R], table: sqlalchemy.Table, source: Any = None,
                 expressions: Mapping[str, Expression] | None = None,
                 computed: Mapping[str, Expression] | None = None) -> None:
        self.kind = kind
        self.table = table
        joined = dict(expressions or {})
        stored = {name: table.c[name] for name in kind.FIELDS if kind.SPECS[name].stored}
        self.members: dict[str, Expression] = {**stored, **joined, **(computed or {})}
        columns = [joined[name].label(name) if name in joined else column
                   for name, column in {**stored, **joined}.items()]
        self.select = sqlalchemy.select(*columns).select_from(table if source is None else source)
        if source is not None:
            # The optimizer would begin with what is joined, where it believes that few rows of it
            # meet the conditions, and sort all that comes of it; so one page took seconds.
            for dialect in ('mysql', 'mariadb'):
                self.select = self.select.prefix_with('STRAIGHT_JOIN', dialect=dialect)

    def one(self, tx: sqlalchemy.Connection, *where: Expression, lock: bool = False) -> R | None:
        """The resource that the conditions name, or None; ``lock`` keeps other writers out."""
        query = self.select.where(*where)
        if lock:
            query = query.with_for_update(of=self.table)
        row = tx.execute(query).first()
        return None if row is None else self.kind.from_row(row._mapping)

    def all(self, tx: sqlalchemy.Connection, query: sqlalchemy.Select,
            values: Mapping[str, Any] | None = None) -> list[R]:
        """Every resource of a query made from ``self.select``; ``values`` are its parameters."""
        return [self.kind.from_row(row._mapping) for row in tx.execute(query, values)]

    def matching(self, filters: Mapping[str, str]) -> list[Expression]:
        """The conditions of a list's filters.

        :raises BadRequest: for a value that cannot be compared with its member.
        """
        return [condition(self.members[name], self.kind.SPECS[name].type, name, value)
                for name, value in filters.items()]

    def count(self, tx: sqlalchemy.Connection, where: list[Expression]) -> int:
        """How many match, over all pages."""
        query = self.select.with_only_columns(sqlalchemy.func.count()).where(*where)
        return tx.execute(query).scalar_one()

    def page(self, tx: sqlalchemy.Connection, where: list[Expression], page: Page,
             few: bool = False) -> list[R]:
        """The items of one page.

        :param few: so few meet the conditions that they are to be sorted; SQLite would rather look
            for them among all, where an index has those in order.
        :raises MarkerNotFound: when no item of the list has the marker's id.
        """
        member, id_ = self.members[page.sort_key], self.table.c.id
        if self._nullable(page.sort_key):
            member = sqlalchemy.func.coalesce(member, self._lowest(page.sort_key))
        elif few:
            member = sqlalchemy.func.coalesce(member, member)
        query = self.select.where(*where)
        descending = page.sort_dir == 'desc'
        if page.marker:
            seen = tx.execute(self.select.with_only_columns(member).where(
                id_ == page.marker)).first()
            if seen is None:
                raise errors.MarkerNotFound(f'Marker {page.marker} could not be found')
            value = seen[0]
            query = query.where(
                member <= value if descending else member >= value,
                sqlalchemy.or_(member < value if descending else member > value,
                               id_ < page.marker if descending else id_ > page.marker))
        order = (member.desc(), id_.desc()) if descending else (member, id_)
        return self.all(tx, query.order_by(*order).limit(page.limit))

    def _nullable(self, name: str) -> bool:
        return name in ('updated_at', 'ttl')

    def _lowest(self, name: str) -> Expression:
        kind = self.kind.SPECS[name].type
        return sqlalchemy.literal(-1) if isinstance(kind, types.Integer) \
            else sqlalchemy.literal('0001-01-01 00:00:00.000000')


def like(pattern: str) -> str:
    """The LIKE pattern of a filter in which ``*`` stands for any run of characters."""
    for special in (_ESCAPE, '%', '_'):
        pattern = pattern.replace(special, _ESCAPE + special)
    return pattern.replace('*', '%')


def condition(member: Expression, kind: types.Type, name: str, text: str) -> Expression:
    """The SQL of one filter: equality, ``*`` wildcards, ``!``, ``<``, ``BETWEEN a,b`` ..."""
    if kind.caseless:
        member = sqlalchemy.func.lower(member)
    if not text.isascii():  # MariaDB refuses to compare that with a column of ASCII.
        member = sqlalchemy.cast(member, sqlalchemy.Unicode)

    def value(raw: str) -> Any:
        if kind.caseless:
            return raw.lower()
        try:
            return kind.parse(raw) if isinstance(kind, types.Integer) else raw
        except ValueError as problem:
            raise errors.BadRequest(f'Invalid value for filter {name}: {problem}') from None
    if text.startswith('BETWEEN ') and text.count(',') == 1:
        low, high = text.removeprefix('BETWEEN ').split(',')
        return member.between(value(low), value(high))
    for prefix, operator in _COMPARISONS.items():
        if text.startswith(prefix):
            return getattr(member, operator)(value(text.removeprefix(prefix)))
    if '*' in text:
        return member.ilike(like(text), escape=_ESCAPE)
    return member == value(text)


def in_shards(id_: Expression, shards_: tuple[int, int]) -> Expression:
    """The condition that an id is of a half-open range of shards."""
    low, high = shards.bounds(shards_)
    return sqlalchemy.and_(id_ >= low, id_ < high)


def ensure(tx: sqlalchemy.Connection, table: sqlalchemy.Table, row: Mapping[str, Any],
           **otherwise: Expression) -> None:
    """Add a row or, where there is one that it would repeat, change that.

    No other writer comes in between.

    :param otherwise: the columns to change; without any, the row stays as it is.
    """
    key = table.primary_key.columns
    if tx.dialect.name == 'sqlite':
        added = sqlite.insert(table)
        added = added.on_conflict_do_update(index_elements=list(key), set_=otherwise) \
            if otherwise else added.on_conflict_do_nothing()
    else:       # INSERT IGNORE would cut off what is too long, too.
        added = mysql.insert(table).on_duplicate_key_update(otherwise or {key[0].name: key[0]})
    tx.execute(added, row)


def insert(tx: sqlalchemy.Connection, table: sqlalchemy.Table, thing: base.Resource,
           **more: Any) -> None:
    """Add a row for a resource, with ``more`` columns that are not members of it."""
    tx.execute(_insert(table), {**thing.to_row(), **more})


def update(tx: sqlalchemy.Connection, table: sqlalchemy.Table, kind: type[base.Resource], id_: str,
           values: Mapping[str, Any]) -> None:
    """Change members of the row with that id."""
    tx.execute(_update(table), {_ID: id_, **{
        name: kind.SPECS[name].type.to_row(value) if name in kind.SPECS else value
        for name, value in values.items()}})


# To make a statement takes longer than to run it.
@functools.cache
def _insert(table: sqlalchemy.Table) -> sqlalchemy.Insert:
    return shared.prepared(table.insert())


@functools.cache
def _update(table: sqlalchemy.Table) -> sqlalchemy.Update:
    return shared.prepared(table.update().where(table.c.id == sqlalchemy.bindparam(_ID)))
