# SPDX-License-Identifier: Apache-2.0
"""NAPTR: rewriting rules for names (RFC 3403 section 4)."""
import re
import struct

from designate_like.resources.rdata import fields

_STRING = r'("(?:[^"\\\r\n]|\\[^\r\n])*"|(?:[^\s"\\]|\\\S)+)'
_RECORD = re.compile(rf'(\S+) (\S+) {_STRING} {_STRING} {_STRING} (\S+)')
_FLAGS = re.compile(rb'[APSU]*', re.IGNORECASE)
_TOKEN = rb'[A-Za-z][A-Za-z0-9.:-]*'
_SERVICE = re.compile(rb'(?:' + _TOKEN + rb'(?:\+' + _TOKEN + rb')*)?')
# Expression and replacement, each ended by the delimiter unless it is escaped.
_REGEXP = re.compile(rb'(?:([^0-9i\\])(?:(?!\1)[^\\]|\\.)*\1(?:(?!\1)[^\\]|\\.)*\1i?)?', re.DOTALL)


def naptr(text: str, owner: str) -> bytes:
    """Order, preference, flags, service, regexp and replacement; quotes may be left out."""
    found = _RECORD.fullmatch(text)
    if not found:
        raise ValueError('its fields are order, preference, flags, service, regexp, '
                         'replacement, with one space between two')
    order, preference, *strings, replacement = found.groups()
    flags, service, regexp = map(_octets, strings)
    if not _FLAGS.fullmatch(flags):
        raise ValueError('the flags must be among A, P, S and U')
    if not _SERVICE.fullmatch(service):
        raise ValueError('the service must be words that start with a letter, joined by +')
    if not _REGEXP.fullmatch(regexp):
        raise ValueError('the regexp must be an expression and a replacement, each ended by '
                         'the delimiter that it starts with, and i or nothing')
    return b''.join([struct.pack('!HH', fields.number(order, 65535, 'order'),
                                 fields.number(preference, 65535, 'preference')),
                     fields.string(flags), fields.string(service), fields.string(regexp),
                     fields.domain(replacement, 'replacement')])


def _octets(text: str) -> bytes:
    return fields.unescape(text[1:-1] if text.startswith('"') else text)
