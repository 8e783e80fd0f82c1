# SPDX-License-Identifier: Apache-2.0
"""Resource records in wire form (RFC 1035 section 3.2.1), uncompressed."""
import struct
from collections.abc import Iterator

import dns.name
import dns.rdatatype

from designate_like.resources import names
from designate_like.resources import rdata

_FIXED = struct.Struct('!HHI')
_IN = 1
_TTL = struct.Struct('!I')
_SIGNED_TTL_AT = 6      # Octets after the length, type, algorithm and labels (section 3.1).
_RRSIG = int(dns.rdatatype.RRSIG)


def encode(name: str, type_: str, ttl: int, wire: bytes) -> bytes:
    """The records of a set, one after the other.

    :param wire: the set's records, each after its length (two bytes).
    """
    return b''.join(render(names.to_wire(name), rdata.number(type_), ttl, wire))


def render(owner: bytes, number: int, ttl: int, wire: bytes) -> list[bytes]:
    """Each record of a set, whose owner has this wire form.

    :param number: of the type.
    :param wire: as :func:`encode` takes it.
    """
    head, end = owner + _FIXED.pack(number, _IN, ttl), len(wire)
    if number != _RRSIG and wire and 2 + (wire[0] << 8 | wire[1]) == end:
        return [head + wire]
    rendered, start = [], 0
    while start < end:
        stop = start + 2 + (wire[start] << 8 | wire[start + 1])
        if number == _RRSIG:
            head = owner + _FIXED.pack(number, _IN, _signed_ttl(wire, start))
        rendered.append(head + wire[start:stop])
        start = stop
    return rendered


def _signed_ttl(wire: bytes, start: int) -> int:
    """The TTL of the RRSIG at an offset of a set: that of what it signs, each its own (RFC 4034
    section 3).
    """
    return _TTL.unpack_from(wire, start + _SIGNED_TTL_AT)[0]


def decode(records: bytes) -> Iterator[tuple[str, str, int, bytes]]:
    """Name, type, TTL and RDATA of each of the records, as :func:`encode` puts them together."""
    start = 0
    while start < len(records):
        name, length = dns.name.from_wire(records, start)
        start += length
        type_, _, ttl = _FIXED.unpack_from(records, start)
        start += _FIXED.size
        stop = start + 2 + (records[start] << 8 | records[start + 1])
        yield name.to_text(), dns.rdatatype.to_text(type_), ttl, records[start + 2:stop]
        start = stop
