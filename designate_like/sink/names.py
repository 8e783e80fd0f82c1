# SPDX-License-Identifier: Apache-2.0
"""The names of records, from the templates of a handler's section.

A template is Python's ``%(key)s`` formatting over what a notification holds, the zone, and the
parts of the address. One that cannot be filled in is the operator's to mend; the others still
make their names.
"""
import ipaddress
import logging
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg

from designate_like.resources import names

LOG = logging.getLogger(__name__)

_TYPES = {4: 'A', 6: 'AAAA'}

Values = Mapping[str, Any]


class Names:
    """The templates of one handler."""

    def __init__(self, handler: str, section: cfg.ConfigOpts.GroupAttr,
                 default: Sequence[str] = ()) -> None:
        """Read the options formatv4, formatv6 and format.

        :param default: the templates where none of them is set.
        """
        self._handler = handler
        self._templates: dict[int, tuple[str, Sequence[str]]] = {}
        for version in _TYPES:
            option = f'formatv{version}'
            if not section[option] and section.format:
                option = 'format'
            self._templates[version] = option, section[option] or default

    @property
    def any(self) -> bool:
        """Whether there are templates at all."""
        return any(templates for _, templates in self._templates.values())

    def recordsets(self, values: Values, zone: str, project: str | None,
                   addresses: Iterable[tuple[str, Values]]) -> list[dict[str, Any]]:
        """The recordsets of some addresses, as bodies of the API.

        :param values: what the notification holds; of it the scalars are used.
        :param addresses: each with values of its own.
        :raises ValueError: when one of them is no address.
        """
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for address, more in addresses:
            version = ipaddress.ip_address(address).version
            known = {**_scalars(values), **parts(address), **_scalars(more), 'zone': zone}
            if project is not None:
                known['project'] = project
            for name in self._filled(version, known):
                body = found.setdefault((names.key(name), _TYPES[version]), {
                    'name': name, 'type': _TYPES[version], 'records': []})
                body['records'].append(address)
        return list(found.values())

    def _filled(self, version: int, values: Values) -> Iterable[str]:
        """The names for an address; what is wrong with the others is logged."""
        option, templates = self._templates[version]
        for template in templates:
            try:
                name = template % values
            except KeyError as problem:
                self._log(option, template, f'there is no {problem.args[0]!r} in the '
                          f'notification, but {", ".join(sorted(values))}')
            except (ValueError, TypeError) as problem:
                self._log(option, template, str(problem))
            else:
                if names.valid(name, wildcard=True):
                    yield name
                else:
                    self._log(option, template, f'{name!r} is not a domain name with a final dot')

    def _log(self, option: str, template: str, problem: str) -> None:
        LOG.error('[handler:%s] %s = %s makes no name: %s', self._handler, option, template,
                  problem)


def parts(address: str) -> dict[str, Any]:
    """What templates may use of an address: its octets or, of IPv6, what is between colons."""
    pieces = re.split(r'\.|::|:', address)
    return {'ip_version': ipaddress.ip_address(address).version,
            'ip_address': re.sub('[.:]', '-', address),
            **{f'octet{index}': piece for index, piece in enumerate(pieces)}}


def _scalars(values: Values) -> dict[str, Any]:
    return {key: value for key, value in values.items()
            if isinstance(value, str | int | float)}
