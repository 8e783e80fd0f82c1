# SPDX-License-Identifier: Apache-2.0
"""Zone transfers out: AXFR (RFC 5936) and IXFR from the journal (RFC 1995).

A transfer reads one snapshot and is made while it is sent, so its memory does not grow with
the zone.
"""
import contextlib
import functools
import itertools
from collections.abc import Iterable
from collections.abc import Iterator

import dns.rcode
import dns.rdatatype
import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.mdns import condense
from designate_like.mdns import query
from designate_like.mdns import wire
from designate_like.resources import rdata
from designate_like.resources import rr
from designate_like.resources import serials

TYPES = (dns.rdatatype.AXFR, dns.rdatatype.IXFR)

# Bytes of differences that are made into one. More than that, which costs several times as much
# memory and keeps the processor busy, are sent as they are.
_CONDENSABLE = store.journal.SMALL

_CONDENSABLE_BY_UDP = 2**14

_number = functools.cache(rdata.number)


def messages(tx: sqlalchemy.Connection, zone: resources.Zone, request: wire.Request,
             stream: bool, limit: int) -> Iterator[bytes]:
    """The messages that answer an AXFR or IXFR of the zone.

    :param stream: whether the request came by TCP.
    :param limit: octets of one message by TCP.
    """
    if request.questions[0].type == dns.rdatatype.AXFR:
        if stream:
            yield from pack(request, _whole(tx, zone, request), limit)
        else:
            yield _malformed(request)
    elif request.serial is None:
        yield _malformed(request)
    elif stream:
        yield from pack(request, _newer(tx, zone, request), limit)
    else:
        yield _by_udp(tx, zone, request)


def pack(request: wire.Request, rrs: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Authoritative messages of at most ``limit`` octets, filled with records in order.

    What the signature of each needs is left free.

    :raises ValueError: for a record that no message can hold.
    """
    limit -= request.reserve
    empty = len(wire.message(request, dns.rcode.NOERROR, wire.AA, [[], [], []]))
    held: list[bytes] = []
    size = empty
    for each in rrs:
        size += len(each)
        if size > limit:
            size = empty + len(each)
            if size > limit:
                raise ValueError(f'a record of {len(each)} octets does not fit a message')
            yield wire.message(request, dns.rcode.NOERROR, wire.AA, [held, [], []])
            held = []
        held.append(each)
    yield wire.message(request, dns.rcode.NOERROR, wire.AA, [held, [], []])


def _malformed(request: wire.Request) -> bytes:
    """An IXFR without a serial, or an AXFR by UDP, for which no form is defined."""
    return wire.encode(request, wire.Reply(rcode=dns.rcode.FORMERR))


def _by_udp(tx: sqlalchemy.Connection, zone: resources.Zone, request: wire.Request) -> bytes:
    """One message: all the answer or, when that is too long, the SOA (RFC 1995 section 2).

    The sender of a packet may be forged, so no more is read than is likely to be sent.
    """
    newer = _differences(tx, zone, request, _CONDENSABLE_BY_UDP)
    if newer is not None:
        with contextlib.closing(pack(request, newer, wire.TCP_SIZE)) as made:
            first, *more = itertools.islice(made, 2)
        if not more and len(first) <= request.udp_size - request.reserve:
            return first
    return wire.encode(request, wire.Reply(
        authoritative=True, zone=zone.name, answer=[query.soa_records(zone)]), request.udp_size)


def _newer(tx: sqlalchemy.Connection, zone: resources.Zone,
           request: wire.Request) -> Iterator[bytes]:
    """The records that lead from the request's serial to the zone's, by whichever way."""
    differences = _differences(tx, zone, request)
    return _whole(tx, zone, request) if differences is None else differences


def _differences(tx: sqlalchemy.Connection, zone: resources.Zone, request: wire.Request,
                 most: int | None = None) -> Iterator[bytes] | None:
    """The same as differences alone, None where the journal has none that are worth sending.

    :param most: as :func:`store.journal.size` takes it.
    """
    if serials.at_least(request.serial, zone.serial):
        return _soa(zone, request)
    size = store.journal.size(tx, zone, request.serial, most)
    if size is None:
        return None
    differences = store.journal.since(tx, zone, request.serial)
    if size <= _CONDENSABLE:
        net = condense.condense(differences)
        differences, size = (each for each in [net]), sum(map(len, net))
    if size > store.journal.whole_size(zone.record_count):
        return None
    return itertools.chain(_soa(zone, request), _changes(differences), _soa(zone, request))


def _changes(differences: Iterator[condense.Difference]) -> Iterator[bytes]:
    """The records of differences, one after the other."""
    with contextlib.closing(differences):
        for difference in differences:
            for part in difference:
                yield from condense.records(part)


def _soa(zone: resources.Zone, request: wire.Request) -> Iterator[bytes]:
    owner = wire.compressor(request.questions[0], zone.name)(zone.name)
    return iter(wire.render(owner, query.soa_records(zone)))


def _whole(tx: sqlalchemy.Connection, zone: resources.Zone,
           request: wire.Request) -> Iterator[bytes]:
    """Every record of the zone between two SOAs (RFC 5936 section 2.2)."""
    owner = wire.compressor(request.questions[0], zone.name)
    ttl = zone.ttl
    yield from _soa(zone, request)
    with contextlib.closing(store.recordsets.stream(tx, zone.id)) as rrsets:
        for name, _, type_, own_ttl, data in rrsets:
            yield from rr.render(owner(name), _number(type_),
                                 ttl if own_ttl is None else own_ttl, data)
    yield from _soa(zone, request)
