# SPDX-License-Identifier: Apache-2.0
"""NOTIFY in: a master says that a secondary zone has changed (RFC 1996)."""
import dns.rcode
import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.mdns import masters
from designate_like.mdns import wire
from designate_like.resources import names


def secondaries(tx: sqlalchemy.Connection, request: wire.Request) -> list[resources.Zone]:
    """The secondary zones, at most one a pool, that a request with one question names."""
    same = store.zones.named(tx, [names.key(request.questions[0].name)])
    return [zone for zone in same if zone.type == 'SECONDARY' and not zone.deleting]


def judge(zones: list[resources.Zone], sender: str,
          known: masters.Masters) -> tuple[int | None, list[resources.Zone]]:
    """The rcode to reply, and those of the secondary zones of which the sender is a master.

    The rcode is None when that is not known yet: a NOTIFY that is not answered is repeated
    (section 3.6).
    """
    if not zones:
        return dns.rcode.NOTAUTH, []
    verdicts = [known.include(zone.masters, sender) for zone in zones]
    if True in verdicts:
        return dns.rcode.NOERROR, [zone for zone, is_master in zip(zones, verdicts) if is_master]
    return None if None in verdicts else dns.rcode.REFUSED, []
