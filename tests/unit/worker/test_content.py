# SPDX-License-Identifier: Apache-2.0
"""The comparison of content: its rate, its queue, and what follows from what is found."""
import asyncio
import unittest.mock
from typing import Any

import dns.message
import dns.rrset
import dns.tsig

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.resources import digest
from designate_like.worker import content
from designate_like.worker import loop
from designate_like.worker import pools
from tests import base
from tests.unit.dnsio import messages
from tests.unit.worker import world
from tests.unit.worker.world import zone

CTX = context.admin()
FIRST, SECOND = ('192.0.2.1', 53), ('192.0.2.2', 53)
NAME, RIGHT, WRONG = 'www.example.org.', '192.0.2.1', '192.0.2.66'


def look(serial: int = 10, *nameservers: dnsio.Address, exchange: Any = None,
         **values: Any) -> content.Look:
    pool = pools.Pool(resources.Pool(id='pool', name='pool', created_at=None), exchange)
    return content.Look(CTX, zone(serial, **values), pool, list(nameservers or (FIRST,)))


def fingerprint(address: str) -> digest.Digest:
    found = dns.rrset.from_text(NAME, 60, 'IN', 'A', address)
    return digest.of_rrset(found.name, found)


class RateTest(base.TestCase):

    def test_so_much_a_second_in_the_long_run(self):
        rate, now = content.Rate(100), 5.0
        for cost in [50] * 20:
            now += rate.pause(cost, now)
        self.assertAlmostEqual(5 + 19 * 0.5, now)

    def test_nothing_is_saved_up(self):
        rate = content.Rate(100)
        self.assertEqual(0, rate.pause(50, 0))
        self.assertEqual(0, rate.pause(50, 60))
        self.assertEqual(0.5, rate.pause(50, 60))


class QueueTest(base.TestCase):

    def test_a_zone_waits_once(self):
        queue = content.Queue()
        for _ in range(3):
            queue.add(look())
        self.assertEqual(1, len(queue))
        taken = queue.take()
        queue.add(look())
        self.assertEqual(0, len(queue))     # It is being compared.
        queue.done(taken)
        queue.add(look())
        self.assertEqual(1, len(queue))

    def test_zones_have_their_turn_in_the_order_in_which_they_come(self):
        # In another order a zone could be the first of one sweep and the last of the next.
        queue = content.Queue()
        for number in range(50):
            queue.add(look(id=f'{number}'))
        self.assertEqual([f'{number}' for number in range(50)],
                         [queue.take().zone.id for _ in range(50)])

    def test_it_never_grows_beyond_its_limit_and_none_is_kept_out_for_ever(self):
        queue, seen = content.Queue(limit=3), set()
        for _ in range(200):
            for number in range(6):
                queue.add(look(id=f'{number}'))
            self.assertEqual(3, len(queue))
            taken = queue.take()
            seen.add(taken.zone.id)
            queue.done(taken)
        self.assertEqual(set('012345'), seen)


class Exchange:
    """The network: the address that each server has for the name, and the serial it shows."""

    def __init__(self) -> None:
        self.records: dict[dnsio.Address, str] = {}
        self.serial = 10
        self.questions = 0

    async def ask(self, address: dnsio.Address, query: dns.message.Message,
                  tcp: bool = False) -> dns.message.Message | None:
        await asyncio.sleep(0)
        if query.question[0].rdtype == dns.rdatatype.SOA:
            return _sent(messages.reply(query, self.serial))
        self.questions += 1
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        if address in self.records:
            reply.answer.append(dns.rrset.from_text(NAME, 60, 'IN', 'A', self.records[address]))
        return _sent(reply)


def _sent(reply: dns.message.Message) -> dns.message.Message:
    return dns.message.from_wire(reply.to_wire())


class Central:
    """It has one zone of one record."""

    def __init__(self) -> None:
        self.serial = 10
        self.calls: list[str] = []
        self.away = False

    async def call(self, noun: str, verb: str, ctx: context.RequestContext, **what: Any) -> Any:
        await asyncio.sleep(0)
        if self.away:
            raise errors.BusUnavailable()
        self.calls.append(verb)
        text = fingerprint(RIGHT).text
        if verb == 'digest':
            return {'serial': self.serial, 'digest': text, 'count': 1}
        return {'serial': self.serial, 'rrsets': [{'name': NAME, 'type': 'A', 'digest': text}]}


class Repairs:
    """Keeps what is well and what is not."""

    def __init__(self) -> None:
        self.found: list[tuple[str, dnsio.Address]] = []

    def well(self, zone_: Any, address: dnsio.Address) -> None:
        self.found.append(('well', address))

    async def repair(self, ctx: Any, zone_: Any, pool: Any, address: dnsio.Address,
                     what: str) -> None:
        self.found.append((what, address))


class ContentsTest(world.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.exchange, self.central, self.repairs = Exchange(), Central(), Repairs()
        self.transfers: dict[dnsio.Address, Any] = {}
        self.transferred = self.enterContext(unittest.mock.patch.object(
            content.content, 'transferred', side_effect=self.transfer))

    def transfer(self, address: dnsio.Address, *_: Any) -> tuple[int, digest.Digest]:
        """What a server sends: of which serial, and which address the name has."""
        if address not in self.transfers:
            raise errors.CommunicationFailure('REFUSED')
        serial, record = self.transfers[address]
        return serial, fingerprint(record)

    def look(self, serial: int = 10, *nameservers: dnsio.Address, **values: Any) -> content.Look:
        return look(serial, *nameservers, exchange=self.exchange, **values)

    def compare(self, *looks: content.Look, rate: float = 1e9) -> list[tuple[str, dnsio.Address]]:
        """Compare one after the other; what was found of each place."""
        async def run() -> None:
            loop_ = loop.Loop('test', lambda: None)
            contents = content.Contents(loop_, self.central, self.repairs, rate, False)
            for each in looks:
                contents.compare(each)
                await self.until(lambda: not loop_._tasks)
            contents.close()
        asyncio.run(run())
        return sorted(self.repairs.found)

    def test_whole(self):
        self.transfers = {FIRST: (10, RIGHT), SECOND: (10, WRONG)}
        self.assertEqual([('other records', SECOND), ('well', FIRST)],
                         self.compare(self.look(10, FIRST, SECOND)))
        self.assertEqual(0, self.exchange.questions)

    def test_central_is_asked_once_for_each_version(self):
        self.transfers = {FIRST: (10, RIGHT)}
        self.compare(self.look(), self.look())
        self.assertEqual(['digest'], self.central.calls)

    def test_another_version_says_nothing(self):
        self.transfers = {FIRST: (11, WRONG)}
        self.assertEqual([], self.compare(self.look()))
        self.transfers = {FIRST: (10, WRONG)}
        self.central.serial = 11
        self.assertEqual([], self.compare(self.look()))

    def test_beyond_32_bits(self):
        self.central.serial = 2**32 + 10
        self.transfers = {FIRST: (10, WRONG)}
        self.assertEqual([('other records', FIRST)], self.compare(self.look(2**32 + 10)))

    def test_a_server_that_refuses_transfers_is_asked_for_samples(self):
        for record, what in ((RIGHT, 'well'), (WRONG, 'other records'), (None, 'other records')):
            self.exchange.records = {FIRST: record} if record else {}
            self.repairs.found.clear()
            self.assertEqual([(what, FIRST)], self.compare(self.look()))

    def test_a_refusal_is_remembered(self):
        self.exchange.records = {FIRST: RIGHT}
        self.compare(self.look(), self.look())
        self.transferred.assert_called_once()
        self.assertEqual(2, self.exchange.questions)

    def test_a_sample_of_another_version_says_nothing(self):
        self.exchange.records = {FIRST: WRONG}
        self.exchange.serial = 11
        self.assertEqual([], self.compare(self.look()))
        self.exchange.serial, self.central.serial = 10, 11
        self.assertEqual([], self.compare(self.look()))

    def test_a_large_zone_is_mostly_asked_for_samples(self):
        self.transfers = {FIRST: (10, RIGHT)}
        self.exchange.records = {FIRST: RIGHT}
        large = self.look(record_count=10**6)
        with unittest.mock.patch.object(content.random, 'random', return_value=0.002):
            self.compare(large, rate=1000)
            self.transferred.assert_not_called()
        with unittest.mock.patch.object(content.random, 'random', return_value=0.0005):
            self.compare(large, rate=1000)
            self.transferred.assert_called_once()

    def test_transfers_are_signed_where_questions_are(self):
        self.transfers = {FIRST: (10, RIGHT), SECOND: (10, RIGHT)}
        key = dns.tsig.Key('key.', b'secret')
        self.compare(self.signed(key, FIRST, SECOND))
        self.assertEqual({FIRST: key, SECOND: None}, {
            call.args[0]: call.args[2] for call in self.transferred.mock_calls})

    def test_a_key_that_is_missing(self):
        self.assertEqual([], self.compare(self.signed('there is no such key', FIRST)))
        self.transferred.assert_not_called()

    def signed(self, key: dns.tsig.Key | str, *nameservers: dnsio.Address) -> content.Look:
        """A look at name servers of which the first has a key, or should have one."""
        made = look(10, *nameservers)
        made.pool.polls = dnsio.Signed(self.exchange, {nameservers[0]: key})
        return made

    def test_central_is_away(self):
        self.transfers = {FIRST: (10, RIGHT)}
        self.central.away = True
        self.assertEqual([], self.compare(self.look(), self.look()))
