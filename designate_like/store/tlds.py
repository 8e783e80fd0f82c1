# SPDX-License-Identifier: Apache-2.0
"""TLDs in the database."""
import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.resources import names
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.tlds.c
repository = base.Repository(resources.Tld, tables.tlds, errors.TldNotFound, errors.DuplicateTld)


def any_listed(tx: sqlalchemy.Connection) -> bool:
    """Whether there is any TLD; without one every name is allowed."""
    return tx.execute(sqlalchemy.select(_t.id).limit(1)).first() is not None


def enclosing(tx: sqlalchemy.Connection, name: str) -> set[str]:
    """The keys of the TLDs that a name is, or is below."""
    wanted = [names.key(each) for each in (name, *names.parents(name))]
    return set(tx.execute(sqlalchemy.select(_t.key).where(_t.key.in_(wanted))).scalars())
