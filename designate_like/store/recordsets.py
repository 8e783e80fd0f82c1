# SPDX-License-Identifier: Apache-2.0
"""Recordsets in the database: one row each, with its records as text and in wire form."""
import itertools
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import case

from designate_like import errors
from designate_like import resources
from designate_like.resources import lifecycle
from designate_like.resources import names
from designate_like.store import query
from designate_like.store import search
from designate_like.store import tables
from designate_like.store import zones

_t = tables.recordsets.c
_zone = tables.zones.c
_failed = _zone.failed.is_not(None)
_serial = case((_t.type == 'SOA', _zone.serial), else_=_t.serial)     # The SOA's row never changes.
_updated = case((_t.type == 'SOA', _zone.updated_at), else_=_t.updated_at)
_settled = sqlalchemy.and_(_serial <= _zone.settled_serial, ~_zone.deleting)

listing = query.Listing(
    resources.Recordset, tables.recordsets,
    source=tables.recordsets.join(tables.zones, _zone.id == _t.zone_id),
    expressions={'serial': _serial, 'updated_at': _updated, 'zone_name': _zone.name,
                 'zone_settled': _zone.settled_serial, 'zone_failed': _failed,
                 'zone_deleting': _zone.deleting, 'zone_expire_at': _zone.expire_at},
    computed={
        'status': case((zones.expired, lifecycle.ERROR), (_settled, lifecycle.ACTIVE),
                       (_failed, lifecycle.ERROR), else_=lifecycle.PENDING),
        'action': case((_zone.deleting, lifecycle.DELETE),
                       (_t.born_serial > _zone.settled_serial, lifecycle.CREATE),
                       (sqlalchemy.or_(_serial > _zone.settled_serial, zones.expired),
                        lifecycle.UPDATE),
                       else_=lifecycle.NONE)})


class RRset(NamedTuple):
    """What the DNS needs of a recordset; ``ttl`` None is the zone's."""
    name: str
    key: str
    type: str
    ttl: int | None
    wire: bytes


_rrset = sqlalchemy.select(_t.name, _t.key, _t.type, _t.ttl, _t.wire)
# What is asked most often is built once.
_of_zone = _t.zone_id == sqlalchemy.bindparam('zone')
_place = sqlalchemy.union_all(
    sqlalchemy.select(_t.type, sqlalchemy.null()).where(
        _of_zone, _t.key == sqlalchemy.bindparam('key')),
    sqlalchemy.select(sqlalchemy.null(), _zone.name).where(
        _zone.key.in_(sqlalchemy.bindparam('between', expanding=True)), _zone.deleted == ''))
_at = _rrset.where(_of_zone, _t.key.in_(sqlalchemy.bindparam('keys', expanding=True)))


def insert(tx: sqlalchemy.Connection, recordset: resources.Recordset, wire: bytes) -> None:
    """Add a recordset.

    :param wire: its records, each after its length.
    :raises DBDuplicateEntry: when the zone has one of that name and type.
    """
    query.insert(tx, tables.recordsets, recordset, wire=wire)


def insert_many(tx: sqlalchemy.Connection, common: resources.Recordset,
                rows: Iterable[Mapping[str, Any]]) -> None:
    """Add recordsets, a thousand at a time.

    :param common: what they have in common.
    :param rows: the columns that each has of its own.
    """
    row = common.to_row()
    rows = iter(rows)
    while some := [{**row, **each} for each in itertools.islice(rows, 1000)]:
        tx.execute(tables.recordsets.insert(), some)


def update(tx: sqlalchemy.Connection, recordset_id: str, **values: Any) -> None:
    """Change columns of a recordset."""
    query.update(tx, tables.recordsets, resources.Recordset, recordset_id, values)


def rewrite(tx: sqlalchemy.Connection, zone_id: str, key: str, type_: str,
            **values: Any) -> None:
    """Change columns of the recordset of that name and type; it has one version more."""
    tx.execute(tables.recordsets.update().where(
        _t.zone_id == zone_id, _t.key == key, _t.type == type_,
    ).values(version=_t.version + 1, **values))


def delete_named(tx: sqlalchemy.Connection, zone_id: str, key: str, type_: str) -> None:
    """Delete the recordset of that name and type."""
    tx.execute(tables.recordsets.delete().where(
        _t.zone_id == zone_id, _t.key == key, _t.type == type_))


def delete(tx: sqlalchemy.Connection, recordset_id: str) -> None:
    """Delete a recordset; its name and type are free at once."""
    tx.execute(tables.recordsets.delete().where(_t.id == recordset_id))


def hand_over(tx: sqlalchemy.Connection, zone_id: str, project_id: str) -> None:
    """Make the recordsets of a zone a project's, but for those of projects that share the zone."""
    guests = sqlalchemy.select(tables.shared_zones.c.target_project_id).where(
        tables.shared_zones.c.zone_id == zone_id)
    tx.execute(tables.recordsets.update().where(
        _t.zone_id == zone_id, _t.project_id.not_in(guests)).values(project_id=project_id))


def owned(tx: sqlalchemy.Connection, zone_id: str, project_id: str) -> bool:
    """Whether a project has recordsets in a zone."""
    return tx.execute(sqlalchemy.select(_t.id).where(
        _t.zone_id == zone_id, _t.project_id == project_id).limit(1)).first() is not None


def delete_some(tx: sqlalchemy.Connection, zone_id: str, limit: int) -> int:
    """Delete some recordsets of a removed zone; returns how many."""
    some = list(tx.execute(sqlalchemy.select(_t.id).where(
        _t.zone_id == zone_id).limit(limit)).scalars())
    tx.execute(tables.recordsets.delete().where(_t.id.in_(some)))
    return len(some)


def get(tx: sqlalchemy.Connection, recordset_id: str,
        zone_id: str | None = None) -> resources.Recordset:
    """The recordset with that id, of that zone.

    :raises RecordsetNotFound: when there is none.
    """
    where = [_t.id == recordset_id, _zone.deleted == '']
    if zone_id is not None:
        where.append(_t.zone_id == zone_id)
    found = listing.one(tx, *where)
    if found is None:
        raise errors.RecordsetNotFound()
    return found


def named(tx: sqlalchemy.Connection, zone_id: str, key: str,
          type_: str) -> resources.Recordset | None:
    """The recordset of that name and type."""
    return listing.one(tx, _t.zone_id == zone_id, _t.key == key, _t.type == type_)


def wire(tx: sqlalchemy.Connection, recordset_id: str) -> bytes:
    """The records of a recordset in wire form."""
    return tx.execute(sqlalchemy.select(_t.wire).where(_t.id == recordset_id)).scalar_one()


def find(tx: sqlalchemy.Connection, zone: resources.Zone | None, project_id: str | None,
         filters: Mapping[str, str], page: query.Page,
         count: bool) -> tuple[list[resources.Recordset], int]:
    """One page of recordsets, and how many there are in all (0 unless ``count``).

    :param zone: None is every zone.
    :param project_id: the project whose recordsets are wanted; None is every project.
    """
    filters = dict(filters)
    where = [_zone.deleted == '']
    if zone is not None:
        where.append(_t.zone_id == zone.id)
    if project_id is not None:
        where += [_t.project_id == project_id, _zone.type != 'CATALOG']
    if count and zone is not None and project_id is None and not filters:
        return listing.page(tx, where, page), zone.recordset_count
    is_named = names.valid(filters.get('name', ''))
    if is_named:
        where.append(_t.key == names.key(filters.pop('name')))
    if 'data' in filters:
        where.append(search.any_record(filters.pop('data')))
    where += listing.matching(filters)
    items = listing.page(tx, where, page, few=is_named)
    return items, listing.count(tx, where) if count else 0


def place(tx: sqlalchemy.Connection, zone: resources.Zone, key: str) -> tuple[set[str], str | None]:
    """What is at a place in a zone: the types that stand there, and the child zone it belongs to.

    The child zone, of any pool, is the nearest one; it is named.
    """
    rows = tx.execute(_place, {'zone': zone.id, 'key': key, 'between': [
        each for each in names.at_or_above(key) if len(each) > len(zone.key)]}).all()
    children = [name for type_, name in rows if type_ is None]
    return {type_ for type_, _ in rows if type_ is not None}, max(children, key=len, default=None)


def rrset(tx: sqlalchemy.Connection, zone_id: str, key: str, type_: str) -> RRset | None:
    """The RRset of one name and type."""
    row = tx.execute(_rrset.where(_t.zone_id == zone_id, _t.key == key, _t.type == type_)).first()
    return None if row is None else RRset._make(row)


def at(tx: sqlalchemy.Connection, zone_id: str, keys: Sequence[str]) -> list[RRset]:
    """The RRsets at several names; the SOA's wire form is empty."""
    return [RRset._make(row) for row in tx.execute(_at, {'zone': zone_id, 'keys': keys})]


def below(tx: sqlalchemy.Connection, zone_id: str, key: str) -> bool:
    """Whether any name stands strictly below that one."""
    low, high = names.subtree(key)
    return tx.execute(sqlalchemy.select(_t.id).where(
        _t.zone_id == zone_id, _t.key > low, _t.key < high).limit(1)).first() is not None


def some(tx: sqlalchemy.Connection, zone_id: str, first: int, count: int) -> list[RRset]:
    """So many RRsets of a zone but the SOA, by key, from the one of that index on."""
    # The ids come from an index alone, however many are passed over.
    ids = sqlalchemy.select(_t.id).where(_t.zone_id == zone_id, _t.type != 'SOA').order_by(
        _t.key, _t.type).offset(first).limit(count).subquery()
    return [RRset._make(row) for row in tx.execute(_rrset.join(ids, ids.c.id == _t.id))]


def stream(tx: sqlalchemy.Connection, zone_id: str) -> Iterator[RRset]:
    """Every RRset of a zone but the SOA, ordered by key, a few at a time in memory."""
    rows = tx.execution_options(stream_results=True, yield_per=1000).execute(
        _rrset.where(_t.zone_id == zone_id, _t.type != 'SOA').order_by(_t.key))
    for block in rows.partitions():
        for row in block:
            yield RRset._make(row)
