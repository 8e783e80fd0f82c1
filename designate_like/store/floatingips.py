# SPDX-License-Identifier: Apache-2.0
"""The PTR records of floating IPs in the database: recordsets like others, found by name."""
from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy

from designate_like import resources
from designate_like.resources import names
from designate_like.store import recordsets
from designate_like.store import tables
from designate_like.store import zones

_t = tables.recordsets.c


class Pointer(NamedTuple):
    """A PTR recordset, and the zone that it is in."""
    recordset: resources.Recordset
    zone: resources.Zone


def pointers(tx: sqlalchemy.Connection, owners: Collection[str]) -> dict[str, Pointer]:
    """The PTR recordsets at those names, by name, each of the nearest zone around it."""
    above = {owner: [names.key(each) for each in (owner, *names.parents(owner))]
             for owner in owners}
    around = {zone.key: zone for zone in zones.named(tx, {*sum(above.values(), [])})
              if not zone.deleting}
    at = {}
    for owner, keys in above.items():
        zone = next((around[key] for key in keys if key in around), None)
        if zone is not None:
            at[zone.id, keys[0]] = owner, zone
    found = recordsets.listing.all(tx, recordsets.listing.select.where(
        sqlalchemy.tuple_(_t.zone_id, _t.key).in_(list(at)), _t.type == 'PTR'))
    return {owner: Pointer(each, zone) for each in found
            for owner, zone in [at[each.zone_id, each.key]]}
