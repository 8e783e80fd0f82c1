# SPDX-License-Identifier: Apache-2.0
"""Catalog zones (RFC 9432): the zone of a pool in which its servers find all the others.

A catalog is a zone like any other: it is owned by the service, what it holds are recordsets,
and every change is a version, made in the transaction that creates, deletes or moves a member.
So the journal, transfers, NOTIFY and the sweep have nothing to know of it.

All members of a pool share this one row, so a transaction locks it last, after its project's
quota, names and zones: whoever has it waits for nobody and soon lets it go.
"""
import datetime
import uuid
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import content
from designate_like.central import creation
from designate_like.central import serials
from designate_like.resources import names
from designate_like.resources import rdata

_VERSION = '"2"'                        # of the schema; RFC 9432 section 4.2.1
_ALGORITHM = 'hmac-sha256'              # of a key for which the pool names none


# -- the members --

def join(tx: sqlalchemy.Connection, zone: resources.Zone,
         now: datetime.datetime) -> resources.Zone | None:
    """Have the catalog of a zone's pool name the zone, which this transaction has locked or made.

    Returns the catalog as it is then; None when it stays as it is, or there is none.
    """
    catalog = _of(tx, store.pools.get(tx, zone.pool_id))
    if catalog is None or zone.id == catalog.id or _listed(tx, catalog, zone.id):
        return None
    # One that has left the pool may still be there until the servers of its new pool show it,
    # and a catalog that names a zone twice is broken (section 4.1).
    for other in store.departures.named(tx, zone.pool_id, zone.key):
        leave(tx, other, zone.pool_id, now)
    member = _common(catalog, now).replace(**_member(catalog, zone.id, zone.name))
    return content.add(tx, store.zones.lock(tx, catalog.id), member, now)[0]


def leave(tx: sqlalchemy.Connection, zone_id: str, pool_id: str,
          now: datetime.datetime) -> resources.Zone | None:
    """Have the catalog of a pool name a zone no more; returns it as :func:`join` does."""
    catalog = _of(tx, store.pools.get(tx, pool_id))
    if catalog is None or not _listed(tx, catalog, zone_id):
        return None
    catalog = store.zones.lock(tx, catalog.id)
    member = _listed(tx, catalog, zone_id)      # It may have gone while we waited.
    return content.remove(tx, catalog, member, now) if member else None


def repeat(tx: sqlalchemy.Connection, pool_id: str, now: datetime.datetime,
           since: datetime.datetime) -> resources.Zone | None:
    """Have servers transfer the catalog of a pool whole, unless they were to after ``since``.

    Knot 3.2 forgets what it is told to remove while it starts, and finds it out by that alone.
    Returns the catalog as :func:`join` does.
    """
    catalog = _of(tx, store.pools.get(tx, pool_id))
    if catalog is None:
        return None
    catalog = store.zones.lock(tx, catalog.id)
    last = store.journal.last_gap(tx, catalog.id) or catalog.created_at
    return serials.advance(tx, catalog, now, whole=True) if last < since else None


def _of(tx: sqlalchemy.Connection, pool: resources.Pool) -> resources.Zone | None:
    """The catalog of a pool."""
    if pool.catalog_zone is None:
        return None
    same = store.zones.named(tx, [names.key(pool.catalog_zone.catalog_zone_fqdn)])
    return next((each for each in same if each.pool_id == pool.id), None)


def _listed(tx: sqlalchemy.Connection, catalog: resources.Zone,
            zone_id: str) -> resources.Recordset | None:
    """What names a zone in a catalog."""
    name = resources.CatalogZone.member_name(zone_id, catalog.name)
    found, _ = store.recordsets.find(tx, catalog, None, {'name': name, 'type': 'PTR'},
                                     store.Page(limit=1), count=False)
    return found[0] if found else None


def _common(catalog: resources.Zone, now: datetime.datetime) -> resources.Recordset:
    """What all recordsets of a catalog have in common."""
    return resources.Recordset(
        zone_id=catalog.id, project_id=catalog.project_id, managed=True, serial=catalog.serial,
        born_serial=catalog.serial, created_at=now)


def _member(catalog: resources.Zone, zone_id: str, zone_name: str) -> dict[str, Any]:
    """What the recordset of a member has of its own."""
    return _row(resources.CatalogZone.member_name(zone_id, catalog.name), 'PTR', zone_name)


def _row(name: str, type_: str, text: str) -> dict[str, Any]:
    return {'id': str(uuid.uuid4()), 'name': name, 'key': names.key(name), 'type': type_,
            'records': [text]}


# -- the catalog itself --

def follow(tx: sqlalchemy.Connection, ctx: context.RequestContext, creation_: creation.Creation,
           pool: resources.Pool, before: resources.Pool | None, now: datetime.datetime) -> None:
    """Make, change or remove the catalog of a pool, as the pool that was just written says.

    Whatever else changes in a pool, its zones follow with the sweep, and so does the catalog.

    :param before: the pool as it was, if it was there.
    :raises BadRequest: the catalog cannot have that name, or its key.
    """
    wanted = pool.catalog_zone
    if before and wanted == before.catalog_zone:
        return
    catalog = _of(tx, before) if before else None
    if catalog and (wanted is None or names.key(wanted.catalog_zone_fqdn) != catalog.key):
        remove(tx, before, now)
        catalog = None
    if wanted is None:
        return
    timers = dict.fromkeys(('refresh', 'retry'), wanted.catalog_zone_refresh)
    try:
        if catalog is None:
            catalog = creation_.create_catalog(tx, ctx, pool, now, **timers)
            _fill(tx, catalog, now)
        else:
            catalog = serials.advance(tx, store.zones.lock(tx, catalog.id), now,
                                      pool_version=pool.version, **timers)
    except (errors.DuplicateZone, errors.IllegalChild, errors.IllegalParent) as problem:
        raise errors.BadRequest(f"Pool '{pool.name}': catalog_zone_fqdn: "
                                f'{wanted.catalog_zone_fqdn}: {problem.message}') from None
    _secure(tx, catalog, pool, now)


def remove(tx: sqlalchemy.Connection, pool: resources.Pool, now: datetime.datetime) -> None:
    """Take away the catalog of a pool, if it has one, and the keys that open it."""
    catalog = _of(tx, pool)
    if catalog is None:
        return
    for key in store.tsigkeys.opening(tx, catalog.id):
        store.tsigkeys.repository.delete(tx, key.id)
    store.zones.remove(tx, catalog.id, now)


def _fill(tx: sqlalchemy.Connection, catalog: resources.Zone, now: datetime.datetime) -> None:
    """Write what a new catalog holds, as its first version.

    Zones that other transactions are just creating or deleting know an older version of the
    pool than this one, and so follow with the sweep.
    """
    rows = [_row(f'version.{catalog.name}', 'TXT', _VERSION)]
    rows += [_member(catalog, *each) for each in store.zones.members(tx, catalog.pool_id)]
    store.recordsets.insert_many(tx, _common(catalog, now), (
        {**row, 'wire': rdata.join([rdata.parse(row['type'], *row['records'], row['name'])])}
        for row in rows))
    store.zones.update(tx, catalog.id, recordset_count=catalog.recordset_count + len(rows))


def _secure(tx: sqlalchemy.Connection, catalog: resources.Zone, pool: resources.Pool,
            now: datetime.datetime) -> None:
    """Have the key that opens a catalog, which has its name, be the one that the pool says."""
    settings, keys = pool.catalog_zone, store.tsigkeys.repository
    present = store.tsigkeys.named(tx, catalog.name.lower())
    is_ours = present is not None and present.resource_id == catalog.id
    if settings.catalog_zone_tsig_key is None:
        if is_ours:
            keys.delete(tx, present.id)
        return
    values = {'secret': settings.catalog_zone_tsig_key,
              'algorithm': settings.catalog_zone_tsig_algorithm or _ALGORITHM}
    if is_ours:
        keys.update(tx, present.id, **values, updated_at=now)
    elif present is None:
        keys.insert(tx, resources.Tsigkey(
            id=str(uuid.uuid4()), name=catalog.name, scope='ZONE', resource_id=catalog.id,
            created_at=now, **values))
    else:
        raise errors.BadRequest(f"Pool '{pool.name}': catalog_zone_tsig_key: there is another "
                                f"TSIG key of the name '{present.name}'")
