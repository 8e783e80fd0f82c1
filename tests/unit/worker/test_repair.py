# SPDX-License-Identifier: Apache-2.0
"""Repairs: what is told whom, how often, and when it is too late."""
import asyncio
import unittest.mock

from designate_like import backends
from designate_like import context
from designate_like.worker import pools
from designate_like.worker import repair
from tests import base
from tests.unit.worker import guarded
from tests.unit.worker import world
from tests.unit.worker.world import zone

CTX = context.admin()
PLACE = ('zone', ('192.0.2.1', 53))


class PausesTest(base.TestCase):

    def test_they_double_up_to_a_limit_while_nothing_helps(self):
        pauses, now, waited = repair.Pauses(), 0.0, []
        for _ in range(10):
            self.assertTrue(pauses.over(PLACE, now))
            pauses.begin(PLACE, now)
            start = now
            while not pauses.over(PLACE, now):
                now += 10
            waited.append(now - start)
        self.assertEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], waited)

    def test_what_is_well_begins_anew(self):
        pauses = repair.Pauses()
        pauses.begin(PLACE, 0)
        pauses.begin(PLACE, 30)
        pauses.forget(PLACE)
        self.assertTrue(pauses.over(PLACE, 31))
        pauses.begin(PLACE, 31)
        self.assertTrue(pauses.over(PLACE, 61))

    def test_the_oldest_are_forgotten(self):
        pauses = repair.Pauses()
        with unittest.mock.patch.object(repair, '_REMEMBERED', 2):
            for name in 'abc':
                pauses.begin((name, PLACE[1]), 0)
        self.assertEqual([True, False, False],
                         [pauses.over((name, PLACE[1]), 1) for name in 'abc'])


class Plain(world.Backend):
    """One that can do no more than every backend."""
    retransfer = backends.Backend.retransfer


class RepairTest(guarded.TestCase):

    def repair(self, there: guarded.World, times: int = 1) -> list[list[str]]:
        async def run() -> None:
            pool = pools.Pool(there.pool, there)
            repairs = repair.Repairs(there.central)
            for _ in range(times):
                await repairs.repair(CTX, zone(10), pool, there.servers[0].address, 'nonsense')
            pool.close()
        with unittest.mock.patch.object(backends, 'load', there.load):
            asyncio.run(run())
        return [each.calls for each in there.servers]

    def there(self, **values) -> guarded.World:
        made = guarded.World(2)
        made.carry(10)
        made.zone = zone(10, **values)
        return made

    def test_it_is_done_and_told_once(self):
        with self.assertLogs('designate_like.worker.repair') as logged:
            self.assertEqual([['retransfer'], []], self.repair(self.there(), times=3))
        self.assertEqual(1, len(logged.output))
        self.assertIn(f'serves nonsense of zone {world.NAME}', logged.output[0])

    def test_a_zone_that_has_moved_on(self):
        for values in ({'serial': 11}, {'deleting': True}, {'pool_id': 'other'}):
            there = self.there()
            there.zone = there.zone.replace(**values)
            self.assertEqual([[], []], self.repair(there))

    def test_central_is_away_or_has_no_such_zone(self):
        there = self.there()
        there.central.away = True
        self.assertEqual([[], []], self.repair(there))
        there.central.away, there.zone = False, None
        self.assertEqual([[], []], self.repair(there))

    def test_a_server_that_refuses(self):
        there = self.there()
        there.servers[0].refuses_calls = True
        with self.assertLogs('designate_like.worker.repair') as logged:
            self.repair(there)
        self.assertIn('does not transfer zone', logged.output[1])

    def test_a_backend_that_knows_no_better_makes_the_zone_anew(self):
        there = self.there()
        there.kind = Plain
        self.assertEqual([['delete', 'create'], []], self.repair(there))
