# SPDX-License-Identifier: Apache-2.0
"""PowerDNS 4: zones are added, removed and fetched through its HTTP API.

pdns_server needs ``secondary=yes``, ``webserver=yes`` and ``api=yes``.
"""
import ipaddress
import ssl
import time
from collections.abc import Collection
from typing import Any

import requests

from designate_like import errors
from designate_like import resources
from designate_like.backends import base

# Seconds until it must have accepted a connection, and be heard on it.
_TIMEOUT = (3, 10)

# Seconds that it may take to begin a transfer, and between looks whether it has ended.
_PATIENCE = 3.0
_PAUSE = 0.1

# The kinds of zones that it pulls; newer versions show the second.
_SECONDARY = ('Slave', 'Secondary')

# What sample files have in place of a path.
_NO_PATH = ('', 'changeme')


class Pdns4(base.Backend):
    """A pdns_server that is told through its API."""

    OPTIONS = {**base.Backend.OPTIONS, 'api_endpoint': 'http://127.0.0.1:8081', 'api_token': '',
               'api_ca_cert': '', 'tsigkey_name': ''}

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        if not target.masters:
            raise errors.ConfigurationError("A target of type 'pdns4' needs masters")
        key = self.options['tsigkey_name']
        # The names of this kind and these keys are those that every version understands. An
        # empty SOA-EDIT-API keeps PowerDNS from ever making up a serial of its own.
        self._settings = {'kind': 'Slave', 'masters': [_master(*each) for each in self.masters()],
                          'slave_tsig_key_ids': [key.removesuffix('.') + '.'] if key else [],
                          'soa_edit_api': ''}
        self._url = self.options['api_endpoint'].rstrip('/') + '/api/v1/servers/localhost/zones'
        paths = ssl.get_default_verify_paths()
        given = self.options['api_ca_cert']
        self._trusted = (paths.cafile or paths.capath or True) if given in _NO_PATH else given

    def create(self, zone: resources.Zone) -> None:
        """Add the zone; one that has other masters, so content from elsewhere, is replaced."""
        whole = {'name': zone.name, **self._settings}
        if self._call('POST', '', whole, but=[409]) is None:
            there = self._call('GET', _path(zone) + '?rrsets=false', but=[404])
            if there is not None and there.get('masters') == self._settings['masters']:
                self._call('PUT', _path(zone), self._settings)
            else:
                self.delete(zone)
                self._call('POST', '', whole)
        self._prefer_differences(zone)

    def update(self, zone: resources.Zone) -> None:
        """Change the zone's settings and keep its content, or add it."""
        if self._call('PUT', _path(zone), self._settings, but=[404]) is None:
            self.create(zone)
        else:
            self._prefer_differences(zone)

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Remove the zone; one that is not there is gone already."""
        self._call('DELETE', _path(zone), but=[404])

    def fetch(self, zone: resources.Zone) -> None:
        """Have it transfer the zone at once: what NOTIFY asks for waits up to a second."""
        self._call('PUT', _path(zone) + '/axfr-retrieve', but=[404])

    def retransfer(self, zone: resources.Zone) -> None:
        """Have it transfer the zone whole, or add it.

        While it prefers differences it finds that there are none, or that its serial is ahead.
        """
        before = self._call('GET', _path(zone) + '?rrsets=false', but=[404])
        if before is None:
            self.create(zone)
            return
        self._prefer_differences(zone, False)
        self.fetch(zone)
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            now = self._call('GET', _path(zone) + '?rrsets=false', but=[404])
            if now is None or now.get('last_check') != before.get('last_check'):
                break
            time.sleep(_PAUSE)
        self._prefer_differences(zone)

    def zones(self) -> list[str]:
        """The zones that have no other masters than the target's."""
        return [each['name'] for each in self._call('GET', '') if self._is_ours(each)]

    def carries(self, zone: resources.Zone) -> bool:
        """Whether the zone is one of those."""
        there = self._call('GET', _path(zone) + '?rrsets=false', but=[404])
        return there is not None and self._is_ours(there)

    def _is_ours(self, zone: dict[str, Any]) -> bool:
        masters = zone.get('masters')
        return (zone.get('kind') in _SECONDARY and bool(masters)
                and set(masters) <= set(self._settings['masters']))

    def _prefer_differences(self, zone: resources.Zone, prefer: bool = True) -> None:
        self._call('PUT', _path(zone) + '/metadata/IXFR', {'metadata': [str(int(prefer))]})

    def _call(self, method: str, path: str, body: Any = None,
              but: Collection[int] = ()) -> Any | None:
        """Do one request.

        :param but: codes that are no failure.
        :returns: the document of the reply, None for one of those codes.
        :raises errors.BackendError: any other code of failure, or no reply in time. A redirect is
            one, as the token is for the server that was named.
        """
        what = f'{method} {self._url}{path}'
        try:
            reply = requests.request(
                method, self._url + path, json=body, verify=self._trusted, timeout=_TIMEOUT,
                headers={'X-API-Key': self.options['api_token']}, allow_redirects=False)
            if reply.status_code in but:
                return None
            if reply.status_code < 300:
                return reply.json() if reply.content else {}
        except (OSError, ValueError) as error:      # Those of requests are OSErrors.
            raise errors.BackendError(f'{what}: {error}') from error
        raise errors.BackendError(f'{what}: {reply.status_code} {reply.text.strip()}')


def _master(host: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> str:
    """An address as the API shows it."""
    if port == 53:
        return str(host)
    return f'[{host}]:{port}' if host.version == 6 else f'{host}:{port}'


def _path(zone: resources.Zone) -> str:
    """The path of a zone: its name, with ``=`` and two digits for any unusual character."""
    return '/' + ''.join(each if each.isalnum() or each in '.-' else f'={ord(each):02X}'
                         for each in zone.name)
