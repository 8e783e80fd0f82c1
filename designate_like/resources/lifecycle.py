# SPDX-License-Identifier: Apache-2.0
"""Status and action, derived from what is stored.

| the zone                                   | action | status  |
|--------------------------------------------|--------|---------|
| is being deleted                           | DELETE | PENDING |
| was never shown by enough name servers     | CREATE | PENDING |
| has a serial that too few of them show yet | UPDATE | PENDING |
| is secondary and has expired               | UPDATE | ERROR   |
| is shown as it should be                   | NONE   | ACTIVE  |

A failure that an operator must act on turns PENDING into ERROR; the action stays, and the
sweep goes on trying. A recordset has the serial of its last change and is judged by the
serial that its zone has settled.
"""
import datetime
from typing import NamedTuple

from oslo_utils import timeutils

CREATE, UPDATE, DELETE, NONE = 'CREATE', 'UPDATE', 'DELETE', 'NONE'
PENDING, ACTIVE, ERROR, DELETED = 'PENDING', 'ACTIVE', 'ERROR', 'DELETED'

ACTIONS = (CREATE, UPDATE, DELETE, NONE)
STATUSES = (PENDING, ACTIVE, ERROR, DELETED)


class State(NamedTuple):
    """What the API tells of a zone or a recordset."""
    action: str
    status: str


def has_expired(expire_at: datetime.datetime | None) -> bool:
    """Whether that time, if there is one, has passed: RFC 1035 section 3.3.13, EXPIRE."""
    return expire_at is not None and expire_at < timeutils.utcnow(with_timezone=False)


def state(*, born: int, serial: int, settled: int, deleting: bool, failed: bool,
          expired: bool) -> State:
    """Derive the state of a zone or recordset.

    :param born: the serial of its first version.
    :param serial: the serial of its last change.
    :param settled: the highest serial that enough name servers have shown; 0 for none.
    :param expired: it is served no more, as no master could be used for long.
    """
    if deleting:
        return State(DELETE, ERROR if failed else PENDING)
    if born > settled:
        action = CREATE
    elif serial > settled or expired:
        action = UPDATE
    else:
        return State(NONE, ACTIVE)
    return State(action, ERROR if failed or expired else PENDING)
