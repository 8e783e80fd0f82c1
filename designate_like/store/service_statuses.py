# SPDX-License-Identifier: Apache-2.0
"""Service statuses in the database: one row per role and host."""
import datetime
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like.resources import service_statuses
from designate_like.store import query
from designate_like.store import tables

_t = tables.service_statuses.c

# What waited on the bus while all centrals were away comes in any order, within this time. What
# seems to be said earlier after a longer one comes from a host whose clock was set back.
_BURST = datetime.timedelta(minutes=1)

listing = query.Listing(resources.ServiceStatus, tables.service_statuses)


def get(tx: sqlalchemy.Connection, status_id: str) -> resources.ServiceStatus:
    """The status with that id.

    :raises ServiceStatusNotFound: when there is none.
    """
    found = listing.one(tx, _t.id == status_id)
    if found is None:
        raise errors.ServiceStatusNotFound()
    return found


def find(tx: sqlalchemy.Connection, filters: Mapping[str, str],
         page: query.Page) -> tuple[list[resources.ServiceStatus], int]:
    """One page of statuses, and how many there are in all."""
    where = listing.matching(filters)
    return listing.page(tx, where, page), listing.count(tx, where)


def beat(tx: sqlalchemy.Connection, service_name: str, hostname: str, now: datetime.datetime,
         said_at: datetime.datetime, **said: Any) -> None:
    """Record what a role on a host says of itself: status, stats, capabilities.

    :param said_at: by the clock of that host; what it said before but is heard later is passed
        over.
    """
    said['said_at'] = said_at
    done = tx.execute(tables.service_statuses.update().where(
        _t.service_name == service_name, _t.hostname == hostname,
        (_t.said_at <= said_at) | (_t.heartbeated_at < now - _BURST),
    ).values(heartbeated_at=now, updated_at=now, **said))
    if not done.rowcount:
        # It may be there, as another process of the same role and host has just said so.
        query.ensure(tx, tables.service_statuses, resources.ServiceStatus(
            id=str(uuid.uuid4()), service_name=service_name, hostname=hostname,
            heartbeated_at=now, created_at=now, **said).to_row())


def mark_silent(tx: sqlalchemy.Connection, before: datetime.datetime) -> int:
    """Call those DOWN that say UP and were last heard before a moment; returns how many."""
    return tx.execute(tables.service_statuses.update().where(
        _t.status == service_statuses.UP, _t.heartbeated_at < before,
    ).values(status=service_statuses.DOWN)).rowcount


def delete_silent(tx: sqlalchemy.Connection, before: datetime.datetime) -> int:
    """Delete those that were last heard before a moment; returns how many."""
    return tx.execute(tables.service_statuses.delete().where(
        _t.heartbeated_at < before)).rowcount


def delete_gone(tx: sqlalchemy.Connection, before: datetime.datetime) -> int:
    """Delete those that stopped, or went down, and were last heard before a moment."""
    return tx.execute(tables.service_statuses.delete().where(
        _t.status.in_((service_statuses.STOPPED, service_statuses.DOWN)),
        _t.heartbeated_at < before)).rowcount
