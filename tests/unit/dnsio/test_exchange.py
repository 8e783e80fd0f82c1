# SPDX-License-Identifier: Apache-2.0
"""Replies find their requests, and nothing else does."""
import asyncio
import contextlib
import errno
from collections.abc import Callable
from unittest import mock

import dns.message
import dns.rcode
import dns.tsig
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

    def unanswered(self, made: exchange.Channel, why: str) -> None:
        with self.assertRaises(exchange.NoReply) as caught:
            asyncio.run(made.ask(query()))
        self.assertEqual(why, str(caught.exception))

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
        self.unanswered(made, 'no answer')
        self.assertEqual(2, len(transport.sent))

    def test_what_is_no_reply_to_the_request(self):
        other = 'bad answer: it is to another question'
        wrong = [
            (lambda q: messages.reply(query(id=q.id ^ 1)), 'no answer'),
            (lambda q: messages.reply(query('example.net.', id=q.id)), other),
            (lambda q: query(id=q.id), other),
        ]
        for make, why in wrong:
            made, _ = channel(lambda ch, q, n: receive(ch, make(q)))
            self.unanswered(made, why)

    def test_names_are_compared_without_case(self):
        made, _ = channel(
            lambda ch, q, n: receive(ch, messages.reply(query('EXAMPLE.org.', id=q.id))))
        self.assertIsNotNone(asyncio.run(made.ask(query())))

    def test_the_kernel_says_that_nobody_listens(self):
        refused = ConnectionRefusedError(errno.ECONNREFUSED, 'Connection refused')
        made, transport = channel(lambda ch, q, n: ch.error_received(refused))
        self.unanswered(made, 'Connection refused')
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
            self.unanswered(made, 'too many requests are under way')
        self.assertEqual([], transport.sent)


KEY = dns.tsig.Key('key.', b'secret', 'hmac-sha256.')


def signed() -> dns.message.Message:
    made = query()
    made.use_tsig(KEY)
    return made


def signing(key: dns.tsig.Key, asked: dns.message.Message) -> dns.message.Message:
    """A reply as a server makes it that has a key."""
    asked = dns.message.from_wire(asked.to_wire(), keyring=key)
    made = dns.message.make_response(asked)
    made.answer.append(messages.soa('example.org.', 7))
    return made


class SignedTest(base.TestCase):
    """Requests with TSIG (RFC 8945 section 5.3)."""

    def ask(self, *replies: Callable[[dns.message.Message], dns.message.Message],
            ) -> dns.message.Message:
        """Ask with a signature, and have these replies come."""
        made, transport = channel()
        asked = signed()

        def answer(data: bytes) -> None:
            for each in replies:
                receive(made, each(asked))
        transport.sendto = answer
        with mock.patch.object(exchange, 'WAITS', (0.01,)):
            return asyncio.run(made.ask(asked))

    def test_a_signed_reply(self):
        reply = self.ask(lambda asked: signing(KEY, asked))
        self.assertEqual(7, reply.answer[0][0].serial)

    def test_a_wrong_reply_is_told_of_when_no_right_one_comes(self):
        def refused(error: int) -> Callable[[dns.message.Message], dns.message.Message]:
            def make(asked: dns.message.Message) -> dns.message.Message:
                made = messages.reply(query(id=asked.id), rcode=dns.rcode.NOTAUTH)
                made.use_tsig(KEY, tsig_error=error)
                return made
            return make
        other = dns.tsig.Key('key.', b'other', 'hmac-sha256.')

        def forged(asked: dns.message.Message) -> dns.message.Message:
            made = messages.reply(query(id=asked.id), 7)
            made.use_tsig(other)
            return made
        wrong = [
            (lambda asked: messages.reply(query(id=asked.id), 7),
             'response requires a TSIG but does not have one'),
            (refused(dns.rcode.BADKEY), "The peer didn't know the key we used"),
            (refused(dns.rcode.BADSIG), "The peer didn't like the signature we sent"),
            (forged, 'The TSIG signature fails to verify.')]
        for make, why in wrong:
            with self.subTest(why):
                with self.assertRaises(exchange.NoReply) as caught:
                    self.ask(make)
                self.assertEqual(f'bad answer: {why}', str(caught.exception))
                self.assertTrue(self.ask(make, lambda asked: signing(KEY, asked)).answer)


class ReadTest(base.TestCase):

    @hypothesis.given(strategies.binary(max_size=200))
    def test_bytes_from_anybody(self, data):
        asked = query(id=0)
        # The same, past the header of a proper reply.
        for each in (data, messages.reply(asked, 1).to_wire()[:12] + data):
            with contextlib.suppress(exchange.NoReply):
                exchange.read(each, asked)

    @hypothesis.given(strategies.data())
    def test_a_reply_with_changes(self, data):
        asked = query(id=0)
        wire = bytearray(messages.reply(asked, 1).to_wire())
        for _ in range(data.draw(strategies.integers(1, 5))):
            at = data.draw(strategies.integers(0, len(wire) - 1))
            wire[at] = data.draw(strategies.integers(0, 255))
        with contextlib.suppress(exchange.NoReply):
            exchange.read(bytes(wire), asked)
