# SPDX-License-Identifier: Apache-2.0
"""NOTIFY in: a master says that a secondary zone has changed (RFC 1996)."""
import ipaddress

import dns.rcode
import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.mdns import wire
from designate_like.resources import addresses
from designate_like.resources import names

_DNS_PORT = 53


def receive(tx: sqlalchemy.Connection, request: wire.Request,
            sender: str) -> tuple[int, list[resources.Zone]]:
    """The rcode to reply, and the zones, one a pool, of which the sender is a master.

    :param sender: its IP address.
    """
    if len(request.questions) != 1:
        return dns.rcode.FORMERR, []
    same = store.zones.named(tx, [names.key(request.questions[0].name)])
    secondary = [zone for zone in same if zone.type == 'SECONDARY' and not zone.deleting]
    if not secondary:
        return dns.rcode.NOTAUTH, []
    changed = [zone for zone in secondary if _is_master(zone, sender)]
    return (dns.rcode.NOERROR, changed) if changed else (dns.rcode.REFUSED, [])


def _is_master(zone: resources.Zone, sender: str) -> bool:
    return _address(sender) in [_address(addresses.split(master, _DNS_PORT)[0])
                                for master in zone.masters]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | str:
    """The host as something that compares right however it is written."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return host
