# SPDX-License-Identifier: Apache-2.0
"""Where the nodes of a cluster run: each at an address of its own, with the usual ports.

Three addresses of the loopback network are enough for servers that are killed. Servers that
are cut off from each other run in network namespaces (``net.py``).
"""
import contextlib
import os
import pathlib
import random
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A name and an address, and what is put before a command to run it there."""
    name: str
    address: str
    prefix: tuple[str, ...] = ()


def loopback() -> list[Place]:
    """Three places that hear each other whatever happens."""
    network = f'127.{random.randint(1, 254)}.{random.randint(0, 255)}'
    return [Place(f'r{number}', f'{network}.{number}') for number in (1, 2, 3)]


class Process:
    """A program at a place, with a log."""

    def __init__(self, place: Place, log: pathlib.Path, command: Sequence[str],
                 environment: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open('ab') as output:
            self._process = subprocess.Popen(
                [*place.prefix, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(environment or {})}, start_new_session=True)

    def check(self) -> None:
        """Fail the test when it has ended by itself."""
        if self._process.poll() is not None:
            raise AssertionError(f'It ended with {self._process.returncode}: {self.end_of_log()}')

    def end_of_log(self) -> str:
        """The last lines that it has written."""
        return f'{self.log}:\n' + self.log.read_text(errors='replace')[-5000:]

    def kill(self) -> None:
        """Let it die at once, with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait(20)

    def stop(self, timeout: float = 30) -> int:
        """Stop it as an operator would; returns its exit code."""
        self._process.terminate()
        return self._process.wait(timeout)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)
