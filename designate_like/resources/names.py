# SPDX-License-Identifier: Apache-2.0
"""Domain names as text: the rule they obey, their sort key, their wire form.

A name is absolute, ends in a dot and keeps its case. Names that users write pass ``valid``
and hold no escapes. Names that come from the network may (``a\\.b.example.org.`` has the
three labels ``a\\.b``, ``example`` and ``org``); every function here reads them right.
"""
import re
from collections.abc import Iterator

import dns.name

_LABEL = r'[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.'
_NAME = re.compile(f'(?:{_LABEL})+')
_WILDCARD = re.compile(rf'(?:\*\.)?(?:{_LABEL})+')
_ESCAPED_LABEL = re.compile(r'(?:[^.\\]|\\.)+', re.DOTALL)

MAX_LENGTH = 254  # With the final dot; one more octet in wire form (RFC 1035 section 2.3.4).


def valid(name: str, wildcard: bool = False) -> bool:
    """Whether a user may write this name.

    With ``wildcard`` the first label may be ``*``, before at least one other label. The
    root is not valid.
    """
    pattern = _WILDCARD if wildcard else _NAME
    return len(name) <= MAX_LENGTH and pattern.fullmatch(name) is not None


def labels(name: str) -> list[str]:
    """The labels of a name, leftmost first, without the root's; none for the root itself."""
    if '\\' in name:
        return _ESCAPED_LABEL.findall(name)
    return name[:-1].split('.') if name != '.' else []


def key(name: str) -> str:
    """The labels in lower case and reversed order: ``www.Example.org.`` is ``org.example.www.``.

    A name's subtree is a range of keys; the root's key is empty.
    """
    return ''.join([f'{label}.' for label in reversed(labels(name.lower()))])


def parents(name: str) -> Iterator[str]:
    """The names that enclose this one, nearest first, without itself and the root."""
    parts = labels(name)
    for start in range(1, len(parts)):
        yield '.'.join(parts[start:]) + '.'


def at_or_above(key: str) -> list[str]:
    """The keys of the name with that key and of those that enclose it, highest first."""
    parts = key.split('.')[:-1]
    return ['.'.join(parts[:count]) + '.' for count in range(1, len(parts) + 1)]


def is_below(name: str, zone: str) -> bool:
    """Whether a name is the zone's own or stands under it, in whatever case."""
    return key(name).startswith(key(zone))


def subtree(parent: str) -> tuple[str, str]:
    """The open range of the keys strictly below the key ``parent``: ``low < key < high``.

    A slash is what follows a dot in ASCII; no key of a name's text is as high as DEL.
    """
    return parent, f'{parent[:-1]}/' if parent else '\x7f'


def to_wire(name: str) -> bytes:
    """The uncompressed wire form of a name that is within DNS's limits, case kept.

    RFC 1035 section 3.1.
    """
    if '\\' in name:
        return dns.name.from_text(name).to_wire()
    if name == '.':
        return b'\0'
    return ''.join([chr(len(label)) + label for label in name.split('.')]).encode('ascii')
