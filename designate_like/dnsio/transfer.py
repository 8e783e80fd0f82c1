# SPDX-License-Identifier: Apache-2.0
"""Transfers in: fetching a zone from its master, whole or as what has changed (RFC 5936, 1995).

It blocks, so it runs in a thread of its own. What comes is kept as records in wire form.
"""
import logging
import struct
from collections.abc import Iterator
from typing import Any

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.xfr

from designate_like import errors
from designate_like.dnsio import exchange

LOG = logging.getLogger(__name__)

# A master is anybody's, and what it sends is kept in memory: records of one transfer, and the
# seconds that it may last however steadily they come.
MOST_RECORDS = 2_000_000
_LIFETIME = 1800

_FIXED = struct.Struct('!HHIH')
_Record = tuple[dns.name.Name, dns.rdata.Rdata]


class Reader:
    """What dns.xfr wants of a transaction manager, and of its transactions, but for the records.
    """

    def __init__(self, origin: dns.name.Name) -> None:
        self._origin = origin

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        return self._origin, False, self._origin

    def from_wire_origin(self) -> None:
        return None     # Names stay absolute.

    def get_class(self) -> int:
        return dns.rdataclass.IN

    def commit(self) -> None:
        pass

    def rollback(self) -> None:
        pass


class Difference(Reader):
    """What a transfer brought.

    :ivar whole: it is the whole content, and not what leads from the asked serial to it.
    :ivar soa: the new SOA, with its TTL; None when nothing has changed.
    """

    def __init__(self, origin: dns.name.Name) -> None:
        super().__init__(origin)
        self.whole = True
        self.soa: dns.rdata.Rdata | None = None
        self.soa_ttl = 0
        self._removed: dict[_Record, int] = {}
        self._added: dict[_Record, int] = {}

    @property
    def removed(self) -> bytes:
        """The records that went, one after the other, uncompressed; without the SOA."""
        return _join(self._removed)

    @property
    def added(self) -> bytes:
        """The records that came."""
        return _join(self._added)

    def writer(self, replacement: bool = False) -> 'Difference':
        """Begin anew: a server may answer an IXFR with the whole zone."""
        self.whole = replacement
        self._removed.clear()
        self._added.clear()
        return self

    def add(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        for record in self._taken(name, rdataset):
            if self._removed.get((name, record)) == rdataset.ttl:
                del self._removed[name, record]
            else:
                self._added[name, record] = rdataset.ttl

    def delete_exact(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        for record in self._taken(name, rdataset):
            if (name, record) in self._added:
                del self._added[name, record]
            else:
                self._removed[name, record] = rdataset.ttl

    def _taken(self, name: dns.name.Name,
               rdataset: dns.rdataset.Rdataset) -> Iterator[dns.rdata.Rdata]:
        """The records of a set but the SOA; none where a master sends what is not in its zone."""
        if len(self._removed) + len(self._added) > MOST_RECORDS:
            raise dns.exception.FormError(f'more than {MOST_RECORDS} records')
        if name.is_subdomain(self._origin):
            yield from (each for each in rdataset if each.rdtype != dns.rdatatype.SOA)

    def replace(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        self.soa, self.soa_ttl = rdataset[0], rdataset.ttl

    def rollback(self) -> None:
        self.soa = None


def fetch(address: exchange.Address, zone_name: str, serial: int | None,
          key: dns.tsig.Key | None, timeout: float) -> Difference:
    """Transfer a zone by TCP.

    :param serial: the serial that is here already (32 bits); None fetches the whole zone. So does
        a master that knows nothing of differences, or sends some that are wrong.
    :param timeout: seconds for the connection, and for each message.
    :raises CommunicationFailure: when the master is away, refuses, or breaks off.
    """
    origin = dns.name.from_text(zone_name)
    if serial is not None:
        difference = Difference(origin)
        try:
            read(difference, address, serial, key, timeout)
        except errors.CommunicationFailure as problem:
            LOG.info('Zone %s is transferred whole: %s', zone_name, problem.message)
        else:
            return difference
    whole = Difference(origin)
    read(whole, address, None, key, timeout)
    return whole


def read(reader: Any, address: exchange.Address, serial: int | None, key: dns.tsig.Key | None,
         timeout: float) -> None:
    """Have a reader take what a transfer brings; see :func:`fetch`."""
    try:
        query, _ = dns.xfr.make_query(reader, serial=serial)
        if key is not None:
            query.use_tsig(key)
        dns.query.inbound_xfr(address[0], reader, query, port=address[1], timeout=timeout,
                              lifetime=_LIFETIME)
    except (dns.exception.DNSException, OSError, EOFError, ValueError) as problem:
        raise errors.CommunicationFailure(
            f'{address[0]} port {address[1]}: {problem or type(problem).__name__}') from problem


def _join(records: dict[_Record, int]) -> bytes:
    parts = []
    for (name, record), ttl in records.items():
        data = record.to_wire() or b''
        parts += [name.to_wire() or b'', _FIXED.pack(record.rdtype, record.rdclass, ttl,
                                                     len(data)), data]
    return b''.join(parts)
