# SPDX-License-Identifier: Apache-2.0
"""Types that name or address a host: A, AAAA, CNAME, NS, PTR, MX, SRV, and SOA."""
import socket
import struct

import dns.name

from designate_like.resources.rdata import fields


def a(text: str, owner: str) -> bytes:
    """A dotted quad without leading zeros."""
    wire = fields.address(socket.AF_INET, text)
    # Some C libraries read more forms than the one that they write.
    if socket.inet_ntop(socket.AF_INET, wire) != text:
        raise ValueError('an IPv4 address is expected')
    return wire


def aaaa(text: str, owner: str) -> bytes:
    """Any text of an IPv6 address, without scope (RFC 4291 section 2.2)."""
    return fields.address(socket.AF_INET6, text)


def domain(text: str, owner: str) -> bytes:
    """CNAME, NS, PTR: one name."""
    return fields.domain(text, 'target')


def mx(text: str, owner: str) -> bytes:
    """A preference and an exchange, or ``0 .`` for no mail at all (RFC 7505)."""
    preference, exchange = fields.split(text, 'preference', 'exchange')
    if text == '0 .':
        return b'\0\0\0'
    return (struct.pack('!H', fields.number(preference, 65535, 'preference'))
            + fields.domain(exchange, 'exchange'))


def srv(text: str, owner: str) -> bytes:
    """Priority, weight, port and target (RFC 2782)."""
    priority, weight, port, target = fields.split(text, 'priority', 'weight', 'port', 'target')
    return struct.pack('!HHH', fields.number(priority, 65535, 'priority'),
                       fields.number(weight, 65535, 'weight'),
                       fields.number(port, 65535, 'port')) + fields.domain(target, 'target')


def soa(text: str, owner: str) -> bytes:
    """The seven fields of RFC 1035 section 3.3.13; users never write one.

    The mailbox may hold an escaped dot, so both names are read as zone file text.
    """
    wanted = ('primary', 'mailbox', 'serial', 'refresh', 'retry', 'expire', 'minimum')
    primary, mailbox, serial, *times = fields.split(text, *wanted)
    return (_any_name(primary, 'primary') + _any_name(mailbox, 'mailbox')
            + struct.pack('!I', fields.number(serial, 2**32 - 1, 'serial'))
            + struct.pack('!4I', *[fields.number(time, 2**31 - 1, what)
                                   for time, what in zip(times, wanted[3:])]))


def _any_name(text: str, what: str) -> bytes:
    if not text.isascii() or not text.isprintable():
        raise ValueError(f'the {what} must be printable ASCII')
    name = dns.name.from_text(text, None)
    if not name.is_absolute():
        raise ValueError(f'the {what} must end in a dot')
    return name.to_wire()
