# SPDX-License-Identifier: Apache-2.0
"""A real BIND: named in a temporary directory, on free ports of the loopback address."""
import contextlib
import pathlib
import secrets
import socket
import subprocess
from typing import Any

import dns.exception
import dns.message
import dns.query
import dns.rcode

from tests import base

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
    max-refresh-time 10;
    min-retry-time 1;
    max-retry-time 2;
}};
{more}
'''


def free_port() -> int:
    """Return a port of 127.0.0.1 at which nobody listens, by TCP or UDP."""
    while True:
        with socket.socket(type=socket.SOCK_STREAM) as tcp, \
                socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(('127.0.0.1', 0))
            with contextlib.suppress(OSError):
                udp.bind(tcp.getsockname())
                return tcp.getsockname()[1]


class Bind:
    """One named.

    :param more: text at the end of its configuration.
    """

    def __init__(self, directory: pathlib.Path, more: str = '') -> None:
        self.directory = directory
        self.port = free_port()
        self.control_port = free_port()
        self._named = base.require('named')
        self._rndc = base.require('rndc')
        self._process: subprocess.Popen | None = None
        secret = secrets.token_bytes(32).hex()
        (directory / 'named.conf').write_text(CONFIGURATION.format(
            secret=secret, port=self.port, control_port=self.control_port, directory=directory,
            more=more))
        (directory / 'rndc.key').write_text(
            f'key "rndc" {{ algorithm hmac-sha256; secret "{secret}"; }};\n')

    def start(self) -> None:
        """Start it, and return when it takes commands."""
        with (self.directory / 'log').open('ab') as log:
            self._process = subprocess.Popen(
                [self._named, '-g', '-n', '1', '-c', str(self.directory / 'named.conf')],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        base.wait(lambda: self.rndc('status').returncode == 0, timeout=20)

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def kill(self) -> None:
        """Let it die at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def restart(self) -> None:
        """Stop it and start it again, with all that it remembers."""
        self.stop()
        self.start()

    def rndc(self, *args: str) -> subprocess.CompletedProcess:
        """Give it a command."""
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError('named ended:\n' + self.log())
        return subprocess.run([self._rndc, '-s', '127.0.0.1', '-p', str(self.control_port), '-k',
                               str(self.directory / 'rndc.key'), *args],
                              capture_output=True, text=True, check=False)

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        """Return the target of a pool that stands for it, in the form of pools.yaml.

        :param masters: the ports of 127.0.0.1 from which it is to pull zones.
        """
        return {
            'type': 'bind9',
            'masters': [{'host': '127.0.0.1', 'port': port} for port in masters],
            'options': {'host': '127.0.0.1', 'port': str(self.port), 'rndc_host': '127.0.0.1',
                        'rndc_port': str(self.control_port), 'rndc_bin_path': self._rndc,
                        'rndc_key_file': str(self.directory / 'rndc.key'), **options}}

    def ask(self, name: str, type_: str) -> dns.message.Message | None:
        """Return what it says, or None when it does not answer within a second."""
        with contextlib.suppress(dns.exception.Timeout, OSError):
            query = dns.message.make_query(name, type_, flags=0)
            return dns.query.udp(query, '127.0.0.1', port=self.port, timeout=1)
        return None

    def answers(self, name: str, type_: str) -> list[str]:
        """Return the records that it answers with, as text, sorted; none when it has none."""
        message = self.ask(name, type_)
        return sorted(each.to_text() for rrset in (message.answer if message else ())
                      for each in rrset)

    def serial(self, zone_name: str) -> int | None:
        """Return the serial that it shows for a zone, None when it shows none."""
        found = self.answers(zone_name, 'SOA')
        return int(found[0].split()[2]) if found else None

    def refuses(self, name: str) -> bool:
        """Whether it says that it has no zone for a name."""
        message = self.ask(name, 'SOA')
        return message is not None and message.rcode() == dns.rcode.REFUSED

    def log(self) -> str:
        """Return all that it has written."""
        return (self.directory / 'log').read_text(errors='replace')


class Mixin:
    """What a test that needs BIND has besides: ``self.bind()``, stopped after the test."""

    def bind(self, more: str = '', start: bool = True) -> Bind:
        """Return a new BIND."""
        server = Bind(self.directory(), more)       # type: ignore[attr-defined]
        self.addCleanup(server.kill)                # type: ignore[attr-defined]
        if start:
            server.start()
        return server
