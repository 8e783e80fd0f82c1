# SPDX-License-Identifier: Apache-2.0
"""The sockets of mdns: each address once by UDP and once by TCP."""
import errno
import socket
from collections.abc import Sequence

from designate_like.mdns import tcp
from designate_like.mdns import udp
from designate_like.resources import addresses

Server = tcp.Server | udp.Server


class Listener:
    """Serves an answerer at some addresses."""

    def __init__(self, hosts: Sequence[tuple[str, int]], respond: udp.Respond, *,
                 connections: int, per_client: int, backlog: int, receive_timeout: float,
                 keepidle: int | None = None, share: bool = False) -> None:
        """Make a listener.

        :param hosts: hosts and ports; for port 0 the system chooses.
        :param connections: how many TCP connections to serve at once.
        :param per_client: how many of them one address may have; it is denied more.
        :param backlog: how many may wait to be accepted.
        :param receive_timeout: seconds that a TCP connection may be idle.
        :param keepidle: seconds of silence before a TCP connection is probed.
        :param share: let other processes that also share listen at the same ports.
        """
        self._hosts = hosts
        self._respond = respond
        self._connections = tcp.Connections(connections, per_client)
        self._backlog = backlog
        self._receive_timeout = receive_timeout
        self._keepidle = keepidle
        self._share = share
        self._servers: list[Server] = []
        self.addresses: list[tuple[str, int]] = []

    def bind(self) -> None:
        """Take the ports; what arrives waits for :meth:`start`.

        :raises OSError: one sentence that names the address, when it cannot be had.
        """
        try:
            for host, port in self._hosts:
                for family, _, _, _, address in socket.getaddrinfo(
                        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
                    self._bind(family, address)
        except OSError as problem:
            self.stop()
            raise OSError(f'[service:mdns] listen: cannot listen at {addresses.join(host, port)}: '
                          f'{problem.strerror or problem}') from problem

    def start(self) -> None:
        """Begin to answer."""
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        """Cut every connection, close every socket; takes less than a second."""
        self._connections.close()
        for server in self._servers:
            server.stop()
        self._servers = []

    def _bind(self, family: socket.AddressFamily, address: tuple) -> None:
        stream, packets = self._pair(family, address)
        stream.listen(self._backlog)
        self.addresses.append(stream.getsockname()[:2])
        self._servers += [
            tcp.Server(stream, self._respond, self._connections, self._receive_timeout,
                       self._keepidle),
            udp.Server(packets, self._respond)]

    def _pair(self, family: socket.AddressFamily,
              address: tuple) -> tuple[socket.socket, socket.socket]:
        """A TCP and a UDP socket at the same address and port."""
        while True:
            stream = self._socket(family, socket.SOCK_STREAM, address)
            try:
                return stream, self._socket(family, socket.SOCK_DGRAM, stream.getsockname())
            except OSError as problem:
                stream.close()
                if address[1] or problem.errno != errno.EADDRINUSE:
                    raise
                # The system chose a port that UDP does not have free; let it choose again.

    def _socket(self, family: socket.AddressFamily, kind: socket.SocketKind,
                address: tuple) -> socket.socket:
        made = socket.socket(family, kind)
        try:
            if kind == socket.SOCK_STREAM:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if self._share:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind(address)
        except OSError:
            made.close()
            raise
        return made
