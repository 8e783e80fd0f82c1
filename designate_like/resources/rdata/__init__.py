# SPDX-License-Identifier: Apache-2.0
"""Record data: the one door from the text a user writes to the wire form that is served.

A record type is a line of ``TYPES``. Its parser holds the rules of the API, which are
stricter than DNS; dnspython then reads back the wire form, so that nothing that can be
stored can fail to be transferred. A parser raises ValueError with a clause that names the
broken rule; ``parse`` makes the sentence.
"""
import dataclasses
import struct
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

import dns.exception
import dns.rdata
import dns.rdataclass

from designate_like.resources.rdata import certificates
from designate_like.resources.rdata import hosts
from designate_like.resources.rdata import naptr
from designate_like.resources.rdata import owners
from designate_like.resources.rdata import strings
from designate_like.resources.rdata import svcb

MAX_LENGTH = 65535  # Octets of one record's data: RDLENGTH has 16 bits.
_SHOWN = 80  # Characters of a rejected text that its error repeats.


@dataclasses.dataclass(frozen=True)
class RecordType:
    """A type's number on the wire, its parser, and the rule for the names that own it."""
    number: int
    parse: Callable[[str, str], bytes]
    owner_problem: Callable[[str], str | None] = owners.anything


TYPES: Mapping[str, RecordType] = {
    'A': RecordType(1, hosts.a),
    'NS': RecordType(2, hosts.domain, owners.ns),
    'CNAME': RecordType(5, hosts.domain),
    'SOA': RecordType(6, hosts.soa),
    'PTR': RecordType(12, hosts.domain),
    'MX': RecordType(15, hosts.mx),
    'TXT': RecordType(16, strings.txt),
    'AAAA': RecordType(28, hosts.aaaa),
    'SRV': RecordType(33, hosts.srv, owners.srv),
    'NAPTR': RecordType(35, naptr.naptr),
    'CERT': RecordType(37, certificates.cert),
    'SSHFP': RecordType(44, certificates.sshfp),
    'TLSA': RecordType(52, certificates.tlsa, owners.tlsa),
    'SVCB': RecordType(64, svcb.svcb),
    'HTTPS': RecordType(65, svcb.https),
    'SPF': RecordType(99, strings.spf),
    'CAA': RecordType(257, certificates.caa),
}


def parse(type: str, text: str, owner: str) -> bytes:
    """The wire form of a record's data, names uncompressed, without its length.

    ``owner`` is the name of the recordset: what SVCB must hold depends on it.

    :raises ValueError: with a sentence that names the type, the text and the broken rule.
    """
    kind = TYPES.get(type)
    if kind is None:
        raise ValueError(f'{type!r} is not a supported record type.')
    try:
        wire = kind.parse(text, owner)
        if len(wire) > MAX_LENGTH:
            raise ValueError(f'its data has {len(wire)} octets, {MAX_LENGTH} are the most')
        dns.rdata.from_wire(dns.rdataclass.IN, kind.number, wire, 0, len(wire))
        return wire
    except UnicodeError:
        problem = 'it holds a character that has no UTF-8 form'
    except (ValueError, dns.exception.DNSException) as error:
        problem = str(error).rstrip('.')
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + '...'
    raise ValueError(f'{shown!r} is not a valid {type} record: {problem}.')


def owner_problem(type: str, owner: str) -> str | None:
    """The sentence that says why this name may not own records of the type, if so."""
    kind = TYPES.get(type)
    return kind.owner_problem(owner) if kind else None


def number(type: str) -> int:
    """The number of a type on the wire; a master's zone may hold any."""
    return TYPES[type].number if type in TYPES else int(dns.rdatatype.from_text(type))


def to_text(type: str, wire: bytes) -> str:
    """The text of a record's data, which came from elsewhere in wire form."""
    return dns.rdata.from_wire(dns.rdataclass.IN, number(type), wire, 0, len(wire)).to_text()


def canonical(type: str, wire: bytes) -> bytes:
    """What the DNS compares: names in older types are without case (RFC 4034 section 6.2)."""
    return dns.rdata.from_wire(dns.rdataclass.IN, number(type), wire, 0, len(wire)).to_digestable()


def distinct(type: str, wires: Iterable[bytes]) -> list[bytes]:
    """The wire forms, of those that are one record the first: a set holds no record twice.

    A name server keeps one of two that are equal, and then cannot delete two (RFC 2181
    section 5).
    """
    found: dict[bytes, bytes] = {}
    for wire in wires:
        found.setdefault(canonical(type, wire), wire)
    return list(found.values())


def join(rdatas: Sequence[bytes]) -> bytes:
    """Wire forms as a recordset's row stores them: each after its length in two octets."""
    return b''.join([struct.pack('!H', len(rdata)) + rdata for rdata in rdatas])


def split(wire: bytes) -> list[bytes]:
    """The wire forms that ``join`` put together."""
    rdatas, start = [], 0
    while start < len(wire):
        end = start + 2 + int.from_bytes(wire[start:start + 2], 'big')
        rdatas.append(wire[start + 2:end])
        start = end
    return rdatas
