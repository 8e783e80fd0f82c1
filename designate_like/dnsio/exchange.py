# SPDX-License-Identifier: Apache-2.0
"""Requests to DNS servers and their replies, many at once.

All requests to one server share a connected UDP socket, so the kernel lets in what comes from
that server alone, and its refusal (ICMP) ends the wait at once. A reply belongs to a request
when message id, opcode and question agree (RFC 5452 section 9), and it is signed when the
request is (RFC 8945 section 5.3). What else comes is dropped, and told when nothing better does.
"""
import asyncio
import dataclasses

import dns.entropy
import dns.exception
import dns.flags
import dns.message

Address = tuple[str, int]       # Host name or IP address, and port.

# Seconds to wait for a reply to each sending of a request; after the last it is given up.
WAITS = (0.1, 0.2, 0.4, 0.8)

# Requests under way to one server, well below what 16 bits of message id can tell apart.
MAX_PENDING = 20000


class NoReply(Exception):
    """A request was not answered; the text says why, in a few words."""


class Exchange:
    """Sends requests and hands back replies, within one event loop."""

    def __init__(self) -> None:
        self._channels: dict[Address, Channel] = {}

    async def ask(self, address: Address, query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message:
        """Return the reply to a request.

        :param tcp: ask by TCP at once, and not only when the reply does not fit UDP.
        :raises NoReply: when there is none within 1.5 seconds.
        """
        if tcp:
            return await _ask_by_tcp(address, query)
        try:
            channel = await self._channel(address)
        except OSError as error:    # The name does not resolve, or there is no route.
            raise NoReply(_text(error)) from error
        try:
            reply = await channel.ask(query)
        except NoReply:
            self._forget(address, channel)
            raise
        return await _ask_by_tcp(address, query) if reply.flags & dns.flags.TC else reply

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


@dataclasses.dataclass
class Request:
    """A request under way."""
    query: dns.message.Message
    reply: asyncio.Future       # Of None once it is given up.
    problem: str = 'no answer'


class Channel(asyncio.DatagramProtocol):
    """The UDP socket to one server."""

    def __init__(self) -> None:
        self._pending: dict[int, Request] = {}
        self._retired = False
        self._transport: asyncio.DatagramTransport

    async def ask(self, query: dns.message.Message) -> dns.message.Message:
        """Send until a reply comes; the id of the message changes when it is in use.

        :raises NoReply: when none does.
        """
        if len(self._pending) >= MAX_PENDING:
            raise NoReply('too many requests are under way')
        while query.id in self._pending:
            query.id = dns.entropy.random_16()
        packet = query.to_wire()    # Once, as a signature would be another each time.
        reply = asyncio.get_running_loop().create_future()
        request = self._pending[query.id] = Request(query, reply)
        try:
            for wait in WAITS:
                self._transport.sendto(packet)
                done, _ = await asyncio.wait([reply], timeout=wait)
                if done and reply.result() is not None:
                    return reply.result()
                if done:
                    break
            raise NoReply(request.problem)
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
        self._give_up('closed')

    def _close_when_idle(self) -> None:
        if self._retired and not self._pending:
            self._transport.close()

    def _give_up(self, problem: str) -> None:
        for request in self._pending.values():
            if not request.reply.done():
                request.problem = problem
                request.reply.set_result(None)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the open socket."""
        self._transport = transport     # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Give a reply to whoever waits for it."""
        request = self._pending.get(int.from_bytes(data[:2], 'big'))
        if request is not None and not request.reply.done():
            try:
                request.reply.set_result(read(data, request.query))
            except NoReply as problem:      # Another may come: anybody can send a wrong one.
                request.problem = str(problem)

    def error_received(self, error: Exception) -> None:
        """End all waits: nobody listens at the server's port, or it cannot be reached."""
        self._give_up(_text(error))

    def connection_lost(self, error: Exception | None) -> None:
        """End all waits: the socket is closed."""
        self._give_up('closed' if error is None else _text(error))


def read(data: bytes, query: dns.message.Message) -> dns.message.Message:
    """Return the message that is a well-formed reply to the request, signed if that is.

    :raises NoReply: when it is something else.
    """
    try:
        message = dns.message.from_wire(data, keyring=query.keyring, request_mac=query.mac)
    except (dns.exception.DNSException, ValueError) as error:
        raise NoReply(f'bad answer: {_text(error)}') from error
    if not query.is_response(message):
        raise NoReply('bad answer: it is to another question')
    return message


async def _ask_by_tcp(address: Address, query: dns.message.Message) -> dns.message.Message:
    try:
        async with asyncio.timeout(sum(WAITS)):
            reader, writer = await asyncio.open_connection(*address)
            try:
                writer.write(query.to_wire(prepend_length=True))
                length = int.from_bytes(await reader.readexactly(2), 'big')
                return read(await reader.readexactly(length), query)
            finally:
                writer.close()
    except TimeoutError:
        raise NoReply('no answer') from None
    except (OSError, asyncio.IncompleteReadError) as error:
        raise NoReply(_text(error)) from error


def _text(error: Exception) -> str:
    return getattr(error, 'strerror', None) or str(error) or type(error).__name__
