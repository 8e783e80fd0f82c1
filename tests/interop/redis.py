# SPDX-License-Identifier: Apache-2.0
"""A real Redis on a free port, which forgets everything when it stops."""
import contextlib
import pathlib
import socket
import subprocess

from tests import base
from tests.interop import server


class Redis:
    """A place where producers meet."""

    def __init__(self, directory: pathlib.Path) -> None:
        self._directory = directory
        self._port = server.free_port()
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it, and return when it can be asked."""
        self._process = subprocess.Popen(
            [base.require('redis-server'), '--bind', '127.0.0.1', '--port', str(self._port),
             '--save', '', '--dir', str(self._directory)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        base.wait(self._answers)

    def kill(self) -> None:
        """Let it die."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def url(self, lease: int) -> str:
        """The tooz backend that drops a member which is silent for so many seconds."""
        return f'redis://127.0.0.1:{self._port}?membership_timeout={lease}'

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), \
                socket.create_connection(('127.0.0.1', self._port), timeout=5) as connection:
            connection.sendall(b'PING\r\n')
            return connection.recv(16) == b'+PONG\r\n'
        return False
