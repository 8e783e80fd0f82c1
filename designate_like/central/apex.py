# SPDX-License-Identifier: Apache-2.0
"""What the service itself keeps at the top of a zone: its SOA and its NS recordset."""
import datetime
import uuid
from typing import Any

import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.central import serials
from designate_like.resources import rdata
from designate_like.resources import rr


def create(tx: sqlalchemy.Connection, zone: resources.Zone, hostnames: list[str]) -> None:
    """Write the first recordsets of a new zone; a secondary one gets its NS by transfer."""
    start = _managed(zone, 'SOA', [])
    rows = [{'wire': b''}]
    if zone.type != 'SECONDARY':
        servers = _managed(zone, 'NS', hostnames)
        rows.append({**servers.to_row(), 'wire': _wire(zone, hostnames)})
    store.recordsets.insert_many(tx, start, rows)


def renew(tx: sqlalchemy.Connection, zone: resources.Zone, pool: resources.Pool,
          now: datetime.datetime, **changes: Any) -> resources.Zone:
    """Bring a locked zone up to date with a pool: a version with the pool's name servers.

    :param changes: fields of the zone that change with it.
    """
    changes = {'pool_version': pool.version, **changes}
    if zone.transferred_at is None:     # Else the SOA is its master's.
        changes['mname'] = pool.mname
    old = store.recordsets.rrset(tx, zone.id, zone.key, 'NS')
    wire = _wire(zone, pool.hostnames)
    if zone.type != 'PRIMARY' or old is None or old.wire == wire:
        return serials.advance(tx, zone, now, **changes)
    present = store.recordsets.find(
        tx, zone, None, {'name': zone.name, 'type': 'NS'}, store.Page(limit=1), count=False)[0][0]
    after = serials.advance(tx, zone, now, removed=rr.encode(zone.name, 'NS', zone.ttl, old.wire),
                            added=rr.encode(zone.name, 'NS', zone.ttl, wire), **changes)
    store.recordsets.update(tx, present.id, records=pool.hostnames, wire=wire, updated_at=now,
                            version=present.version + 1, serial=after.serial)
    return after


def _managed(zone: resources.Zone, type_: str, records: list[str]) -> resources.Recordset:
    return resources.Recordset(
        id=str(uuid.uuid4()), zone_id=zone.id, project_id=zone.project_id, name=zone.name,
        key=zone.key, type=type_, records=records, managed=True, serial=zone.serial,
        born_serial=zone.serial, created_at=zone.created_at)


def _wire(zone: resources.Zone, hostnames: list[str]) -> bytes:
    return rdata.join(rdata.distinct('NS', [
        rdata.parse('NS', each, zone.name) for each in hostnames]))
