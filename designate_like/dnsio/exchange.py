# SPDX-License-Identifier: Apache-2.0
"""Requests to DNS servers and their replies, many at once.

All requests to one server share a connected UDP socket, so the kernel lets in what comes from
that server alone, and its refusal (ICMP) ends the wait at once. A reply belongs to a request
when message id, opcode and question agree (RFC 5452 section 9).
"""
import asyncio
import contextlib

import dns.entropy
import dns.exception
import dns.flags
import dns.message

Address = tuple[str, int]       # Host name or IP address, and port.

# Seconds to wait for a reply to each sending of a request; after the last it is given up.
WAITS = (0.1, 0.2, 0.4, 0.8)

# Requests under way to one server, well below what 16 bits of message id can tell apart.
MAX_PENDING = 20000


class Exchange:
    """Sends requests and hands back replies, within one event loop."""

    def __init__(self) -> None:
        self._channels: dict[Address, Channel] = {}

    async def ask(self, address: Address, query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message | None:
        """Return the reply to a request, or None when there is none within 1.5 seconds.

        :param tcp: ask by TCP at once, and not only when the reply does not fit UDP.
        """
        if tcp:
            return await _ask_by_tcp(address, query)
        try:
            channel = await self._channel(address)
        except OSError:     # The name does not resolve, or there is no route.
            return None
        reply = await channel.ask(query)
        if reply is None:
            self._forget(address, channel)
        elif reply.flags & dns.flags.TC:
            reply = await _ask_by_tcp(address, query)
        return reply

    def close(self) -> None:
        """Close all sockets."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()

    async def _channel(self, address: Address) -> 'Channel':
        if address not in self._channels:
            _, opened = await asyncio.get_running_loop().create_datagram_endpoint(
                Channel, remote_addr=address)
            # Somebody else may have opened one meanwhile; then that is the one to use.
            if self._channels.setdefault(address, opened) is not opened:
                opened.close()
        return self._channels[address]

    def _forget(self, address: Address, channel: 'Channel') -> None:
        """Have the next request open a new socket, as the name may mean another server then."""
        if self._channels.get(address) is channel:
            del self._channels[address]
        channel.retire()


class Channel(asyncio.DatagramProtocol):
    """The UDP socket to one server."""

    def __init__(self) -> None:
        self._pending: dict[int, tuple[dns.message.Message, asyncio.Future]] = {}
        self._retired = False
        self._transport: asyncio.DatagramTransport

    async def ask(self, query: dns.message.Message) -> dns.message.Message | None:
        """Send until a reply comes; the id of the message changes when it is in use."""
        if len(self._pending) >= MAX_PENDING:
            return None
        while query.id in self._pending:
            query.id = dns.entropy.random_16()
        packet = query.to_wire()    # Once, as a signature would be another each time.
        reply = asyncio.get_running_loop().create_future()
        self._pending[query.id] = query, reply
        try:
            for wait in WAITS:
                self._transport.sendto(packet)
                done, _ = await asyncio.wait([reply], timeout=wait)
                if done:
                    return reply.result()
            return None
        finally:
            del self._pending[query.id]
            self._close_when_idle()

    def retire(self) -> None:
        """Close the socket as soon as no request is under way."""
        self._retired = True
        self._close_when_idle()

    def close(self) -> None:
        """Close the socket; what is under way gets no reply."""
        self._transport.close()
        self._give_up()

    def _close_when_idle(self) -> None:
        if self._retired and not self._pending:
            self._transport.close()

    def _give_up(self) -> None:
        for _, reply in self._pending.values():
            if not reply.done():
                reply.set_result(None)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the open socket."""
        self._transport = transport     # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Give a reply to whoever waits for it."""
        query, reply = self._pending.get(int.from_bytes(data[:2], 'big'), (None, None))
        if reply is not None and not reply.done():
            message = read(data, query)
            if message is not None:
                reply.set_result(message)

    def error_received(self, error: Exception) -> None:
        """End all waits: nobody listens at the server's port, or it cannot be reached."""
        self._give_up()

    def connection_lost(self, error: Exception | None) -> None:
        """End all waits: the socket is closed."""
        self._give_up()


def read(data: bytes, query: dns.message.Message) -> dns.message.Message | None:
    """Return the message when it is a well-formed reply to the request, else None."""
    try:
        message = dns.message.from_wire(data, keyring=query.keyring, request_mac=query.mac)
    except (dns.exception.DNSException, ValueError):
        return None
    answers = query.is_response(message) and message.had_tsig == query.had_tsig
    return message if answers else None


async def _ask_by_tcp(address: Address,
                      query: dns.message.Message) -> dns.message.Message | None:
    # A timeout is an OSError, and so is a name that does not resolve.
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        async with asyncio.timeout(sum(WAITS)):
            reader, writer = await asyncio.open_connection(*address)
            try:
                writer.write(query.to_wire(prepend_length=True))
                length = int.from_bytes(await reader.readexactly(2), 'big')
                return read(await reader.readexactly(length), query)
            finally:
                writer.close()
    return None
