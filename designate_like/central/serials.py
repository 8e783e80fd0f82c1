# SPDX-License-Identifier: Apache-2.0
"""Every change of a serial: the next version of a zone, and its entry in the journal."""
import datetime
from typing import Any

import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.resources import serials
from designate_like.resources import soa


def advance(tx: sqlalchemy.Connection, zone: resources.Zone, now: datetime.datetime, *,
            removed: bytes = b'', added: bytes = b'', whole: bool = False,
            serial: int | None = None, **changes: Any) -> resources.Zone:
    """Make the next version of a zone that this transaction has locked.

    :param removed: the resource records that go, in wire form, without the SOA.
    :param added: those that come.
    :param whole: the difference is as large as the zone and not worth keeping.
    :param serial: of the next version, where a master has given it.
    :param changes: fields of the zone that change with it.
    """
    serial = serial or following(zone, now)
    after = zone.replace(serial=serial, updated_at=now, failed=None, **changes)
    store.zones.update(tx, zone.id, serial=serial, updated_at=now, failed=None, **changes)
    store.journal.append(
        tx, zone.id, zone.serial, serial,
        None if whole else soa.record(zone) + removed,
        None if whole else soa.record(after) + added, now)
    return after


def following(zone: resources.Zone, now: datetime.datetime) -> int:
    """The serial of the next version: the time, or one more than the last.

    It is always the latter where a master gives the serials, which are soon to be as late as ours.
    """
    if zone.type == 'SECONDARY':
        return zone.serial + 1
    return serials.advance(zone.serial, unix(now))


def imported(now: datetime.datetime, serial: int) -> int:
    """The first serial of a zone that had this one elsewhere, with other name servers."""
    return serials.advance(0, unix(now), floor=serial)


def unix(now: datetime.datetime) -> float:
    """Seconds since 1970 of a moment in UTC."""
    return now.replace(tzinfo=datetime.UTC).timestamp()
