# SPDX-License-Identifier: Apache-2.0
"""One region: every role of the service as a process of its own, and a BIND that serves zones."""
import contextlib
import pathlib
import secrets
import subprocess
import sys
from typing import Any

import dns.exception
import dns.message
import dns.query

from tests import base
from tests.ha import places

ROLES = ('central', 'worker', 'mdns', 'producer', 'api')

_CONFIGURATION = '''
[DEFAULT]
host = {place.name}
state_path = {directory}
transport_url = {bus}
quota_driver = noop
[oslo_messaging_rabbit]
rabbit_quorum_queue = true
rabbit_transient_quorum_queue = true
heartbeat_timeout_threshold = 10
kombu_reconnect_delay = 0.1
[storage:sqlalchemy]
connection = {database}
[coordination]
backend_url = {coordination}
heartbeat_interval = 1
[heartbeat_emitter]
heartbeat_interval = 2
[service:api]
workers = 1
listen = {place.address}:9001
auth_strategy = noauth
[service:central]
workers = 1
[service:worker]
workers = 1
[service:producer]
workers = 1
[service:mdns]
workers = 1
listen = {place.address}:5354
'''
_NAMED = '''
key "rndc" {{ algorithm hmac-sha256; secret "{secret}"; }};
controls {{ inet {address} port 953 allow {{ any; }} keys {{ "rndc"; }}; }};
options {{
    directory "{directory}";
    pid-file "{directory}/named.pid";
    session-keyfile "{directory}/session.key";
    lock-file none;
    listen-on {{ {address}; }};
    listen-on-v6 {{ none; }};
    allow-new-zones yes;
    recursion no;
    notify no;
    allow-notify {{ any; }};
    empty-zones-enable no;
    dnssec-validation no;
    serial-query-rate 1000;
    transfers-in 100;
    transfers-per-ns 100;
    max-refresh-time 10;
    min-retry-time 1;
    max-retry-time 2;
}};
'''


class NameServer:
    """The BIND of a region."""

    def __init__(self, directory: pathlib.Path, place: places.Place, secret: str) -> None:
        self.place = place
        self._directory = directory / place.name / 'named'
        self._directory.mkdir(parents=True)
        self._file = self._directory / 'named.conf'
        self._file.write_text(_NAMED.format(secret=secret, address=place.address,
                                            directory=self._directory))
        self.process: places.Process | None = None

    def start(self) -> None:
        """Start it."""
        self.process = places.Process(self.place, self._directory / 'log', [
            base.require('named'), '-g', '-n', '1', '-c', str(self._file)])

    def kill(self) -> None:
        """Let it die at once."""
        if self.process is not None:
            self.process.kill()

    def answers(self, name: str, type_: str, port: int = 53) -> list[str]:
        """Return the records that it answers with, as text, sorted; none when it has none.

        :param port: another is that of the mdns beside it.
        """
        query = dns.message.make_query(name, type_, flags=0)
        with contextlib.suppress(dns.exception.Timeout, OSError):
            answer = dns.query.udp(query, self.place.address, port=port, timeout=1).answer
            return sorted(each.to_text() for rrset in answer for each in rrset)
        return []


class Region:
    """The roles of a region.

    :param bus, database, coordination: the URLs of the clusters, the nearest nodes first.
    """

    def __init__(self, directory: pathlib.Path, place: places.Place, **urls: str) -> None:
        self.place = place
        self._directory = directory / place.name
        self._directory.mkdir(exist_ok=True)
        self.file = self._directory / 'designate.conf'
        self.file.write_text(_CONFIGURATION.format(
            place=place, directory=self._directory, **urls))
        self._roles: dict[str, places.Process] = {}

    def start(self, *roles: str) -> None:
        """Start roles."""
        for role in roles:
            self._roles[role] = places.Process(self.place, self._directory / f'{role}.log', [
                sys.executable, '-m', f'designate_like.cmd.{role}',
                '--config-file', str(self.file)])

    def kill(self, *roles: str) -> None:
        """Let roles die at once, without any that are there already."""
        for role in roles:
            if role in self._roles:
                self._roles.pop(role).kill()

    def stop(self, role: str) -> int:
        """Stop a role as an operator would; returns its exit code."""
        return self._roles.pop(role).stop()

    def manage(self, *arguments: str) -> None:
        """Run designate-like-manage."""
        ran = subprocess.run(
            [*self.place.prefix, sys.executable, '-m', 'designate_like.cmd.manage',
             '--config-file', str(self.file), *arguments], capture_output=True, text=True)
        if ran.returncode:
            raise AssertionError(f'manage {arguments}: {ran.stdout}{ran.stderr}')

    def log(self, role: str) -> str:
        """All that a role has written to its log."""
        return (self._directory / f'{role}.log').read_text(errors='replace')


def pool(directory: pathlib.Path, where: list[places.Place], secret: str) -> list[dict[str, Any]]:
    """The pools.yaml of all regions: each BIND pulls from the mdns of its own."""
    key = directory / 'rndc.key'
    key.write_text(f'key "rndc" {{ algorithm hmac-sha256; secret "{secret}"; }};\n')
    return [{
        'name': 'default', 'id': '794ccc2c-d751-44fe-b57f-8894c9f5c842',
        'ns_records': [{'hostname': f'{each.name}.example.net.', 'priority': 1} for each in where],
        'nameservers': [{'host': each.address, 'port': 53} for each in where],
        'targets': [{
            'type': 'bind9',
            'masters': [{'host': each.address, 'port': 5354}],
            'options': {'host': each.address, 'port': '53', 'rndc_host': each.address,
                        'rndc_port': '953', 'rndc_bin_path': base.require('rndc'),
                        'rndc_key_file': str(key)}} for each in where]}]


def new_secret() -> str:
    """A key for rndc."""
    return secrets.token_bytes(32).hex()
