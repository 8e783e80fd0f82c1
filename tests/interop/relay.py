# SPDX-License-Identifier: Apache-2.0
"""A relay that stands between mdns and the servers that pull from it, and counts what goes by."""
import collections
import contextlib
import socket
import struct
import threading
from collections.abc import Callable

import dns.message
import dns.rdatatype

from tests.interop import server

_BUFFER = 65535     # bytes


class Relay:
    """Listens at a free port of 127.0.0.1, by UDP and TCP, for messages to another port there.

    ``asked`` counts questions and ``answered`` bytes of replies, by the type that is asked for:
    ``'SOA'``, ``'IXFR'``, ``'AXFR'``.
    """

    def __init__(self) -> None:
        self.port = server.free_port()
        self.asked: collections.Counter[str] = collections.Counter()
        self.answered: collections.Counter[str] = collections.Counter()
        self._to = ('127.0.0.1', 0)
        self._open: set[socket.socket] = set()
        self._udp, self._tcp = (socket.socket(type=kind) for kind in (socket.SOCK_DGRAM,
                                                                      socket.SOCK_STREAM))

    def start(self, port: int) -> None:
        """Relay to a port."""
        self._to = ('127.0.0.1', port)
        for each in self._udp, self._tcp:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind(('127.0.0.1', self.port))
        self._tcp.listen(100)
        _run(self._serve_udp)
        _run(self._serve_tcp)

    def stop(self) -> None:
        """Relay no more; breaks all connections."""
        for each in (self._udp, self._tcp, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def reset(self) -> None:
        """Begin to count anew."""
        self.asked.clear()
        self.answered.clear()

    def _serve_udp(self) -> None:
        while True:
            query, sender = self._udp.recvfrom(_BUFFER)
            if not query:       # The socket was shut down.
                return
            _run(self._exchange, query, sender)

    def _exchange(self, query: bytes, sender: tuple[str, int]) -> None:
        """Relay one question by UDP."""
        asked = self._count(query)
        with socket.socket(type=socket.SOCK_DGRAM) as upstream:
            upstream.settimeout(5)
            upstream.sendto(query, self._to)
            reply = upstream.recv(_BUFFER)
        self.answered[asked] += len(reply)
        self._udp.sendto(reply, sender)

    def _serve_tcp(self) -> None:
        while True:
            downstream, _ = self._tcp.accept()
            _run(self._connect, downstream)

    def _connect(self, downstream: socket.socket) -> None:
        """Relay one connection, both ways, until either side ends it."""
        with downstream, socket.create_connection(self._to) as upstream:
            both = {downstream, upstream}
            self._open |= both
            kind = ['']     # What was asked for last on this connection.
            _run(self._pass_on, upstream, downstream, lambda reply: self.answered.update(
                {kind[0]: len(reply)}))
            self._pass_on(downstream, upstream,
                          lambda query: kind.__setitem__(0, self._count(query)))
            self._open -= both

    def _pass_on(self, source: socket.socket, sink: socket.socket,
                 seen: Callable[[bytes], None]) -> None:
        """Pass messages on one way until the end, and the end too."""
        with source.makefile('rb') as stream, contextlib.suppress(OSError):
            while prefix := stream.read(2):
                message = stream.read(*struct.unpack('!H', prefix))
                seen(message)
                sink.sendall(prefix + message)
            sink.shutdown(socket.SHUT_WR)

    def _count(self, query: bytes) -> str:
        """Count a question; returns the type that it asks for."""
        question = dns.message.from_wire(query, question_only=True).question
        asked = dns.rdatatype.to_text(question[0].rdtype)
        self.asked[asked] += 1
        return asked


def _run(function: Callable[..., None], *args: object) -> None:
    """Run a function in a thread of its own; what ends because a socket does is no problem."""
    def run() -> None:
        with contextlib.suppress(OSError):
            function(*args)
    threading.Thread(target=run, daemon=True).start()
