# SPDX-License-Identifier: Apache-2.0
"""Asking a server for the SOA of a zone, to see what it serves."""
import dataclasses

import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from designate_like.dnsio import exchange
from designate_like.dnsio import signed


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came: whether anything did, and the serial (32 bits) if the server has the zone."""
    heard: bool
    serial: int | None
    error: str = dataclasses.field(default='', compare=False)   # What is wrong with it.


SILENCE = Answer(False, None)
NO_ZONE = Answer(True, None)        # An answer without SOA, with any rcode.


async def probe(with_: exchange.Exchange | signed.Signed, address: exchange.Address,
                zone_name: str, tcp: bool = False) -> Answer:
    """Ask one server which serial of the zone it shows."""
    query = dns.message.make_query(zone_name, dns.rdatatype.SOA, flags=0)
    try:
        reply = await with_.ask(address, query, tcp)
    except exchange.NoReply as problem:
        return Answer(False, None, str(problem))
    found = reply.get_rrset(reply.answer, query.question[0].name, dns.rdataclass.IN,
                            dns.rdatatype.SOA)
    if found:
        return Answer(True, found[0].serial)
    return Answer(True, None, f'no such zone: {dns.rcode.to_text(reply.rcode())}')
