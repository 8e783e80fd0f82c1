# SPDX-License-Identifier: Apache-2.0
"""Status and action, derived from what is stored.

| the zone                                   | action | status  |
|--------------------------------------------|--------|---------|
| is being deleted                           | DELETE | PENDING |
| was never shown by enough name servers     | CREATE | PENDING |
| has a serial that too few of them show yet | UPDATE | PENDING |
| is shown as it should be                   | NONE   | ACTIVE  |

A failure that an operator must act on turns PENDING into ERROR; the action stays, and the
sweep goes on trying. A recordset has the serial of its last change and is judged by the
serial that its zone has settled.
"""
from typing import NamedTuple

CREATE, UPDATE, DELETE, NONE = 'CREATE', 'UPDATE', 'DELETE', 'NONE'
PENDING, ACTIVE, ERROR, DELETED = 'PENDING', 'ACTIVE', 'ERROR', 'DELETED'

ACTIONS = (CREATE, UPDATE, DELETE, NONE)
STATUSES = (PENDING, ACTIVE, ERROR, DELETED)


class State(NamedTuple):
    """What the API tells of a zone or a recordset."""
    action: str
    status: str


def state(*, born: int, serial: int, settled: int, deleting: bool, failed: bool) -> State:
    """Derive the state of a zone or recordset.

    :param born: the serial of its first version.
    :param serial: the serial of its last change.
    :param settled: the highest serial that enough name servers have shown; 0 for none.
    """
    if deleting:
        action = DELETE
    elif born > settled:
        action = CREATE
    elif serial > settled:
        action = UPDATE
    else:
        return State(NONE, ACTIVE)
    return State(action, ERROR if failed else PENDING)
