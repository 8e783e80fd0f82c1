# SPDX-License-Identifier: Apache-2.0
"""A real PowerDNS: pdns_server in a temporary directory, with SQLite."""
import contextlib
import pathlib
import secrets
import sqlite3
from typing import Any

import requests

from tests import base
from tests.interop import server

SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'

# With SQLite, the journal mode and one retrieval thread keep the database from being "locked"
# while many zones are transferred.
CONFIGURATION = '''
launch=gsqlite3
gsqlite3-database={directory}/pdns.sqlite
gsqlite3-pragma-journal-mode=WAL
gsqlite3-pragma-synchronous=0
retrieval-threads=1
secondary=yes
local-address=127.0.0.1
local-port={port}
socket-dir={directory}
webserver=yes
webserver-address=127.0.0.1
webserver-port={api_port}
api=yes
api-key={token}
loglevel=6
security-poll-suffix=
'''


class Pdns(server.Server):
    """One pdns_server."""

    IXFR = r"IXFR-in zone: '%s', .* got \d+ delta"

    def __init__(self, directory: pathlib.Path) -> None:
        super().__init__(directory)
        self.api_port = server.free_port()
        self.token = secrets.token_hex()
        self._program = base.require('pdns_server')
        schema = base.require_file(SCHEMA, 'pdns-backend-sqlite3')
        with contextlib.closing(sqlite3.connect(directory / 'pdns.sqlite')) as database:
            database.executescript(schema.read_text())
        (directory / 'pdns.conf').write_text(CONFIGURATION.format(
            directory=directory, port=self.port, api_port=self.api_port, token=self.token))

    def command(self) -> list[str]:
        return [self._program, f'--config-dir={self.directory}', '--daemon=no', '--guardian=no']

    def is_ready(self) -> bool:
        try:
            return self.api('GET', '').ok and self.ask('example.', 'SOA') is not None
        except requests.ConnectionError:
            return False

    def api(self, method: str, path: str, body: Any = None,
            of: str = 'zones') -> requests.Response:
        """Ask its API about zones or something else."""
        return requests.request(
            method, f'http://127.0.0.1:{self.api_port}/api/v1/servers/localhost/{of}{path}',
            json=body, headers={'X-API-Key': self.token}, timeout=10)

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        return {
            'type': 'pdns4',
            'masters': [{'host': '127.0.0.1', 'port': port} for port in masters],
            'options': {'host': '127.0.0.1', 'port': str(self.port),
                        'api_endpoint': f'http://127.0.0.1:{self.api_port}',
                        'api_token': self.token, 'tsigkey_name': self.key_name, **options}}

    def _sign(self, secret: str) -> None:
        key = {'name': self.key_name, 'algorithm': 'hmac-sha256', 'key': secret}
        if self.api('POST', '', key, 'tsigkeys').status_code == 409:
            self.api('PUT', f'/{self.key_name}', key, 'tsigkeys').raise_for_status()

    def forget(self, zone_name: str) -> None:
        self.api('DELETE', f'/{zone_name}').raise_for_status()
