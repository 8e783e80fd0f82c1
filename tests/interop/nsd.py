# SPDX-License-Identifier: Apache-2.0
"""A real NSD in a temporary directory, with certificates of its own."""
import pathlib
import subprocess
from typing import Any

from tests import base
from tests.interop import server

# NSD limits the rate of responses unless told otherwise; the worker's questions come from one
# address, and so do those of the tests.
CONFIGURATION = '''
server:
    server-count: 1
    ip-address: 127.0.0.1@{port}
    username: ""
    chroot: ""
    zonesdir: "{directory}"
    database: "{directory}/nsd.db"
    zonelistfile: "{directory}/zone.list"
    xfrdfile: "{directory}/xfrd.state"
    xfrdir: "{directory}"
    pidfile: "{directory}/nsd.pid"
    verbosity: 2
    xfrd-reload-timeout: 0
    rrl-ratelimit: 0
remote-control:
    control-enable: yes
    control-interface: 127.0.0.1
    control-port: {control_port}
    server-key-file: "{directory}/nsd_server.key"
    server-cert-file: "{directory}/nsd_server.pem"
    control-key-file: "{directory}/nsd_control.key"
    control-cert-file: "{directory}/nsd_control.pem"
'''
PATTERN = '''
pattern:
    name: "slave"
    allow-notify: 127.0.0.1 NOKEY
    max-refresh-time: 10
    max-retry-time: 2
    min-retry-time: 1
'''


class Nsd(server.Server):
    """One nsd."""

    IXFR = r'zone %s\. received update .* of \d{1,3} bytes'

    def __init__(self, directory: pathlib.Path) -> None:
        super().__init__(directory)
        self.control_port = server.free_port()
        self._nsd, self._control = base.require('nsd'), base.require('nsd-control')
        subprocess.run([base.require('nsd-control-setup'), '-d', str(directory)], check=True,
                       capture_output=True)
        self._key = ''
        self._configure()

    def _configure(self, *masters: int) -> None:
        self._masters = masters
        (self.directory / 'nsd.conf').write_text(
            CONFIGURATION.format(directory=self.directory, port=self.port,
                                 control_port=self.control_port)
            + self._key + PATTERN
            + ''.join(f'    request-xfr: 127.0.0.1@{port} {self.key_name or "NOKEY"}\n'
                      for port in masters))

    def command(self) -> list[str]:
        return [self._nsd, '-d', '-c', str(self.directory / 'nsd.conf')]

    def is_ready(self) -> bool:
        return self.control('status').returncode == 0

    def control(self, *args: str) -> subprocess.CompletedProcess:
        """Give it a command."""
        return subprocess.run(
            [self._control, '-c', str(self.directory / 'nsd.conf'), *args],
            capture_output=True, text=True, check=False)

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        """Return its target; the masters are written into its pattern, as they are its own."""
        self._configure(*masters)
        if self.is_ready():
            self.control('reconfig').check_returncode()
        return {
            'type': 'nsd4',
            'options': {'host': '127.0.0.1', 'port': str(self.control_port),
                        'notify_port': str(self.port),
                        'certfile': str(self.directory / 'nsd_control.pem'),
                        'keyfile': str(self.directory / 'nsd_control.key'),
                        'ca_certs': str(self.directory / 'nsd_server.pem'),
                        'check_hostname': 'false', **options}}

    def _sign(self, secret: str) -> None:
        self._key = (f'key:\n    name: "{self.key_name}"\n    algorithm: hmac-sha256\n'
                     f'    secret: "{secret}"\n')
        self._configure(*self._masters)
        self.control('reconfig').check_returncode()

    def forget(self, zone_name: str) -> None:
        self.control('delzone', zone_name).check_returncode()
