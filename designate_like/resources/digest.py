# SPDX-License-Identifier: Apache-2.0
"""A fingerprint of a zone's content, the same in whatever order its records are read.

It is the sum, modulo 2^256, of the SHA-256 of each record in canonical form (RFC 4034 section
6.2): owner, type, class, TTL, RDATA. The SOA is left out, and so is what a server that signs
the zone adds to it.
"""
import hashlib
import struct
from collections.abc import Iterator
from typing import NamedTuple

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype

from designate_like.resources import names

_FIXED = struct.Struct('!HHIH')
_IN = dns.rdataclass.IN
_MODULUS = 2**256
_BIND_SIGNING = 65534       # The type by which BIND remembers how far it has signed a zone.

LEFT_OUT = frozenset({
    dns.rdatatype.SOA, dns.rdatatype.RRSIG, dns.rdatatype.NSEC, dns.rdatatype.NSEC3,
    dns.rdatatype.NSEC3PARAM, dns.rdatatype.DNSKEY, dns.rdatatype.CDS, dns.rdatatype.CDNSKEY,
    dns.rdatatype.ZONEMD, _BIND_SIGNING})


class Digest(NamedTuple):
    """The fingerprint, as hexadecimal text, and of how many records it is."""
    text: str
    count: int


class Sum:
    """The fingerprint of what was added so far."""

    def __init__(self) -> None:
        self._total = 0
        self.count = 0

    def add(self, owner: bytes, ttl: int, rdataset: dns.rdataset.Rdataset) -> None:
        """Add the records of one name and type, each once.

        :param owner: the name in wire form.
        """
        if rdataset.rdtype in LEFT_OUT:
            return
        owner = owner.lower()       # Lengths of labels are below "A".
        for data in {each.to_digestable() for each in rdataset}:
            record = owner + _FIXED.pack(rdataset.rdtype, _IN, ttl, len(data)) + data
            self._total += int.from_bytes(hashlib.sha256(record).digest(), 'big')
            self.count += 1

    def add_stored(self, name: str, type_: str, ttl: int, wire: bytes) -> None:
        """Add a set of records as the database keeps it.

        :param wire: its records, each after its length (two bytes).
        """
        number = dns.rdatatype.from_text(type_)
        if number not in LEFT_OUT:
            rdataset = dns.rdataset.Rdataset(_IN, number)
            for each in _records(number, wire):
                rdataset.add(each)
            self.add(names.to_wire(name), ttl, rdataset)

    @property
    def digest(self) -> Digest:
        """The fingerprint."""
        return Digest(f'{self._total % _MODULUS:064x}', self.count)


def of_rrset(name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> Digest:
    """The fingerprint of one set of records that a server has sent."""
    total = Sum()
    total.add(name.to_wire() or b'', rdataset.ttl, rdataset)
    return total.digest


def _records(number: int, wire: bytes) -> Iterator[dns.rdata.Rdata]:
    start = 0
    while start < len(wire):
        length = wire[start] << 8 | wire[start + 1]
        yield dns.rdata.from_wire(_IN, number, wire, start + 2, length)
        start += 2 + length
