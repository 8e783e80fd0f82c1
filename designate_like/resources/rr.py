# SPDX-License-Identifier: Apache-2.0
"""Resource records in wire form (RFC 1035 section 3.2.1), uncompressed."""
import struct

from designate_like.resources import names
from designate_like.resources import rdata

_FIXED = struct.Struct('!HHI')
_IN = 1


def encode(name: str, type_: str, ttl: int, wire: bytes) -> bytes:
    """The records of a set, one after the other.

    :param wire: the set's records, each after its length (two bytes).
    """
    head = names.to_wire(name) + _FIXED.pack(rdata.TYPES[type_].number, _IN, ttl)
    parts = []
    start, end = 0, len(wire)
    while start < end:
        stop = start + 2 + (wire[start] << 8 | wire[start + 1])
        parts += (head, wire[start:stop])
        start = stop
    return b''.join(parts)
