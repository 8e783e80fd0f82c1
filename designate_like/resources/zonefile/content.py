# SPDX-License-Identifier: Apache-2.0
"""The content of a zone file: its records one by one as they are read, then all of them.

A record that cannot be part of the zone is refused, with the line in which it stands.
"""
import dataclasses
import functools
from collections.abc import Callable
from collections.abc import Collection
from typing import Any

import dns.name
import dns.rdata
import dns.rdatatype
import dns.rdtypes.ANY.SOA

from designate_like import errors
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import types
from designate_like.resources.zonefile import texts

NO_SOA = 'An SOA record is required.'
MALFORMED = 'Malformed zonefile.'

MOST_GENERATED = 65536      # records that one $GENERATE may make
_LONGEST_TTL = 2**31 - 1    # RFC 2181 section 8


@dataclasses.dataclass(slots=True)
class Recordset:
    """The records of one name and type; ``ttl`` None is the zone's, ``line`` that of the first."""
    name: str
    key: str
    type: str
    ttl: int | None
    line: int
    records: dict[bytes, str] = dataclasses.field(default_factory=dict)     # text by wire form


@dataclasses.dataclass(frozen=True)
class Zonefile:
    """A zone as a file has it: the name as it is written there, what its SOA says, and all
    recordsets but the SOA and the NS at the top.
    """
    name: str
    ttl: int
    email: str
    serial: int
    refresh: int
    retry: int
    expire: int
    minimum: int
    recordsets: list[Recordset]


def malformed(line: int, reason: object) -> errors.InvalidZonefile:
    """The error that says what is wrong in a line."""
    return errors.InvalidZonefile(f"{MALFORMED} Line {line}: {str(reason).rstrip('.')}.")


class Content:
    """What dnspython's reader wants of a transaction, and what has been read."""

    def __init__(self, line: Callable[[], int], origin: str, supported: Collection[str],
                 count: Callable[[int], None]) -> None:
        """Hold nothing yet.

        :param line: tells on which line the statement begins that is being read.
        """
        self.manager = self
        self._begun = line
        self._name, self._key = origin, names.key(origin)
        self._types = {kind.number: name for name, kind in rdata.TYPES.items() if name in supported}
        self._count = count
        self._records = 0
        self._line = self._of_line = 0
        self._recordsets: dict[tuple[str, int], Recordset] = {}
        self._soa: tuple[int, int, dns.rdtypes.ANY.SOA.SOA] | None = None
        self._owner: Callable[[dns.name.Name], tuple[str, str]] = functools.lru_cache(4)(_owner)

    # -- for the reader --

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        """The root, and no relative names."""
        return dns.name.root, False, dns.name.root

    def check_put_rdataset(self, check: Any) -> None:
        """Do nothing: CNAMEs are looked at when everything is there."""

    def _set_origin(self, origin: dns.name.Name) -> None:
        """Do nothing: the zone's origin is the first."""

    def add(self, name: dns.name.Name, ttl: int, data: dns.rdata.Rdata) -> None:
        """Take a record.

        :raises InvalidZonefile: for one that cannot be part of the zone.
        """
        begun = self._begun()
        self._of_line = self._of_line + 1 if begun == self._line else 1
        self._line = begun
        owner, key = self._owner(name)
        problem = self._problem(owner, key, ttl, data)
        if problem:
            raise malformed(self._line, problem)
        if data.rdtype == dns.rdatatype.SOA:
            self._take_soa(ttl, data)
            return
        wire = data.to_wire()
        found = self._recordsets.get((key, data.rdtype))
        if found is None:
            found = self._recordsets[key, data.rdtype] = Recordset(
                owner, key, self._types[data.rdtype], ttl or None, self._line)
        if wire not in found.records:
            found.records[wire] = texts.text(data)
            if found.type != 'NS' or key != self._key:
                self._records += 1
                self._count(self._records)

    def _problem(self, owner: str, key: str, ttl: int, data: dns.rdata.Rdata) -> str | None:
        if self._of_line > MOST_GENERATED:
            return f'$GENERATE may make {MOST_GENERATED} records'
        if not key.startswith(self._key):
            return f"'{owner}' is not in zone '{self._name}'"
        if ttl > _LONGEST_TTL:
            return f'a TTL of {ttl} is above the largest, {_LONGEST_TTL}'
        type_ = self._types.get(data.rdtype)
        if type_ is None:
            return f'{dns.rdatatype.to_text(data.rdtype)} is not a supported record type'
        if type_ == 'SOA' and key != self._key:
            return f"the SOA of '{owner}' is in the file of zone '{self._name}'"
        return rdata.owner_problem('NS', owner) if type_ == 'NS' else None

    def _take_soa(self, ttl: int, data: dns.rdtypes.ANY.SOA.SOA) -> None:
        """Transfers in text form end with the SOA again; another one is a mistake."""
        if self._soa is not None and self._soa[2] != data:
            raise malformed(self._line, f'another SOA stands in line {self._soa[0]}')
        self._soa = self._soa or (self._line, ttl, data)

    # -- afterwards --

    def zonefile(self) -> Zonefile:
        """All that was read.

        :raises InvalidZonefile: when there is no SOA, or one that the service cannot keep, or
            a CNAME that is not alone.
        """
        if self._soa is None:
            raise errors.InvalidZonefile(NO_SOA)
        line, ttl, soa = self._soa
        try:
            email = _email(soa.rname)
        except ValueError as problem:
            raise malformed(line, problem) from None
        self._recordsets.pop((self._key, dns.rdatatype.NS), None)
        recordsets = list(self._recordsets.values())
        for each in recordsets:
            if len(each.records) > 1:
                each.records = {wire: each.records[wire]
                                for wire in rdata.distinct(each.type, each.records)}
        self._check_cnames(recordsets)
        return Zonefile(self._name, ttl, email, soa.serial, soa.refresh, soa.retry, soa.expire,
                        soa.minimum, recordsets)

    def _check_cnames(self, recordsets: list[Recordset]) -> None:
        """RFC 1034 section 3.6.2: a CNAME stands alone."""
        cnames = {each.key: each for each in recordsets if each.type == 'CNAME'}
        for each in recordsets:
            cname = cnames.get(each.key)
            if cname is not None and (each is not cname or each.key == self._key
                                      or len(cname.records) > 1):
                raise malformed(max(each.line, cname.line),
                                f"CNAME at '{cname.name}' must stand alone")


def _owner(name: dns.name.Name) -> tuple[str, str]:
    text = name.to_text()
    return text, names.key(text)


def _email(rname: dns.name.Name) -> str:
    """The address that a mailbox in a SOA stands for (RFC 1035 section 8)."""
    local, *domain = rname.labels
    address = (f"{local.decode('latin-1')}@"
               f"{dns.name.Name(domain).to_text(omit_final_dot=True) if domain else ''}")
    return types.Email().parse(address)
