# SPDX-License-Identifier: Apache-2.0
"""The SOA of a zone (RFC 1035 section 3.3.13), made from the zone itself."""
import struct

from designate_like.resources import names
from designate_like.resources import rr
from designate_like.resources import zones

_NUMBERS = struct.Struct('!IIIII')
NO_MNAME = 'invalid.'


def rname(email: str) -> str:
    """The mailbox of an email address as a name, dots of the local part escaped."""
    local, _, domain = email.partition('@')
    escaped = local.replace('.', '\\.')
    return f'{escaped}.{domain}.'


def text(zone: zones.Zone) -> str:
    """The SOA's record as the API shows it."""
    return (f'{zone.mname or NO_MNAME} {rname(zone.email)} {zone.serial % 2**32} {zone.refresh} '
            f'{zone.retry} {zone.expire} {zone.minimum}')


def rdata(zone: zones.Zone, serial: int | None = None) -> bytes:
    """The SOA's RDATA, with another serial where one is given."""
    local, _, domain = zone.email.encode('ascii').partition(b'@')
    number = zone.serial if serial is None else serial
    return (names.to_wire(zone.mname or NO_MNAME) + bytes([len(local)]) + local
            + names.to_wire(domain.decode() + '.')
            + _NUMBERS.pack(number % 2**32, zone.refresh, zone.retry, zone.expire, zone.minimum))


def record(zone: zones.Zone, serial: int | None = None) -> bytes:
    """The whole SOA resource record, uncompressed."""
    data = rdata(zone, serial)
    return rr.encode(zone.name, 'SOA', zone.ttl, struct.pack('!H', len(data)) + data)
