# SPDX-License-Identifier: Apache-2.0
"""What the tables of simple nouns have in common: the five verbs, by id."""
from collections.abc import Mapping
from typing import Any
from typing import Generic

import sqlalchemy
from oslo_db import exception

from designate_like import errors
from designate_like.store import query
from designate_like.store.query import R


class Repository(Generic[R]):
    """The rows of one resource, each with its own id.

    :param joined: what :class:`query.Listing` takes for members that other tables hold.
    """

    def __init__(self, kind: type[R], table: sqlalchemy.Table, missing: type[errors.NotFound],
                 duplicate: type[errors.Conflict], **joined: Any) -> None:
        self._kind = kind
        self._table = table
        self._missing = missing
        self._duplicate = duplicate
        self._listing = query.Listing(kind, table, **joined)

    def insert(self, tx: sqlalchemy.Connection, thing: R) -> None:
        """Add a row.

        :raises Conflict: the noun's, when a unique member is taken.
        """
        try:
            query.insert(tx, self._table, thing)
        except exception.DBDuplicateEntry:
            raise self._duplicate() from None

    def get(self, tx: sqlalchemy.Connection, id_: str, lock: bool = False) -> R:
        """The one with that id.

        :raises NotFound: the noun's, when there is none.
        """
        thing = self._listing.one(tx, self._table.c.id == id_, lock=lock)
        if thing is None:
            raise self._missing()
        return thing

    def where(self, tx: sqlalchemy.Connection, *conditions: Any) -> list[R]:
        """All that meet the conditions."""
        return self._listing.all(tx, self._listing.select.where(*conditions))

    def find(self, tx: sqlalchemy.Connection, filters: Mapping[str, str], page: query.Page,
             *conditions: Any) -> tuple[list[R], int]:
        """One page of those that meet the conditions, and how many there are in all."""
        where = [*conditions, *self._listing.matching(filters)]
        return self._listing.page(tx, where, page), self._listing.count(tx, where)

    def update(self, tx: sqlalchemy.Connection, id_: str, **values: Any) -> None:
        """Change columns of a row.

        :raises Conflict: the noun's, when a unique member is taken.
        """
        try:
            query.update(tx, self._table, self._kind, id_, values)
        except exception.DBDuplicateEntry:
            raise self._duplicate() from None

    def delete(self, tx: sqlalchemy.Connection, id_: str) -> None:
        """Delete a row."""
        tx.execute(self._table.delete().where(self._table.c.id == id_))
