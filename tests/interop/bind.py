# SPDX-License-Identifier: Apache-2.0
"""A real BIND: named in a temporary directory, on free ports of the loopback address."""
import pathlib
import secrets
import subprocess
from typing import Any

from tests import base
from tests.interop import server

# Where tests that need no server find it.
free_port = server.free_port

# serial-query-rate is for the operator too: named looks at 20 zones a second unless told
# otherwise, so a burst of NOTIFY waits. So are transfers-in and transfers-per-ns, which are 10
# and 2, when many zones change at once. transfer-format many-answers is the default.
CONFIGURATION = '''
key "rndc" {{ algorithm hmac-sha256; secret "{secret}"; }};
controls {{ inet 127.0.0.1 port {control_port} allow {{ 127.0.0.1; }} keys {{ "rndc"; }}; }};
options {{
    directory "{directory}";
    pid-file "{directory}/named.pid";
    session-keyfile "{directory}/session.key";
    lock-file none;
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    allow-new-zones yes;
    recursion no;
    notify no;
    empty-zones-enable no;
    dnssec-validation no;
    serial-query-rate 1000;
    transfers-in 100;
    transfers-per-ns 100;
    minimal-responses yes;
    max-refresh-time {refresh};
    min-retry-time 1;
    max-retry-time 2;
    {options}
}};
{more}
'''


class Bind(server.Server):
    """One named.

    :param more: text at the end of its configuration.
    :param options: text at the end of its options.
    :param refresh: seconds after which it asks for a serial unasked, at the latest.
    """

    IXFR = r"'%s/IN' from .* Transfer completed: .* records, \d{1,3} bytes"

    def __init__(self, directory: pathlib.Path, more: str = '', options: str = '',
                 refresh: int = 10) -> None:
        super().__init__(directory)
        self.control_port = server.free_port()
        self._named = base.require('named')
        self._rndc = base.require('rndc')
        secret = secrets.token_bytes(32).hex()
        self._configuration = CONFIGURATION.format(
            secret=secret, port=self.port, control_port=self.control_port, directory=directory,
            more=more, options=options, refresh=refresh)
        (directory / 'named.conf').write_text(self._configuration)
        (directory / 'rndc.key').write_text(
            f'key "rndc" {{ algorithm hmac-sha256; secret "{secret}"; }};\n')

    def command(self) -> list[str]:
        return [self._named, '-g', '-n', '1', '-c', str(self.directory / 'named.conf')]

    def is_ready(self) -> bool:
        return self.rndc('status').returncode == 0

    def rndc(self, *args: str) -> subprocess.CompletedProcess:
        """Give it a command."""
        self.check()
        return subprocess.run([self._rndc, '-s', '127.0.0.1', '-p', str(self.control_port), '-k',
                               str(self.directory / 'rndc.key'), *args],
                              capture_output=True, text=True, check=False)

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        return {
            'type': 'bind9',
            'masters': [{'host': '127.0.0.1', 'port': port} for port in masters],
            'options': {'host': '127.0.0.1', 'port': str(self.port), 'rndc_host': '127.0.0.1',
                        'rndc_port': str(self.control_port), 'rndc_bin_path': self._rndc,
                        'rndc_key_file': str(self.directory / 'rndc.key'), **options}}

    def _sign(self, secret: str) -> None:
        (self.directory / 'named.conf').write_text(self._configuration + f'''
key "{self.key_name}" {{ algorithm hmac-sha256; secret "{secret}"; }};
server 127.0.0.1 {{ keys "{self.key_name}"; }};
''')
        self.rndc('reconfig').check_returncode()

    def forget(self, zone_name: str) -> None:
        self.rndc('delzone', '-clean', zone_name.rstrip('.')).check_returncode()


class Mixin(server.Mixin):
    """What a test that needs BIND has besides: ``self.bind()``, stopped after the test."""

    def bind(self, more: str = '', start: bool = True, options: str = '') -> Bind:
        """Return a new BIND."""
        named = Bind(self.directory(), more, options)   # type: ignore[attr-defined]
        self.addCleanup(named.kill)                 # type: ignore[attr-defined]
        if start:
            named.start()
        return named
