# SPDX-License-Identifier: Apache-2.0
"""What a name server has shown of a zone, and what the API makes of it.

| the name server                                     | state   |
|-----------------------------------------------------|---------|
| was never asked                                     | UNKNOWN |
| did not answer when it was last asked, or wrongly   | SILENT  |
| answered that it has no such zone                   | MISSING |
| showed a version from before the latest             | BEHIND  |
| showed the latest version                           | CURRENT |
"""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import field

UNKNOWN, SILENT, MISSING, BEHIND, CURRENT = 'UNKNOWN', 'SILENT', 'MISSING', 'BEHIND', 'CURRENT'
STATES = (UNKNOWN, SILENT, MISSING, BEHIND, CURRENT)


@base.resource('receipt')
class Receipt(base.Resource):
    """What one name server last answered about a zone, and what last went wrong with it."""
    zone_id: str = field(types.UUID(), primary_key=True)
    host: str = field(types.Text(255), primary_key=True, column=types.ascii_column(255))
    port: int = field(types.Integer(), primary_key=True)
    serial: int | None = field(types.Serial())      # 64 bits; None where it has no such zone.
    seen_at: datetime.datetime | None = field(types.DateTime())     # When it said so.
    error: str | None = field(types.Text(255))
    failed_at: datetime.datetime | None = field(types.DateTime())

    def state(self, serial: int) -> str:
        """What it means where the zone has that serial (64 bits)."""
        if self.seen_at is None and self.failed_at is None:
            return UNKNOWN
        if self.seen_at is None or self.failed_at is not None and self.failed_at > self.seen_at:
            return SILENT
        if self.serial is None:
            return MISSING
        return BEHIND if self.serial < serial else CURRENT

    @property
    def problem(self) -> str | None:
        """What is wrong now: an error that no good answer has followed."""
        fresh = self.failed_at is not None and (
            self.seen_at is None or self.failed_at >= self.seen_at)
        return self.error if fresh else None


@base.resource('propagation')
class Propagation(base.Resource):
    """How far a zone has come at one name server."""
    hostname: str = field(types.Text(255))          # A name or an address, as the pool has it.
    port: int = field(types.Integer())
    state: str = field(types.Choice(*STATES))
    serial: int | None = field(types.Serial())      # None where none is known.
    lag: int | None = field(types.Integer())        # Seconds; None where it cannot be told.
    seen_at: datetime.datetime | None = field(types.DateTime())
    error: str | None = field(types.Text(255))
