# SPDX-License-Identifier: Apache-2.0
"""A real Knot DNS: knotd in a temporary directory, with a configuration database."""
import pathlib
import subprocess
from typing import Any

from tests import base
from tests.interop import server

# Zones are kept in the journal alone, for speed.
CONFIGURATION = '''
server:
    rundir: {directory}
    listen: 127.0.0.1@{port}
control:
    listen: {directory}/knot.sock
database:
    storage: {directory}/db
log:
  - target: stderr
    any: info
acl:
  - id: worker
    address: 127.0.0.1
    action: notify
template:
  - id: default
    storage: {directory}/zones
    zonefile-sync: -1
    zonefile-load: none
    journal-content: all
    refresh-max-interval: 10
    retry-max-interval: 2
    acl: worker
'''


class Knot(server.Server):
    """One knotd."""

    IXFR = r'\[%s\.\] IXFR, incoming, .* finished'

    def __init__(self, directory: pathlib.Path) -> None:
        super().__init__(directory)
        self._knotd, self._knotc = base.require('knotd'), base.require('knotc')
        for each in ('zones', 'db'):
            (directory / each).mkdir()
        self.configure()

    def configure(self, before: str = '', after: str = '') -> None:
        """Write its configuration, while it does not run.

        :param before: sections that stand before that of the templates.
        :param after: further templates, and the sections that stand after them.
        """
        text = CONFIGURATION.format(directory=self.directory, port=self.port)
        (self.directory / 'knot.conf').write_text(
            text.replace('template:\n', f'{before}template:\n') + after)
        subprocess.run([self._knotc, '-f', '-C', str(self.directory / 'confdb'), 'conf-import',
                        str(self.directory / 'knot.conf')], check=True, capture_output=True)

    def command(self) -> list[str]:
        return [self._knotd, '-C', str(self.directory / 'confdb')]

    def is_ready(self) -> bool:
        return self.knotc('status').returncode == 0

    def knotc(self, *args: str) -> subprocess.CompletedProcess:
        """Give it a command."""
        return subprocess.run([self._knotc, '-s', str(self.directory / 'knot.sock'), *args],
                              capture_output=True, text=True, check=False)

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        return {
            'type': 'knot',
            'masters': [{'host': '127.0.0.1', 'port': port} for port in masters],
            'options': {'host': '127.0.0.1', 'port': str(self.port),
                        'knotc_bin_path': self._knotc,
                        'socket': str(self.directory / 'knot.sock'),
                        'tsigkey_name': self.key_name, **options}}

    def _sign(self, secret: str) -> None:
        key = f'key[{self.key_name}]'
        for command in (['conf-begin'], ['conf-set', key],
                        ['conf-set', f'{key}.algorithm', 'hmac-sha256'],
                        ['conf-set', f'{key}.secret', secret], ['conf-commit']):
            done = self.knotc(*command)
            if 'duplicate' not in done.stdout:      # It only has another secret now.
                done.check_returncode()

    def forget(self, zone_name: str) -> None:
        for command in (['conf-begin'], ['conf-unset', f'zone[{zone_name}]'], ['conf-commit'],
                        ['zone-purge', '-f', zone_name, '+orphan']):
            self.knotc(*command).check_returncode()
