# SPDX-License-Identifier: Apache-2.0
"""Hosts with ports as text: ``host``, ``host:port``, ``2001:db8::1``, ``[2001:db8::1]:port``."""
import ipaddress

from designate_like.resources import names


def split(text: str, default_port: int) -> tuple[str, int]:
    """The host and the port of a text; port 0 where the text after the colon is no port."""
    if text.startswith('[') and ']' in text:
        host, _, rest = text[1:].partition(']')
        port = rest.removeprefix(':') if rest else str(default_port)
    elif text.count(':') == 1:
        host, port = text.split(':')
    else:
        host, port = text, str(default_port)
    return host, int(port) if port.isascii() and port.isdigit() else 0


def join(host: str, port: int, unsaid: int | None = None) -> str:
    """The text of a host and a port; the port is left out where it is ``unsaid``."""
    if port == unsaid:
        return host
    return f'[{host}]:{port}' if ':' in host else f'{host}:{port}'


def is_host(text: str) -> bool:
    """Whether the text is an IP address or a host name."""
    try:
        ipaddress.ip_address(text)
        return '%' not in text
    except ValueError:
        name = text.removesuffix('.')
        return names.valid(name + '.') and not name.rpartition('.')[2].isdigit()
