# SPDX-License-Identifier: Apache-2.0
"""SVCB and HTTPS: where and how a service is reached (RFC 9460), over DNS too (RFC 9461)."""
import re
import socket
import struct
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping

from designate_like.resources import names
from designate_like.resources.rdata import fields

_NUMBERS = {'mandatory': 0, 'alpn': 1, 'no-default-alpn': 2, 'port': 3, 'ipv4hint': 4, 'ech': 5,
            'ipv6hint': 6, 'dohpath': 7}
_PROTOCOLS = ('h3', 'h2', 'h2c', 'http/1.1', 'http/1.0')
_DOH_PATH = re.compile(r'/[!#-\[\]-~]*')
_DNS_PORT = re.compile(r'_[0-9]+')


def https(text: str, owner: str) -> bytes:
    """Priority, target and parameters, of which ``dohpath`` is none."""
    head, values = _read(text)
    if 'dohpath' in values:
        raise ValueError('the key dohpath belongs to SVCB')
    return head + _wire(values)


def svcb(text: str, owner: str) -> bytes:
    """Priority, target and parameters; a ``_dns`` owner that offers DoH must say its path."""
    head, values = _read(text)
    protocols = values.get('alpn', '').split(',')
    if _is_dns(owner) and 'dohpath' not in values and ('h2' in protocols or 'h3' in protocols):
        raise ValueError('with h2 or h3 for a _dns name the key dohpath is required')
    return head + _wire(values)


def _read(text: str) -> tuple[bytes, dict[str, str]]:
    """The wire form of priority and target, and the parameters, '' where there is no value."""
    words = text.split(' ')
    if len(words) < 2:
        raise ValueError('its fields are priority, target, and parameters')
    priority = fields.number(words[0], 65535, 'priority')
    target = fields.domain(words[1], 'target')
    if priority == 0 and words[2:]:
        raise ValueError('with priority 0, an alias, there may be no parameters')
    values: dict[str, str] = {}
    for word in words[2:]:
        key, _, value = word.partition('=')
        if key not in _NUMBERS:
            raise ValueError(f'the key {key[:20]!r} is not one of {", ".join(_NUMBERS)}')
        if key in values:
            raise ValueError(f'the key {key} stands there twice')
        quoted = len(value) > 1 and value[0] == value[-1] == '"'
        values[key] = value[1:-1] if quoted else value
    if 'no-default-alpn' in values and 'alpn' not in values:
        raise ValueError('no-default-alpn needs alpn')
    return struct.pack('!H', priority) + target, values


def _wire(values: Mapping[str, str]) -> bytes:
    """The parameters in the order of their numbers (RFC 9460 section 2.2)."""
    parts = []
    for key in sorted(values, key=_NUMBERS.__getitem__):
        if key == 'mandatory':
            wire = _mandatory(values[key], values)
        else:
            wire = _VALUES[key](values[key])
        if len(wire) > 65535:
            raise ValueError(f'the value of {key} is too long')
        parts.append(struct.pack('!HH', _NUMBERS[key], len(wire)) + wire)
    return b''.join(parts)


def _mandatory(value: str, present: Collection[str]) -> bytes:
    keys = value.split(',')
    if len(set(keys)) < len(keys) or 'mandatory' in keys or not set(keys) <= set(present):
        raise ValueError('mandatory must list other keys that are present, each once')
    return b''.join([struct.pack('!H', number) for number in sorted(map(_NUMBERS.get, keys))])


def _alpn(value: str) -> bytes:
    protocols = value.split(',')
    if not set(protocols) <= set(_PROTOCOLS):
        raise ValueError(f'alpn must list some of {", ".join(_PROTOCOLS)}')
    return b''.join([fields.string(protocol.encode()) for protocol in protocols])


def _nothing(value: str) -> bytes:
    if value:
        raise ValueError('no-default-alpn takes no value')
    return b''


def _port(value: str) -> bytes:
    return struct.pack('!H', fields.number(value, 65535, 'port'))


def _ipv4hint(value: str) -> bytes:
    return b''.join([fields.address(socket.AF_INET, each) for each in value.split(',')])


def _ipv6hint(value: str) -> bytes:
    return b''.join([fields.address(socket.AF_INET6, each) for each in value.split(',')])


def _ech(value: str) -> bytes:
    octets = fields.base64_data(value, 'value of ech')
    # An ECHConfigList starts with the length of what follows (RFC 9849 section 4).
    if len(octets) < 6 or int.from_bytes(octets[:2], 'big') != len(octets) - 2:
        raise ValueError('the value of ech must be an ECHConfigList')
    return octets


def _dohpath(value: str) -> bytes:
    if not _DOH_PATH.fullmatch(value) or '{?dns}' not in value:
        raise ValueError('dohpath must start with a slash and hold {?dns}')
    return value.encode()


_VALUES: Mapping[str, Callable[[str], bytes]] = {
    'alpn': _alpn, 'no-default-alpn': _nothing, 'port': _port, 'ipv4hint': _ipv4hint,
    'ech': _ech, 'ipv6hint': _ipv6hint, 'dohpath': _dohpath,
}


def _is_dns(owner: str) -> bool:
    """Whether the owner is ``_dns.<server>`` or ``_<port>._dns.<server>`` (RFC 9461 section 2)."""
    labels = names.labels(owner.lower())
    return labels[:1] == ['_dns'] or (
        labels[1:2] == ['_dns'] and _DNS_PORT.fullmatch(labels[0]) is not None)
