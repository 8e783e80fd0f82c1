# SPDX-License-Identifier: Apache-2.0
"""Serving packets: a few threads that read one UDP socket."""
import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable
from collections.abc import Iterator

LOG = logging.getLogger(__name__)

Respond = Callable[[bytes, str, bool], Iterator[bytes]]
Control = list[tuple[int, int, bytes]]

_THREADS = 4            # They overlap what waits for the database; the rest is one at a time.
_LARGEST = 65535        # octets
_CLOSE_TIMEOUT = 0.5    # seconds that an answer in the making is waited for
_PAUSE = 0.1            # seconds after a failure to read
_IP_PKTINFO = 8         # Linux's number; the socket module has no name for it.
_PKTINFO4 = struct.Struct('@i4s4s')
_CONTROL_SIZE = socket.CMSG_SPACE(max(_PKTINFO4.size, 20))


class Server:
    """Answers what arrives on a bound socket."""

    def __init__(self, bound: socket.socket, respond: Respond) -> None:
        self._socket = bound
        self._respond = respond
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, name='mdns-udp', daemon=True)
                         for _ in range(_THREADS)]
        _tell_destination(bound)

    def start(self) -> None:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Answer what is at hand, nothing more, and close the socket."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            # It wakes the readers, though it fails: such a socket has no peer.
            self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_CLOSE_TIMEOUT)
        self._socket.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                packet, control, _, peer = self._socket.recvmsg(_LARGEST, _CONTROL_SIZE)
            except OSError as problem:
                LOG.warning('Cannot read from %s: %s', self._socket, problem)
                self._stopping.wait(_PAUSE)
                continue
            if packet:
                self._answer(packet, control, peer)

    def _answer(self, packet: bytes, control: Control, peer: tuple) -> None:
        with contextlib.closing(self._respond(packet, peer[0], False)) as messages:
            for message in messages:
                try:
                    self._socket.sendmsg([message], _same_source(control), 0, peer)
                except OSError as problem:
                    LOG.debug('Cannot send to %s: %s', peer, problem)


def _tell_destination(bound: socket.socket) -> None:
    """Have the system say to which address each packet came.

    A socket that is bound to every address must answer from the one that was asked, else
    the client takes the answer for a forgery.
    """
    host = bound.getsockname()[0]
    if host == '0.0.0.0':
        bound.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
    elif host == '::':
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)


def _same_source(control: Control) -> Control:
    """The control message that sends from the address to which a packet came.

    The interface is left to the system, except for link-local addresses, which need it.
    """
    for level, kind, data in control:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO):
            _, local, _ = _PKTINFO4.unpack(data)
            return [(level, kind, _PKTINFO4.pack(0, local, bytes(4)))]
        if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
            is_link_local = data[0] == 0xFE and data[1] & 0xC0 == 0x80
            return [(level, kind, data if is_link_local else data[:16] + bytes(4))]
    return []
