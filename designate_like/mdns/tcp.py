# SPDX-License-Identifier: Apache-2.0
"""Serving connections: a thread that accepts, and one for each connection (RFC 7766)."""
import contextlib
import ipaddress
import logging
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator

from designate_like.mdns import udp

LOG = logging.getLogger(__name__)

_LENGTH = struct.Struct('!H')
_SEND_TIMEOUT = 10      # seconds in which a client must take one message
# Seconds in which it must take a whole answer. A transfer holds a snapshot of the database all
# the while, and a client that takes a message now and then would hold it for hours.
_ANSWER_TIMEOUT = 1800
_CLOSE_TIMEOUT = 0.5    # seconds in which connections that were cut must be gone
_PAUSE = 0.1            # seconds after a failure to accept


class Connections:
    """The connections of the process: at most ``limit``, so that others wait to be accepted.

    One client has at most ``per_client`` of them, so that it does not keep the others waiting.
    """

    def __init__(self, limit: int, per_client: int) -> None:
        self._limit = limit
        self._per_client = per_client
        self._open: dict[socket.socket, str] = {}
        self._clients: Counter[str] = Counter()
        self._closing = False
        self._changed = threading.Condition()

    def wait_for_room(self) -> bool:
        """Return when one more may come; False when none may come any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or len(self._open) < self._limit)
            return not self._closing

    def add(self, connection: socket.socket, client: str) -> bool:
        """Count a connection, or close it when its client has too many; returns which."""
        client = _network(client)
        with self._changed:
            if self._clients[client] >= self._per_client:
                connection.close()
                return False
            self._open[connection] = client
            self._clients[client] += 1
            if self._closing:
                _cut(connection)
            return True

    def remove(self, connection: socket.socket) -> None:
        """Close a connection and make room."""
        with self._changed:
            self._clients -= Counter([self._open.pop(connection)])
            connection.close()
            self._changed.notify_all()

    def close(self) -> None:
        """Cut every connection and let none come."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            for connection in self._open:
                _cut(connection)
            self._changed.wait_for(lambda: not self._open, timeout=_CLOSE_TIMEOUT)


def _network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the IPv6 addresses of one network."""
    if ':' not in client:
        return client
    return str(ipaddress.ip_network((client.partition('%')[0], 64), strict=False))


def _cut(connection: socket.socket) -> None:
    """Wake whoever reads from or writes to the connection."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Server:
    """Answers on the connections that a listening socket accepts."""

    def __init__(self, listening: socket.socket, respond: udp.Respond, connections: Connections,
                 receive_timeout: float, keepidle: int | None) -> None:
        """Make a server.

        :param receive_timeout: seconds that a connection may be idle, and that one request may
            take to arrive.
        :param keepidle: seconds of silence before the system probes; None is its default.
        """
        self._socket = listening
        self._respond = respond
        self._connections = connections
        self._receive_timeout = receive_timeout
        self._keepidle = keepidle
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._accept, name='mdns-tcp', daemon=True)

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def stop(self) -> None:
        """Accept nothing more; who closes the connections must have done so."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while self._connections.wait_for_room() and not self._stopping.is_set():
            try:
                connection, peer = self._socket.accept()
            except OSError as problem:
                if not self._stopping.is_set():
                    LOG.warning('Cannot accept on %s: %s', self._socket, problem)
                    self._stopping.wait(_PAUSE)
                continue
            if not self._connections.add(connection, peer[0]):
                LOG.debug('Denied %s another connection', peer[0])
                continue
            try:
                threading.Thread(target=self._serve, args=(connection, peer[0]),
                                 name='mdns-connection', daemon=True).start()
            except RuntimeError as problem:
                LOG.warning('Closed a connection from %s: %s', peer[0], problem)
                self._connections.remove(connection)

    def _serve(self, connection: socket.socket, sender: str) -> None:
        """Answer one request after the other until the client leaves or falls silent."""
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self._keepidle:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, self._keepidle)
            while packet := self._receive(connection):
                with contextlib.closing(self._respond(packet, sender, True)) as messages:
                    _send(connection, messages)
        except OSError as problem:
            LOG.debug('The connection from %s ended: %s', sender, problem)
        finally:
            self._connections.remove(connection)

    def _receive(self, connection: socket.socket) -> bytes:
        """The next request; empty when the client is done.

        :raises OSError: when it fell silent or went away.
        """
        deadline = time.monotonic() + self._receive_timeout
        prefix = _exactly(connection, _LENGTH.size, deadline)
        if not prefix:
            return b''
        deadline = time.monotonic() + self._receive_timeout
        return _exactly(connection, *_LENGTH.unpack(prefix), deadline)


def _send(connection: socket.socket, messages: Iterator[bytes]) -> None:
    """Send the messages of one answer.

    :raises OSError: when the client does not take them in time, or went away.
    """
    deadline = time.monotonic() + _ANSWER_TIMEOUT
    for message in messages:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError('the answer was not taken in time')
        connection.settimeout(min(_SEND_TIMEOUT, left))
        connection.sendall(_LENGTH.pack(len(message)) + message)


def _exactly(connection: socket.socket, size: int, deadline: float) -> bytes:
    """So many octets, or none when the client closes before the last of them."""
    parts = []
    while size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError('the request did not arrive in time')
        connection.settimeout(left)
        part = connection.recv(size)
        if not part:
            return b''
        parts.append(part)
        size -= len(part)
    return b''.join(parts)
