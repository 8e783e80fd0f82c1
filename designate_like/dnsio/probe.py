# SPDX-License-Identifier: Apache-2.0
"""Asking a server for the SOA of a zone, to see what it serves."""
from typing import NamedTuple

import dns.message
import dns.rdataclass
import dns.rdatatype

from designate_like.dnsio import exchange


class Answer(NamedTuple):
    """What came: whether anything did, and the serial (32 bits) if the server has the zone."""
    heard: bool
    serial: int | None


SILENCE = Answer(False, None)
NO_ZONE = Answer(True, None)        # An answer without SOA, with any rcode.


async def probe(with_: exchange.Exchange, address: exchange.Address, zone_name: str,
                tcp: bool = False) -> Answer:
    """Ask one server which serial of the zone it shows."""
    query = dns.message.make_query(zone_name, dns.rdatatype.SOA, flags=0)
    reply = await with_.ask(address, query, tcp)
    if reply is None:
        return SILENCE
    found = reply.get_rrset(reply.answer, query.question[0].name, dns.rdataclass.IN,
                            dns.rdatatype.SOA)
    return Answer(True, found[0].serial) if found else NO_ZONE
