# SPDX-License-Identifier: Apache-2.0
"""What a zone holds: putting a recordset in, changing it, taking it out, whoever asks for it.

Each is a version of the zone, unless name servers see nothing of it because there are no
records. The zone is one that this transaction has locked; who may, and what the rules say, has
been looked at before.
"""
import datetime
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from oslo_db import exception

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import serials
from designate_like.resources import rdata
from designate_like.resources import rr


def add(tx: sqlalchemy.Connection, zone: resources.Zone, recordset: resources.Recordset,
        now: datetime.datetime) -> tuple[resources.Zone, resources.Recordset]:
    """Put a recordset into a zone; returns both as they are then.

    :raises DuplicateRecordset: when there is one of that name and type.
    """
    wire = _wire(recordset)
    serial = serials.following(zone, now) if wire else 0
    recordset = recordset.replace(serial=serial, born_serial=serial, zone_name=zone.name,
                                  zone_settled=zone.settled_serial,
                                  zone_expire_at=zone.expire_at)
    try:
        store.recordsets.insert(tx, recordset, wire)
    except exception.DBDuplicateEntry:
        raise errors.DuplicateRecordset() from None
    after = _follow(tx, zone, now, added=_encode(zone, recordset, wire),
                    recordset_count=zone.recordset_count + 1,
                    record_count=zone.record_count + recordset.own_records)
    return after, recordset


def change(tx: sqlalchemy.Connection, zone: resources.Zone, recordset: resources.Recordset,
           values: Mapping[str, Any],
           now: datetime.datetime) -> tuple[resources.Zone, resources.Recordset]:
    """Change members of a recordset; returns the zone and the recordset as they are then."""
    old = store.recordsets.wire(tx, recordset.id)
    if 'records' in values and 'claims' not in values and recordset.claims:
        claims = [each for each in recordset.claims if each.data in values['records']]
        values = {**values, 'claims': claims, 'managed': bool(claims)}
    changed = recordset.replace(**values, version=recordset.version + 1, updated_at=now)
    wire = _wire(changed) if 'records' in values else old
    after = _follow(tx, zone, now, removed=_encode(zone, recordset, old),
                    added=_encode(zone, changed, wire),
                    record_count=zone.record_count + changed.own_records - recordset.own_records)
    if after.serial != zone.serial:
        changed = changed.replace(
            serial=after.serial if wire else 0, zone_failed=False,
            born_serial=(recordset.born_serial or after.serial) if wire else 0)
    store.recordsets.update(
        tx, recordset.id, **values, wire=wire, version=changed.version, updated_at=now,
        serial=changed.serial, born_serial=changed.born_serial)
    return after, changed


def remove(tx: sqlalchemy.Connection, zone: resources.Zone, recordset: resources.Recordset,
           now: datetime.datetime) -> resources.Zone:
    """Take a recordset out of a zone; returns the zone as it is then."""
    wire = store.recordsets.wire(tx, recordset.id)
    store.recordsets.delete(tx, recordset.id)
    return _follow(tx, zone, now, removed=_encode(zone, recordset, wire),
                   recordset_count=zone.recordset_count - 1,
                   record_count=zone.record_count - recordset.own_records)


def _follow(tx: sqlalchemy.Connection, zone: resources.Zone, now: datetime.datetime,
            removed: bytes = b'', added: bytes = b'', **counters: int) -> resources.Zone:
    """The next version of the zone, or the same with other counters if nobody sees a change."""
    if removed or added:
        return serials.advance(tx, zone, now, removed=removed, added=added, **counters)
    store.zones.update(tx, zone.id, **counters)
    return zone.replace(**counters)


def _wire(recordset: resources.Recordset) -> bytes:
    # Two texts may be one record: ::1 and 0::1, 10 a.example. and 10 A.example.
    return rdata.join(rdata.distinct(recordset.type, [
        rdata.parse(recordset.type, text, recordset.name) for text in recordset.records]))


def _encode(zone: resources.Zone, recordset: resources.Recordset, wire: bytes) -> bytes:
    ttl = zone.ttl if recordset.ttl is None else recordset.ttl
    return rr.encode(recordset.name, recordset.type, ttl, wire)
