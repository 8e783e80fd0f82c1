# SPDX-License-Identifier: Apache-2.0
"""What all real DNS servers of the tests have in common: a process, and answers."""
import abc
import contextlib
import pathlib
import re
import secrets
import socket
import subprocess
from typing import Any
from typing import ClassVar
from typing import TypeVar

import dns.exception
import dns.message
import dns.query
import dns.rcode

from tests import base


# The ports that the kernel gives to clients, of whom a test has thousands.
_CLIENTS = pathlib.Path('/proc/sys/net/ipv4/ip_local_port_range')


def free_port() -> int:
    """Return a port of 127.0.0.1 at which nobody listens, by TCP or UDP, and no client will be."""
    low = 10_000
    high = max(int(_CLIENTS.read_text().split()[0]), low + 10_000)
    while True:
        with socket.socket(type=socket.SOCK_STREAM) as tcp, \
                socket.socket(type=socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
            tcp.bind(('127.0.0.1', low + secrets.randbelow(high - low)))
            udp.bind(tcp.getsockname())
            return tcp.getsockname()[1]


class Server(abc.ABC):
    """One server, in a directory of its own, on free ports of 127.0.0.1."""

    # What stands in its log, with the zone's name for %s, when it has taken an IXFR; where it
    # does not say, a transfer of less than a thousand bytes.
    IXFR: ClassVar[str]

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.key_name = ''      # Of the TSIG key with which it signs what it asks of its masters.
        self._process: subprocess.Popen | None = None

    @abc.abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""

    @abc.abstractmethod
    def is_ready(self) -> bool:
        """Whether it takes commands."""

    @abc.abstractmethod
    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        """Return the target of a pool that stands for it, in the form of pools.yaml.

        :param masters: the ports of 127.0.0.1 from which it is to pull zones.
        """

    @abc.abstractmethod
    def forget(self, zone_name: str) -> None:
        """Remove a zone from it, as an operator would by mistake."""

    def sign(self, name: str, secret: str) -> None:
        """Have it, while it runs, sign what it asks of its masters from now on.

        :param name: of the key, by HMAC-SHA256; of another one before :meth:`target` only.
        :param secret: in base64.
        """
        self.key_name = name
        self._sign(secret)

    @abc.abstractmethod
    def _sign(self, secret: str) -> None:
        """Give it the key."""

    def start(self) -> None:
        """Start it, and return when it takes commands."""
        with (self.directory / 'log').open('ab') as log:
            self._process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log)
        base.wait(self._is_ready, timeout=20)

    def _is_ready(self) -> bool:
        self.check()
        return self.is_ready()

    def check(self) -> None:
        """Fail the test when it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f'{type(self).__name__} ended:\n{self.log()}')

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

    def has_taken_ixfr(self, zone_name: str, since: int) -> bool:
        """Whether its log, from a place on, tells of an IXFR of a zone of more than that."""
        pattern = self.IXFR % re.escape(zone_name.removesuffix('.'))
        return re.search(pattern, self.log()[since:], re.IGNORECASE) is not None

    def log(self) -> str:
        """Return all that it has written."""
        return (self.directory / 'log').read_text(errors='replace')


S = TypeVar('S', bound=Server)


class Mixin:
    """What a test that needs servers has besides: ``self.run_server(kind)``, killed after it."""

    def run_server(self, kind: type[S]) -> S:
        """Return a new server that runs."""
        server = kind(self.directory())         # type: ignore[attr-defined]
        self.addCleanup(server.kill)            # type: ignore[attr-defined]
        server.start()
        return server
