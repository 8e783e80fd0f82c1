# SPDX-License-Identifier: Apache-2.0
"""Replies find their requests, and nothing else does."""
import asyncio
from unittest import mock

import dns.message
import hypothesis
from hypothesis import strategies

from designate_like.dnsio import exchange
from tests import base
from tests.unit.dnsio import messages


def query(name: str = 'example.org.', **options) -> dns.message.Message:
    return dns.message.make_query(name, 'SOA', flags=0, **options)


class Transport:
    """Keeps what is sent, and may answer at once."""

    def __init__(self, channel: exchange.Channel, answer=None) -> None:
        self.channel = channel
        self.answer = answer
        self.sent: list[bytes] = []
        self.closed = False

    def sendto(self, data: bytes) -> None:
        self.sent.append(data)
        if self.answer is not None:
            self.answer(self.channel, dns.message.from_wire(data), len(self.sent))

    def close(self) -> None:
        self.closed = True


def channel(answer=None) -> tuple[exchange.Channel, Transport]:
    made = exchange.Channel()
    transport = Transport(made, answer)
    made.connection_made(transport)
    return made, transport


def receive(made: exchange.Channel, message: dns.message.Message) -> None:
    made.datagram_received(message.to_wire(), ('192.0.2.1', 53))


class ChannelTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(exchange, 'WAITS', (0.01, 0.01)))

    def test_a_reply(self):
        made, transport = channel(lambda ch, q, n: receive(ch, messages.reply(q, 7)))
        found = asyncio.run(made.ask(query()))
        self.assertEqual(7, found.answer[0][0].serial)
        self.assertEqual(1, len(transport.sent))

    def test_a_lost_packet_is_sent_again(self):
        made, transport = channel(
            lambda ch, q, n: n == 2 and receive(ch, messages.reply(q, 7)))
        self.assertIsNotNone(asyncio.run(made.ask(query())))
        self.assertEqual(transport.sent[0], transport.sent[1])

    def test_silence(self):
        made, transport = channel()
        self.assertIsNone(asyncio.run(made.ask(query())))
        self.assertEqual(2, len(transport.sent))

    def test_what_is_no_reply_to_the_request(self):
        wrong = [
            lambda q: messages.reply(query(id=q.id ^ 1)),
            lambda q: messages.reply(query('example.net.', id=q.id)),
            lambda q: query(id=q.id),
        ]
        for make in wrong:
            made, _ = channel(lambda ch, q, n: receive(ch, make(q)))
            self.assertIsNone(asyncio.run(made.ask(query())))

    def test_names_are_compared_without_case(self):
        made, _ = channel(
            lambda ch, q, n: receive(ch, messages.reply(query('EXAMPLE.org.', id=q.id))))
        self.assertIsNotNone(asyncio.run(made.ask(query())))

    def test_the_kernel_says_that_nobody_listens(self):
        made, transport = channel(lambda ch, q, n: ch.error_received(ConnectionRefusedError()))
        self.assertIsNone(asyncio.run(made.ask(query())))
        self.assertEqual(1, len(transport.sent))

    def test_ids_in_use_are_not_used_twice(self):
        kept = []
        made, transport = channel(lambda ch, q, n: kept.append(q))

        async def both():
            asks = asyncio.gather(made.ask(query(id=5)), made.ask(query('example.net.', id=5)))
            while len(kept) < 2:
                await asyncio.sleep(0)
            for serial, each in reversed(list(enumerate(kept))):
                receive(made, messages.reply(each, serial))
            return await asks

        first, second = asyncio.run(both())
        self.assertNotEqual(kept[0].id, kept[1].id)
        self.assertEqual([0, 1], [first.answer[0][0].serial, second.answer[0][0].serial])

    def test_a_retired_channel_serves_those_who_wait_and_closes(self):
        made, transport = channel()

        async def retire():
            ask = asyncio.ensure_future(made.ask(query()))
            while not transport.sent:
                await asyncio.sleep(0)
            made.retire()
            self.assertFalse(transport.closed)
            receive(made, messages.reply(dns.message.from_wire(transport.sent[0]), 1))
            self.assertIsNotNone(await ask)

        asyncio.run(retire())
        self.assertTrue(transport.closed)

    def test_too_many_requests_are_given_up_at_once(self):
        made, transport = channel()
        with mock.patch.object(exchange, 'MAX_PENDING', 0):
            self.assertIsNone(asyncio.run(made.ask(query())))
        self.assertEqual([], transport.sent)


class ReadTest(base.TestCase):

    @hypothesis.given(strategies.binary(max_size=200))
    def test_bytes_from_anybody(self, data):
        asked = query(id=0)
        exchange.read(data, asked)
        # The same, past the header of a proper reply.
        exchange.read(messages.reply(asked, 1).to_wire()[:12] + data, asked)

    @hypothesis.given(strategies.data())
    def test_a_reply_with_changes(self, data):
        asked = query(id=0)
        wire = bytearray(messages.reply(asked, 1).to_wire())
        for _ in range(data.draw(strategies.integers(1, 5))):
            at = data.draw(strategies.integers(0, len(wire) - 1))
            wire[at] = data.draw(strategies.integers(0, 255))
        exchange.read(bytes(wire), asked)
