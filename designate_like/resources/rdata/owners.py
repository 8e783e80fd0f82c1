# SPDX-License-Identifier: Apache-2.0
"""Which names may own records of a type: each function gives a sentence, or None if it may."""
import re

_SERVICE = re.compile(r'_[^.]+\._[^.]+\..+')
_PORT = re.compile(r'_(0|[1-9][0-9]{0,4})\._[^.]+\..+')


def anything(owner: str) -> str | None:
    """Any name will do."""
    return None


def ns(owner: str) -> str | None:
    """A delegation has a name of its own (RFC 4592 section 4.2)."""
    if owner.startswith('*.'):
        return f'{owner!r} is a wildcard, which may not own NS records.'
    return None


def srv(owner: str) -> str | None:
    """A service and a protocol under a domain (RFC 2782)."""
    if not _SERVICE.fullmatch(owner):
        return f'{owner!r} is not _service._protocol.domain, the form of an SRV record\'s name.'
    return None


def tlsa(owner: str) -> str | None:
    """A port and a protocol under a domain (RFC 6698 section 3)."""
    port = _PORT.fullmatch(owner)
    if not port or int(port[1]) > 65535:
        return (f'{owner!r} is not _port._protocol.domain with a port up to 65535, the form of '
                'a TLSA record\'s name.')
    return None
