# SPDX-License-Identifier: Apache-2.0
"""Questions about the pools and the TSIG keys in the database."""
import base64
import binascii

import dns.exception
import dns.name
import sqlalchemy

from designate_like import backends
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.resources import tsigkeys
from designate_like.store import tables


def incomplete(tx: sqlalchemy.Connection) -> list[str]:
    """Which pools lack what zones need, as one does that no pools.yaml has described yet."""
    found = []
    for pool in store.pools.every(tx):
        if not pool.ns_records:
            found.append(f'Pool {pool.name} has no ns_records')
        if not pool.targets and not pool.nameservers:
            found.append(f'Pool {pool.name} has neither targets nor nameservers')
    return found


def unusable(tx: sqlalchemy.Connection) -> list[str]:
    """Which targets no installed backend takes, and which servers lack their key."""
    keys = {each.id for each in store.tsigkeys.repository.where(tx)}
    found = []
    for pool in store.pools.every(tx):
        for target in pool.targets:
            try:
                backends.load(target)
            except errors.ConfigurationError as problem:
                found.append(f'Pool {pool.name}: targets: {problem.message}')
        wanted = {each.tsigkey_id for each in (*pool.nameservers, *pool.targets)} - {None}
        found += [f'Pool {pool.name}: there is no TSIG key {id_}'
                  for id_ in sorted(wanted - keys)]
    return found


def of_tsigkeys(tx: sqlalchemy.Connection) -> list[str]:
    """Which keys cannot be used, or open nothing."""
    found = []
    for key in store.tsigkeys.repository.where(tx):
        found += [f'TSIG key {key.name}: {problem}' for problem in _of_tsigkey(tx, key)]
    return found


def _of_tsigkey(tx: sqlalchemy.Connection, key: resources.Tsigkey) -> list[str]:
    found = []
    try:
        base64.b64decode(key.secret, validate=True)
    except (binascii.Error, ValueError):
        found.append('the secret is not base64')
    try:
        dns.name.from_text(key.wire_name)
    except (dns.exception.DNSException, UnicodeError):
        found.append('the name is not one of the DNS')
    table = tables.pools if key.scope == tsigkeys.POOL else tables.zones
    if tx.execute(sqlalchemy.select(table.c.id).where(
            table.c.id == key.resource_id)).first() is None:
        found.append(f'there is no {key.scope.lower()} {key.resource_id}')
    return found
