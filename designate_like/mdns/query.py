# SPDX-License-Identifier: Apache-2.0
"""Ordinary queries, answered from one zone with authority (RFC 1034 section 4.3.2, RFC 4592)."""
import struct
from collections.abc import Callable

import dns.rcode
import dns.rdatatype
import sqlalchemy

from designate_like import resources
from designate_like import store
from designate_like.mdns import wire
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import soa

RRset = store.recordsets.RRset
Found = dict[str, RRset]            # the RRsets of a name, by type

_LONGEST_CHAIN = 16                 # CNAMEs followed for one question
_ANY = 'ANY'
_ADDRESSES = ('A', 'AAAA')
_TARGET_AT = {'NS': 0, 'MX': 2, 'SRV': 6}   # octets of RDATA before the name of a host
_HINFO = b'\x00\x09\x07RFC8482\x00'         # RFC 8482 section 4.2
_HINFO_TTL = 3600


def soa_records(zone: resources.Zone, ttl: int | None = None) -> wire.Records:
    """The SOA of a zone, as a reply carries it."""
    data = soa.rdata(zone)
    return wire.Records(zone.name, dns.rdatatype.SOA, zone.ttl if ttl is None else ttl,
                        struct.pack('!H', len(data)) + data)


def lookup(tx: sqlalchemy.Connection, zone: resources.Zone, question: wire.Question,
           is_inside: Callable[[str], bool]) -> wire.Reply:
    """Answer a question about a name that the zone encloses.

    :param is_inside: whether the zone is the nearest one that encloses another name; a chain
        of CNAMEs is followed that far.
    """
    reply = wire.Reply(authoritative=True, zone=zone.name)
    if question.type == dns.rdatatype.SOA and names.key(question.name) == zone.key:
        reply.answer = [soa_records(zone)]      # What polls ask; it needs no more than the zone.
        return reply
    wanted = dns.rdatatype.to_text(question.type)
    name = question.name
    chain: list[str] = []
    while True:
        path = _path(zone, name)
        found = _find(tx, zone, path)
        cut = _cut(zone, path, found, wanted)
        if cut is not None:
            return _refer(tx, zone, reply, cut, found[names.key(cut)]['NS'])
        here = _match(tx, zone, path, found)
        taken = _take(here, wanted) if here else None
        if taken is None:
            return _deny(zone, reply, here)
        reply.answer.append(_records(zone, taken, name))
        if taken.type != 'CNAME' or wanted in ('CNAME', _ANY):
            reply.additional = _addresses(tx, zone, taken)
            return reply
        chain.append(names.key(name))
        name, _ = wire.read_name(taken.wire, 2)
        if names.key(name) in chain or len(chain) == _LONGEST_CHAIN or not is_inside(name):
            return reply


def _path(zone: resources.Zone, name: str) -> list[str]:
    """The name and those that enclose it, up to the zone's."""
    return [each for each in (name, *names.parents(name)) if len(each) >= len(zone.name)]


def _find(tx: sqlalchemy.Connection, zone: resources.Zone, path: list[str]) -> dict[str, Found]:
    """By key, what stands at the names of the path and at the wildcards that may cover it."""
    keys = [names.key(each) for each in path]
    found: dict[str, Found] = {}
    for rrset in store.recordsets.at(tx, zone.id, keys + [f'{key}*.' for key in keys[1:]]):
        found.setdefault(rrset.key, {})[rrset.type] = rrset
    records = soa_records(zone)
    found.setdefault(zone.key, {})['SOA'] = RRset(zone.name, zone.key, 'SOA', records.ttl,
                                                  records.data)
    return found


def _cut(zone: resources.Zone, path: list[str], found: dict[str, Found],
         wanted: str) -> str | None:
    """The topmost name of the path that is delegated; its DS is still ours to answer."""
    for name in reversed(path[:-1]):
        if 'NS' in found.get(names.key(name), ()):
            return None if wanted == 'DS' and name == path[0] else name
    return None


def _match(tx: sqlalchemy.Connection, zone: resources.Zone, path: list[str],
           found: dict[str, Found]) -> Found | None:
    """What the name owns or the wildcard of its closest encloser gives it.

    Empty when the name, or the wildcard, only has others below it (RFC 4592 section 2.2.2);
    None when the name does not exist.
    """
    key, *above = [names.key(each) for each in path]
    if key in found:
        return found[key]
    if store.recordsets.below(tx, zone.id, key):
        return {}
    for each in above:
        wildcard = f'{each}*.'
        if wildcard in found:
            return found[wildcard]
        if store.recordsets.below(tx, zone.id, wildcard):
            return {}
        if each in found or store.recordsets.below(tx, zone.id, each):
            break
    return None


def _take(here: Found, wanted: str) -> RRset | None:
    """The RRset that answers: of the type, else the CNAME; for ANY as little as may be."""
    if wanted == _ANY:
        return here.get('CNAME') or RRset('', '', 'HINFO', _HINFO_TTL, _HINFO)
    return here.get(wanted) or here.get('CNAME')


def _records(zone: resources.Zone, rrset: RRset, name: str) -> wire.Records:
    """An RRset as owned by a name, the asked one where a wildcard gave it."""
    return wire.Records(name, dns.rdatatype.from_text(rrset.type),
                        zone.ttl if rrset.ttl is None else rrset.ttl, rrset.wire)


def _deny(zone: resources.Zone, reply: wire.Reply, here: Found | None) -> wire.Reply:
    """Say that the name, or only the type, does not exist (RFC 2308 sections 2 and 3)."""
    if here is None:
        reply.rcode = dns.rcode.NXDOMAIN
    reply.authority = [soa_records(zone, min(zone.ttl, zone.minimum))]
    return reply


def _refer(tx: sqlalchemy.Connection, zone: resources.Zone, reply: wire.Reply, cut: str,
           servers: RRset) -> wire.Reply:
    """Point to the servers of a delegated zone, without authority unless a CNAME led here."""
    reply.authoritative = bool(reply.answer)
    reply.authority = [_records(zone, servers, cut)]
    reply.additional = _addresses(tx, zone, servers)
    return reply


def _addresses(tx: sqlalchemy.Connection, zone: resources.Zone,
               rrset: RRset) -> list[wire.Records]:
    """The addresses that the zone holds of the hosts to which the records point."""
    offset = _TARGET_AT.get(rrset.type)
    if offset is None:
        return []
    hosts = [names.key(wire.read_name(data, offset)[0]) for data in rdata.split(rrset.wire)]
    inside = [key for key in hosts if key.startswith(zone.key)]
    if not inside:
        return []
    found = [each for each in store.recordsets.at(tx, zone.id, inside) if each.type in _ADDRESSES]
    found.sort(key=lambda each: (each.key, each.type))      # As databases give them in any order.
    return [_records(zone, each, each.name) for each in found]
