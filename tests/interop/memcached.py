# SPDX-License-Identifier: Apache-2.0
"""A real memcached on a free port."""
import contextlib
import socket
import subprocess
from collections.abc import Iterator

from tests import base
from tests.interop import server


class Memcached:
    """One memcached that runs; ``address`` is its host and port."""

    def __init__(self) -> None:
        self.port = server.free_port()
        self.address = f'127.0.0.1:{self.port}'
        # Started by root it wants to know as whom to run.
        self._process = subprocess.Popen(
            [base.require('memcached'), '-l', '127.0.0.1', '-U', '0', '-p', str(self.port),
             '-u', 'nobody'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        base.wait(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(ConnectionRefusedError), self._connect():
            return True
        return False

    def _connect(self) -> socket.socket:
        return socket.create_connection(('127.0.0.1', self.port), timeout=5)

    def items(self) -> int:
        """How many things it has in store."""
        with self._connect() as connection, connection.makefile('rw', newline='\r\n') as file:
            file.write('stats\n')
            file.flush()
            for line in file:
                if line.startswith('STAT curr_items '):
                    return int(line.split()[2])
        raise AssertionError('memcached says nothing of its items')

    def stop(self) -> None:
        """Stop it; everything in it is gone."""
        self._process.kill()
        self._process.wait(10)


@contextlib.contextmanager
def running() -> Iterator[Memcached]:
    """A memcached, gone afterwards."""
    made = Memcached()
    try:
        yield made
    finally:
        made.stop()
