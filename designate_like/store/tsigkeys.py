# SPDX-License-Identifier: Apache-2.0
"""TSIG keys in the database."""
import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

_t = tables.tsigkeys.c
repository = base.Repository(resources.Tsigkey, tables.tsigkeys, errors.TsigkeyNotFound,
                             errors.DuplicateTsigkey)


def of_pool(tx: sqlalchemy.Connection, pool_id: str) -> bool:
    """Whether a key opens the zones of that pool."""
    return bool(repository.where(tx, _t.scope == 'POOL', _t.resource_id == pool_id))
