# SPDX-License-Identifier: Apache-2.0
"""What name servers show reaches central, with the reports of the zone or soon after."""
import asyncio
from typing import Any
from unittest import mock

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import receipts
from tests import base
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone

FIRST, SECOND = ('192.0.2.1', 53), ('192.0.2.2', 53)


def brief(found: list[resources.Receipt]) -> list[tuple]:
    """Port, serial, whether it was seen, and error of receipts, by port."""
    return sorted((each.port, each.serial or 0, each.seen_at is not None, each.error)
                  for each in found)


class ReceiptTest(base.TestCase):

    def made(self, *answer: Any, problem: str = '') -> tuple:
        made = receipts.receipt(zone(2**32 + 5), FIRST, dnsio.Answer(*answer), problem)
        return made.serial, made.seen_at is not None, made.error, made.failed_at is not None

    def test_each_kind_of_answer(self):
        self.assertEqual((2**32 + 5, True, None, False), self.made(True, 5))
        self.assertEqual((2**32 - 1, True, None, False), self.made(True, 2**32 - 1))
        self.assertEqual((None, True, 'none', True), self.made(True, None, 'none'))
        self.assertEqual((None, False, 'no answer', True), self.made(False, None, 'no answer'))
        self.assertEqual((2**32 + 4, True, 'down', True), self.made(True, 4, problem='down'))
        self.assertEqual((None, True, 'none; down', True),
                         self.made(True, None, 'none', problem='down'))
        self.assertEqual('x' * 255, self.made(True, None, 'x' * 300)[2])


class ReceiptsTest(world.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(receipts, 'LINGER', 0.01))
        self.calls: list[list[resources.Receipt]] = []
        self.away = False
        self.receipts = receipts.Receipts(self)

    async def call(self, noun: str, verb: str, ctx: context.RequestContext, **what: Any) -> None:
        """Be central."""
        self.assertEqual(('zones', 'seen'), (noun, verb))
        self.calls.append(what['receipts'])
        if self.away:
            raise errors.BusUnavailable()

    def add(self, serial: int, address: dnsio.Address = FIRST, **values: Any) -> None:
        self.receipts.add(receipts.receipt(zone(10, **values), address,
                                           dnsio.Answer(True, serial)))

    def test_the_latest_of_each_name_server(self):
        for serial in (8, 9):
            self.add(serial)
            self.add(serial, SECOND)
        self.assertEqual([9, 9], [each.serial for each in self.receipts.take('zone')])
        self.assertEqual([], self.receipts.take('zone'))

    def test_what_is_given_back_does_not_replace_what_came_since(self):
        self.add(8)
        self.add(8, SECOND)
        taken = self.receipts.take('zone')
        self.add(9)
        self.receipts.give_back(taken)
        self.assertEqual({FIRST: 9, SECOND: 8}, {
            (each.host, each.port): each.serial for each in self.receipts.take('zone')})

    def run_until(self, condition: Any) -> None:
        """Let the news go to central until something is so."""
        async def run() -> None:
            task = asyncio.ensure_future(self.receipts.run())
            await self.until(condition)
            task.cancel()
        asyncio.run(run())

    def test_many_zones_go_in_one_call(self):
        for number in range(5):
            self.add(9, id=f'zone{number}')
        self.run_until(lambda: self.calls)
        self.assertEqual([5], [len(call) for call in self.calls])

    def test_calls_are_not_endless(self):
        with mock.patch.object(receipts, '_BATCH', 2):
            for number in range(5):
                self.add(9, id=f'zone{number}')
            self.run_until(lambda: len(self.calls) == 3)
        self.assertEqual([2, 2, 1], [len(call) for call in self.calls])

    def test_central_is_away(self):
        self.away = True
        self.add(9)

        def condition() -> bool:
            if len(self.calls) == 1 and self.away:
                self.away = False
                self.add(10)
            return len(self.calls) == 2
        self.run_until(condition)
        self.assertEqual([9, 10], [each.serial for call in self.calls for each in call])


class JobTest(world.TestCase):

    def waiting(self, there: World) -> list[tuple]:
        """What no report has taken along."""
        return brief(there.tools.receipts.take('zone'))

    def test_all_that_shows_in_time_goes_with_the_report(self):
        there = World(2)
        there.carry(10)
        there.primary = 11
        self.deploy(there, zone(11))
        self.assertEqual([(5300, 11, True, None), (5301, 11, True, None)],
                         brief(there.central.receipts))
        self.assertEqual([], self.waiting(there))

    def test_one_dead_of_three(self):
        there = World(3, threshold=60, budget=0.2)
        there.carry(10)
        there.primary = 11
        there.servers[2].alive = False
        self.assertEqual([('settle', 11, 1)], self.deploy(there, zone(11)))
        self.assertEqual([(5302, 0, False, 'no answer')],
                         self.waiting(there) or brief(there.central.receipts)[2:])

    def test_a_failure_tells_of_all(self):
        there = World(2, budget=0.2)
        for each in there.servers:
            each.alive = False
        self.deploy(there, zone(11))
        self.assertEqual([(5300, 0, False, 'no answer'), (5301, 0, False, 'no answer')],
                         brief(there.central.receipts))

    def test_a_server_that_cannot_be_told_is_behind_for_that_reason(self):
        there = World(2, threshold=50, budget=0.2)
        there.carry(10)
        there.primary, there.servers[1].deaf = 11, True
        there.servers[1].refuses_calls = True
        self.deploy(there, zone(11, told_version=0))
        found = self.waiting(there) or brief(there.central.receipts)
        self.assertIn((5301, 10, True, '5301 does not update'), found)

    def test_nothing_is_told_of_a_zone_that_is_gone(self):
        there = World(2)
        there.carry(10)
        self.assertEqual([('removed',)], self.deploy(there, zone(10, deleting=True)))
        self.assertEqual([], self.waiting(there))

    def test_a_report_that_is_not_heard_leaves_them(self):
        there = World(1)
        there.carry(11)
        there.primary = 11
        there.central.unheard = 1
        self.deploy(there, zone(11))
        self.assertEqual([(5300, 11, True, None)], brief(there.central.receipts))
