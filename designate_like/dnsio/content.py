# SPDX-License-Identifier: Apache-2.0
"""What a server serves of a zone: all of it by transfer, or single sets of records by question."""
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.tsig

from designate_like.dnsio import exchange
from designate_like.dnsio import transfer
from designate_like.resources import digest

# Octets of a reply that travel by UDP without fragments; a longer one comes by TCP.
_UDP_SIZE = 1232

_ANSWERS = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


class _Reader(transfer.Reader):
    """Keeps the fingerprint of what comes, and nothing else."""

    def __init__(self, origin: dns.name.Name) -> None:
        super().__init__(origin)
        self.sum = digest.Sum()
        self.serial = 0

    def writer(self, replacement: bool = False) -> '_Reader':
        return self

    def add(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        self.sum.add(name.to_wire() or b'', rdataset.ttl, rdataset)

    def replace(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        self.serial = rdataset[0].serial


def transferred(address: exchange.Address, zone_name: str, key: dns.tsig.Key | None,
                timeout: float) -> tuple[int, digest.Digest]:
    """Transfer a zone whole (RFC 5936); returns its serial (32 bits) and its fingerprint.

    It blocks, so it runs in a thread of its own.

    :param timeout: seconds for the connection, and for each message.
    :raises CommunicationFailure: when the server is away, refuses, or breaks off.
    """
    reader = _Reader(dns.name.from_text(zone_name))
    transfer.read(reader, address, None, key, timeout)
    return reader.serial, reader.sum.digest


def question(name: str, type_: str) -> dns.message.Message:
    """The question for one set of records."""
    return dns.message.make_query(name, type_, flags=0, use_edns=0, payload=_UDP_SIZE)


def answered(query: dns.message.Message, reply: dns.message.Message) -> digest.Digest | None:
    """The fingerprint of the set of records that was asked for; None when nobody can tell.

    That of no records when the server says that there are none. At and below a delegation a
    server shows NS records alone.
    """
    name, type_ = query.question[0].name, query.question[0].rdtype
    if reply.rcode() not in _ANSWERS:
        return None
    section = reply.answer if reply.flags & dns.flags.AA else reply.authority
    found = reply.get_rrset(section, name, dns.rdataclass.IN, type_)
    if found is not None:
        return digest.of_rrset(name, found)
    return digest.Sum().digest if reply.flags & dns.flags.AA else None
