# SPDX-License-Identifier: Apache-2.0
"""DNS messages as bytes: reading requests, writing replies (RFC 1035 section 4, RFC 6891).

Nothing here builds an object per record. Owner names are compressed in one way only: a reply
speaks of one zone, whose name ends the question's name, so an owner is its labels below the
zone and a pointer into the question, which every message repeats.
"""
import dataclasses
import string
import struct
from collections.abc import Callable
from typing import NamedTuple

import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype

from designate_like.resources import names
from designate_like.resources import rr

QUERY, NOTIFY = int(dns.opcode.QUERY), int(dns.opcode.NOTIFY)
QR, AA, TC, RD = 0x8000, 0x0400, 0x0200, 0x0100
UDP_SIZE = 1232         # octets: what crosses networks whole, and what EDNS tells of us
TCP_SIZE = 65535        # octets

_OPCODE = 0x7800
_HEADER = struct.Struct('!HHHHHH')
_QUESTION = struct.Struct('!HH')
_RECORD = struct.Struct('!HHIH')
_PLAIN_UDP_SIZE = 512
_DNSSEC_OK = 0x8000
_MAX_NAME = 255
_POINTER = 0xC000
_SERIAL_FROM_END = 20   # An SOA ends in five 32-bit numbers, the serial first.
_SMALLEST_SOA = 22
_ORDINARY = (string.ascii_letters + string.digits + '_-*/').encode()


class Question(NamedTuple):
    """What is asked; ``wire`` is the question as it was sent, name, type and class."""
    name: str
    type: int
    class_: int
    wire: bytes


class Edns(NamedTuple):
    """An OPT record: the version, the octets the sender takes by UDP, the DO bit."""
    version: int
    size: int
    dnssec_ok: bool


class Request(NamedTuple):
    """What a message asks.

    :param serial: that of the SOA in the authority section, if any.
    :param tsig_at: the offset of the TSIG record that ends the message, 0 for none.
    :param reserve: octets that replies leave free for their signature.
    """
    id: int
    flags: int
    questions: list[Question]
    edns: list[Edns]
    serial: int | None
    tsig_at: int = 0
    reserve: int = 0

    @property
    def opcode(self) -> int:
        return (self.flags & _OPCODE) >> 11

    @property
    def udp_size(self) -> int:
        """The octets that a reply by UDP may have."""
        if not self.edns:
            return _PLAIN_UDP_SIZE
        return min(max(self.edns[0].size, _PLAIN_UDP_SIZE), UDP_SIZE)


class Records(NamedTuple):
    """Records of one owner and type; ``data`` is each one's RDATA after its length."""
    name: str
    type: int
    ttl: int
    data: bytes


@dataclasses.dataclass
class Reply:
    """What to answer; every owner is in ``zone``, and so is the question's name."""
    rcode: int = dns.rcode.NOERROR
    authoritative: bool = False
    zone: str = '.'
    answer: list[Records] = dataclasses.field(default_factory=list)
    authority: list[Records] = dataclasses.field(default_factory=list)
    additional: list[Records] = dataclasses.field(default_factory=list)


def decode(packet: bytes) -> Request:
    """Read a request.

    :raises ValueError: when it is not one whole DNS message.
    """
    try:
        return _decode(packet)
    except (IndexError, struct.error) as problem:
        raise ValueError('the message ends too early') from problem


def _decode(packet: bytes) -> Request:
    id_, flags, *counts = _HEADER.unpack_from(packet)
    at = _HEADER.size
    questions, edns, serial, tsig_at = [], [], None, 0
    for _ in range(counts[0]):
        start = at
        name, at = read_name(packet, at)
        questions.append(Question(name, *_QUESTION.unpack_from(packet, at),
                                  packet[start:at + _QUESTION.size]))
        at += _QUESTION.size
    for section, count in enumerate(counts[1:]):
        for _ in range(count):
            if tsig_at:
                raise ValueError('a record follows the TSIG')
            owner, at = at, _skip_name(packet, at)
            type_, class_, ttl, length = _RECORD.unpack_from(packet, at)
            at += _RECORD.size + length
            if type_ == dns.rdatatype.OPT and section == 2:
                if packet[owner]:
                    raise ValueError('the owner of OPT is not the root')
                edns.append(Edns(ttl >> 16 & 0xFF, class_, bool(ttl & _DNSSEC_OK)))
            elif type_ == dns.rdatatype.TSIG and section == 2:
                tsig_at = owner
            elif type_ == dns.rdatatype.SOA and section == 1 and length >= _SMALLEST_SOA:
                serial, = struct.unpack_from('!I', packet, at - _SERIAL_FROM_END)
    if at != len(packet):
        raise ValueError('the message does not end where its records end')
    return Request(id_, flags, questions, edns, serial, tsig_at)


def read_name(data: bytes, at: int) -> tuple[str, int]:
    """The text of the uncompressed name at an offset, and the offset after it.

    :raises ValueError: when it is compressed or too long.
    :raises IndexError: when the data ends within it.
    """
    start, labels = at, []
    while length := data[at]:
        if length > 63:
            raise ValueError('a name is compressed where it cannot be')
        labels.append(data[at + 1:at + 1 + length])
        at += 1 + length
    at += 1
    if at - start > _MAX_NAME:
        raise ValueError('a name is too long')
    if not b''.join(labels).strip(_ORDINARY):
        return b'.'.join([*labels, b'']).decode('ascii') or '.', at
    return dns.name.Name([*labels, b'']).to_text(), at


def _skip_name(packet: bytes, at: int) -> int:
    """The offset after a name that may be compressed."""
    while length := packet[at]:
        if length >= 0xC0:
            return at + 2
        if length > 63:
            raise ValueError('a label is of no known kind')
        at += 1 + length
    return at + 1


def compressor(question: Question, zone: str) -> Callable[[str], bytes]:
    """The function that makes the wire form of an owner in the zone (RFC 1035 section 4.1.4).

    :param zone: a name that ends the question's name.
    """
    cut = len(names.to_wire(zone))
    asked = len(question.wire) - _QUESTION.size
    whole = struct.pack('!H', _POINTER | _HEADER.size)
    pointer = struct.pack('!H', _POINTER | _HEADER.size + asked - cut)

    def owner(name: str) -> bytes:
        return whole if name == question.name else names.to_wire(name)[:-cut] + pointer
    return owner


def render(owner: bytes, records: Records) -> list[bytes]:
    """The resource records of a set, whose owner has this wire form."""
    return rr.render(owner, records.type, records.ttl, records.data)


def encode(request: Request, reply: Reply, limit: int = TCP_SIZE) -> bytes:
    """The message that carries a reply.

    What goes beyond ``limit`` octets, signature included, is left out: first the additional
    records, which is no truncation unless they are a referral's glue (RFC 2181 section 9,
    RFC 9471), then all.
    """
    limit -= request.reserve
    sections: list[list[bytes]] = [[], [], []]
    if reply.answer or reply.authority:
        owner = compressor(request.questions[0], reply.zone)
        sections = [[each for records in section for each in render(owner(records.name), records)]
                    for section in (reply.answer, reply.authority, reply.additional)]
    flags = AA if reply.authoritative else 0
    made = message(request, reply.rcode, flags, sections)
    if len(made) > limit:
        if not (reply.authoritative or reply.answer):
            flags |= TC
        made = message(request, reply.rcode, flags, [*sections[:2], []])
    if len(made) > limit:
        made = message(request, reply.rcode, flags | TC, [[], [], []])
    return made


def message(request: Request, rcode: int, flags: int, sections: list[list[bytes]]) -> bytes:
    """A reply with these answer, authority and additional records.

    A question that stands alone is repeated, and EDNS is answered with EDNS.
    """
    is_plain = len(request.questions) == 1 and request.opcode in (QUERY, NOTIFY)
    question = request.questions[0].wire if is_plain else b''
    answer, authority, additional = sections
    opt = b''
    if request.edns:
        dnssec_ok = _DNSSEC_OK if request.edns[0].dnssec_ok else 0
        opt = b'\0' + _RECORD.pack(dns.rdatatype.OPT, UDP_SIZE, rcode >> 4 << 24 | dnssec_ok, 0)
    flags |= QR | request.flags & (_OPCODE | RD) | rcode & 0xF
    header = _HEADER.pack(request.id, flags, 1 if question else 0, len(answer), len(authority),
                          len(additional) + (1 if opt else 0))
    return b''.join([header, question, *answer, *authority, *additional, opt])
