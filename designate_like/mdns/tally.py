# SPDX-License-Identifier: Apache-2.0
"""What became of each packet, counted for Prometheus by the last message that answers it."""
import contextlib
import struct
from collections.abc import Iterator

import dns.opcode
import dns.rcode
import dns.rdatatype

from designate_like import metrics
from designate_like.mdns import udp
from designate_like.mdns import wire

_QUESTION_AT = 12       # octets of the header of a message
_TRANSFERS = {dns.rdatatype.AXFR: 'axfr', dns.rdatatype.IXFR: 'ixfr'}


def counted(respond: udp.Respond) -> udp.Respond:
    """The same answers; each packet is counted when its answer ends."""
    def counting(packet: bytes, sender: str, stream: bool) -> Iterator[bytes]:
        message, kind = b'', 'failed'       # As it is when the client leaves in the midst.
        try:
            with contextlib.closing(respond(packet, sender, stream)) as messages:
                for message in messages:
                    yield message
            kind = _kind(message)
        finally:
            metrics.count('dns_answers_total', kind=kind, transport='tcp' if stream else 'udp')
    return counting


def _kind(reply: bytes) -> str:
    """What a reply is, whose question is not compressed; nothing says that the packet was dropped.

    A reply that gives what was asked for has authority or refers to other servers, to which it may
    be too short.
    """
    if not reply:
        return 'dropped'
    flags, _, _, authority = struct.unpack_from('!HHHH', reply, 2)
    if flags & 0xF == dns.rcode.SERVFAIL:
        return 'failed'
    if not (flags & (wire.AA | wire.TC) or authority):
        return 'refused'
    if dns.opcode.from_flags(flags) == dns.opcode.NOTIFY:
        return 'notify'
    _, at = wire.read_name(reply, _QUESTION_AT)
    type_, = struct.unpack_from('!H', reply, at)
    return _TRANSFERS.get(type_, 'query')
