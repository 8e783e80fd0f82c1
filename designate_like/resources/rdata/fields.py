# SPDX-License-Identifier: Apache-2.0
"""The fields that several record types share: numbers, names, character-strings, digits.

Each function takes the text of one field and what to call it in the clause that its
ValueError carries, and gives the value or its wire form.
"""
import base64
import binascii
import re
import socket

from designate_like.resources import names

_NUMBER = re.compile(r'0|[1-9][0-9]{0,9}')
_DIGITS = re.compile(r'(?:[0-9A-Fa-f]{2})+')
_ESCAPE = re.compile(rb'\\([0-9]{3})|\\([^0-9])|\\', re.DOTALL)


def split(text: str, *wanted: str) -> list[str]:
    """The fields of a record, one space between two; ``wanted`` names each."""
    found = text.split(' ')
    if len(found) != len(wanted) or '' in found:
        raise ValueError(f'its fields are {", ".join(wanted)}, with one space between two')
    return found


def number(text: str, largest: int, what: str) -> int:
    """A decimal number from 0, without sign or leading zero."""
    if not _NUMBER.fullmatch(text) or int(text) > largest:
        raise ValueError(f'the {what} must be a number from 0 to {largest}, '
                         'without sign or leading zero')
    return int(text)


def domain(text: str, what: str) -> bytes:
    """The wire form of a domain name that is not the root."""
    if not names.valid(text):
        raise ValueError(f'the {what} must be a domain name with a final dot')
    return names.to_wire(text)


def address(family: socket.AddressFamily, text: str) -> bytes:
    """The octets of an IPv4 or IPv6 address."""
    try:
        return socket.inet_pton(family, text)
    except (OSError, ValueError):
        kind = 'IPv4' if family == socket.AF_INET else 'IPv6'
        raise ValueError(f'an {kind} address is expected') from None


def unescape(text: str) -> bytes:
    """The octets that zone file text stands for (RFC 1035 section 5.1), in UTF-8."""
    return _ESCAPE.sub(_octet, text.encode())


def _octet(escape: re.Match[bytes]) -> bytes:
    if escape[2]:
        return escape[2]
    if not escape[1] or int(escape[1]) > 255:
        raise ValueError('a backslash must stand before three digits, up to 255, '
                         'or one character that is no digit')
    return bytes([int(escape[1])])


def string(octets: bytes) -> bytes:
    """A character-string: a length octet, then at most 255 octets (RFC 1035 section 3.3)."""
    if len(octets) > 255:
        raise ValueError(f'a string has {len(octets)} octets in UTF-8, 255 are the most')
    return bytes([len(octets)]) + octets


def hexadecimal(text: str, what: str) -> bytes:
    """Octets as pairs of hexadecimal digits, at least one."""
    if not _DIGITS.fullmatch(text):
        raise ValueError(f'the {what} must be an even number of hexadecimal digits')
    return bytes.fromhex(text)


def base64_data(text: str, what: str) -> bytes:
    """Octets in base64, at least one."""
    try:
        octets = base64.b64decode(text.encode(), validate=True)
    except binascii.Error:
        octets = b''
    if not octets:
        raise ValueError(f'the {what} must be in base64')
    return octets
