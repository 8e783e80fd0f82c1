# SPDX-License-Identifier: Apache-2.0
"""Several differences as one: what changed and changed back is not sent (RFC 1995 section 5).

A record is one with another when owner, type, TTL and RDATA are, the owner without case. So a
new TTL is the old record gone and another one come.
"""
from collections.abc import Iterable
from collections.abc import Iterator

_AFTER_OWNER = 8        # octets of type, class and TTL

Difference = tuple[bytes, bytes]


def condense(differences: Iterable[Difference]) -> Difference:
    """The net of differences that follow one another, of which there is at least one.

    Each is (removed, added): whole, uncompressed resource records, the SOA first in each. It
    takes memory for all of them.
    """
    soas: list[bytes] = []
    removed: dict[bytes, bytes] = {}
    added: dict[bytes, bytes] = {}
    for old, new in differences:
        for part, cancels, joins in ((old, added, removed), (new, removed, added)):
            soa, *rrs = records(part)
            soas = [*soas[:1], soa]
            for rr in rrs:
                key = _key(rr)
                if cancels.pop(key, None) is None:
                    joins[key] = rr
    first, last = soas
    return b''.join([first, *removed.values()]), b''.join([last, *added.values()])


def records(rrs: bytes) -> Iterator[bytes]:
    """The single records of a run of whole, uncompressed ones."""
    start = 0
    while start < len(rrs):
        fixed = _fixed(rrs, start)
        stop = fixed + 2 + (rrs[fixed] << 8 | rrs[fixed + 1])
        yield rrs[start:stop]
        start = stop


def _key(rr: bytes) -> bytes:
    """What tells a record from others. No length of a label is the code of a letter."""
    owner = _fixed(rr, 0) - _AFTER_OWNER
    return rr[:owner].lower() + rr[owner:]


def _fixed(rrs: bytes, at: int) -> int:
    """The offset of the length of the RDATA of the record at an offset."""
    while length := rrs[at]:
        at += 1 + length
    return at + 1 + _AFTER_OWNER
