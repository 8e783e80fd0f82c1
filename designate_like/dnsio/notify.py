# SPDX-License-Identifier: Apache-2.0
"""NOTIFY: telling a server that a zone has changed (RFC 1996)."""
import dns.flags
import dns.message
import dns.opcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from designate_like import resources
from designate_like.dnsio import exchange
from designate_like.dnsio import signed
from designate_like.resources import soa


def request(zone: resources.Zone) -> dns.message.Message:
    """The message, with the new SOA for servers that compare it (RFC 1996 section 3.7).

    A zone of serial 0 is one of which the caller knows the name alone: then nothing is compared.
    """
    message = dns.message.make_query(zone.name, dns.rdatatype.SOA, flags=dns.flags.AA)
    message.set_opcode(dns.opcode.NOTIFY)
    if not zone.serial:
        return message
    data = soa.rdata(zone)
    message.answer.append(dns.rrset.from_rdata(
        message.question[0].name, zone.ttl,
        dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.SOA, data, 0, len(data))))
    return message


async def notify(with_: exchange.Exchange | signed.Signed, address: exchange.Address,
                 zone: resources.Zone) -> bool:
    """Tell a server; returns whether it has acknowledged, with whatever rcode."""
    try:
        await with_.ask(address, request(zone))
    except exchange.NoReply:
        return False
    return True
