# SPDX-License-Identifier: Apache-2.0
"""Requests over real sockets of the loopback address."""
import asyncio
import contextlib
import time
from unittest import mock

import dns.flags
import dns.message

from designate_like import dnsio
from designate_like.dnsio import exchange
from tests import base
from tests.unit.dnsio import messages

ZONE = 'example.org.'


class Server(asyncio.DatagramProtocol):
    """Answers by UDP and TCP, as its two functions say."""

    def __init__(self, udp, tcp=None) -> None:
        self.udp, self.tcp = udp, tcp
        self.address = ('127.0.0.1', 0)

    @contextlib.asynccontextmanager
    async def running(self):
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, '127.0.0.1', 0)
        self.address = server.sockets[0].getsockname()
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=self.address)
        try:
            yield self
        finally:
            self.transport.close()
            server.close()

    def connection_made(self, transport) -> None:
        pass

    def datagram_received(self, data, addr) -> None:
        reply = self.udp(dns.message.from_wire(data))
        if reply is not None:
            self.transport.sendto(reply.to_wire(), addr)

    async def _serve(self, reader, writer) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            length = int.from_bytes(await reader.readexactly(2), 'big')
            query = dns.message.from_wire(await reader.readexactly(length))
            writer.write(self.tcp(query).to_wire(prepend_length=True))
        writer.close()


class ExchangeTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(exchange, 'WAITS', (30.0,)))

    async def probe(self, server: Server, count: int = 1, **options) -> list[dnsio.Answer]:
        async with server.running():
            with contextlib.closing(dnsio.Exchange()) as with_:
                return await asyncio.gather(*[
                    dnsio.probe(with_, server.address, ZONE, **options) for _ in range(count)])

    def test_many_at_once_by_udp(self):
        server = Server(lambda q: messages.reply(q, 3))
        self.assertEqual([dnsio.Answer(True, 3)] * 100, asyncio.run(self.probe(server, 100)))

    def test_tcp_where_asked_for(self):
        server = Server(lambda q: None, lambda q: messages.reply(q, 4))
        self.assertEqual([dnsio.Answer(True, 4)], asyncio.run(self.probe(server, tcp=True)))

    def test_tcp_where_udp_is_too_small(self):
        server = Server(lambda q: messages.reply(q, flags=dns.flags.TC),
                        lambda q: messages.reply(q, 4))
        self.assertEqual([dnsio.Answer(True, 4)], asyncio.run(self.probe(server)))

    def test_silence(self):
        with mock.patch.object(exchange, 'WAITS', (0.05, 0.05)):
            self.assertEqual([dnsio.SILENCE], asyncio.run(self.probe(Server(lambda q: None))))

    def test_nobody_listens(self):
        address = ('127.0.0.1', 1)      # Below the ports that any test is given.

        async def probe(**options):
            with contextlib.closing(dnsio.Exchange()) as with_:
                return await dnsio.probe(with_, address, ZONE, **options)

        start = time.monotonic()
        self.assertEqual(dnsio.SILENCE, asyncio.run(probe()))
        self.assertEqual(dnsio.SILENCE, asyncio.run(probe(tcp=True)))
        self.assertLess(time.monotonic() - start, 10)

    def test_a_name_that_does_not_resolve(self):
        async def probe():
            with contextlib.closing(dnsio.Exchange()) as with_:
                return await dnsio.probe(with_, ('no.such.host.invalid', 53), ZONE)
        self.assertEqual(dnsio.SILENCE, asyncio.run(probe()))

    def test_a_dead_server_does_not_delay_another(self):
        async def both():
            dead, alive = Server(lambda q: None), Server(lambda q: messages.reply(q, 5))
            with contextlib.closing(dnsio.Exchange()) as with_:
                async with dead.running(), alive.running():
                    waiting = asyncio.ensure_future(dnsio.probe(with_, dead.address, ZONE))
                    found = await dnsio.probe(with_, alive.address, ZONE)
                    self.assertFalse(waiting.done())
                    waiting.cancel()
                    return found
        self.assertEqual(dnsio.Answer(True, 5), asyncio.run(both()))

    def test_a_server_comes_back(self):
        async def come_back():
            answers = [None, 6]
            server = Server(lambda q: messages.reply(q, answers[0]) if answers[0] else None)
            with contextlib.closing(dnsio.Exchange()) as with_:
                async with server.running():
                    with mock.patch.object(exchange, 'WAITS', (0.05, 0.05)):
                        before = await dnsio.probe(with_, server.address, ZONE)
                    del answers[0]
                    return before, await dnsio.probe(with_, server.address, ZONE)
        self.assertEqual((dnsio.SILENCE, dnsio.Answer(True, 6)), asyncio.run(come_back()))
