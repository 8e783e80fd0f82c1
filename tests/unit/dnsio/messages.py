# SPDX-License-Identifier: Apache-2.0
"""Replies as servers give them."""
import dns.flags
import dns.message
import dns.rcode
import dns.rrset


def reply(query: dns.message.Message, serial: int | None = None, rcode: int = dns.rcode.NOERROR,
          flags: int = 0) -> dns.message.Message:
    """Return a reply, with the SOA of the name in question where a serial is given."""
    message = dns.message.make_response(query)
    message.set_rcode(rcode)
    message.flags |= flags
    if serial is not None:
        message.answer.append(soa(query.question[0].name.to_text(), serial))
    return message


def soa(name: str, serial: int) -> dns.rrset.RRset:
    """Return a SOA."""
    return dns.rrset.from_text(name, 300, 'IN', 'SOA', f'ns1.{name} a.{name} {serial} 1 1 1 1')
