# SPDX-License-Identifier: Apache-2.0
"""Writing a zone file, from the wire form of what a zone holds: every server reads it alike."""
from collections.abc import Iterator

from designate_like.resources import rdata
from designate_like.resources import soa
from designate_like.resources import zones


def head(zone: zones.Zone) -> str:
    """The first lines: $ORIGIN, $TTL, and the SOA."""
    return (f'$ORIGIN {zone.name}\n$TTL {zone.ttl}\n\n'
            f'{zone.name} IN SOA {soa.text(zone)}\n')


def lines(name: str, type_: str, ttl: int | None, wire: bytes) -> Iterator[str]:
    """A line for each record of a recordset.

    :param ttl: None leaves it to $TTL.
    :param wire: the records, each after its length (two bytes).
    """
    start = f'{name} {"" if ttl is None else f"{ttl} "}IN {type_} '
    for each in rdata.split(wire):
        yield f'{start}{rdata.to_text(type_, each)}\n'
