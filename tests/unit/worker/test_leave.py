# SPDX-License-Identifier: Apache-2.0
"""Zones that have moved to another pool leave the servers of the old one."""
from typing import Any

from designate_like import context
from designate_like import resources
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone

CTX = context.admin()
OLD = 'old pool'


class Central(world.Central):
    """Knows another pool, with the servers of these numbers."""

    def __init__(self, there: World, *numbers: int) -> None:
        super().__init__(there)
        self.pool_ids.add(OLD)
        self.old = there.pool.replace(
            id=OLD, targets=[there.pool.targets[number] for number in numbers],
            nameservers=[there.pool.nameservers[number] for number in numbers])
        there.pool = there.pool.replace(targets=[there.pool.targets[0]])

    async def get(self, noun: str, ctx: context.RequestContext, **which: str) -> Any:
        found = await super().get(noun, ctx, **which)
        return self.old if which.get('pool_id') == OLD else found


class LeaveTest(world.TestCase):

    def there(self, *numbers: int, **more: Any) -> World:
        """Three servers that carry the zone; the first is its own pool's, these the old one's."""
        made = World(3, **more)
        made.carry(10)
        made.central = Central(made, *numbers)
        made.tools = made.tools.__class__(**{**vars(made.tools), 'central': made.central})
        made.zone = zone(10)
        return made

    def leave(self, there: World, *zones: resources.Zone) -> list[tuple]:
        async def scenario(jobs):
            for each in zones or (zone(10),):
                jobs.leave(CTX, each, OLD, 1)
            await self.until(lambda: not jobs._departures)
        self.play(there, scenario)
        return there.central.reports

    def test_all_targets_are_told(self):
        there = self.there(1, 2)
        self.assertEqual([('departed', OLD)], self.leave(there))
        self.assertEqual([[], ['delete'], ['delete']], [each.calls for each in there.servers])

    def test_a_server_of_both_pools_keeps_it(self):
        there = self.there(0, 1)
        self.assertEqual([('departed', OLD)], self.leave(there))
        self.assertEqual([[], ['delete'], []], [each.calls for each in there.servers])

    def test_asked_twice_at_once(self):
        there = self.there(1)
        self.assertEqual([('departed', OLD)], self.leave(there, zone(10), zone(10)))
        self.assertEqual(['delete'], there.servers[1].calls)

    def test_it_has_come_back(self):
        there = self.there(1)
        there.zone = zone(12, pool_id=OLD)
        self.assertEqual([], self.leave(there))
        self.assertEqual([], there.servers[1].calls)

    def test_it_is_gone_from_the_service(self):
        there = self.there(1)
        there.zone = None
        self.assertEqual([('departed', OLD)], self.leave(there))
        self.assertEqual(['delete'], there.servers[1].calls)

    def test_a_dead_server_keeps_it_going_and_the_zone_healthy(self):
        there = self.there(1, 2, budget=0.1)
        there.servers[1].alive = False
        with self.assertLogs('designate_like.worker', 'WARNING'):
            self.assertEqual([], self.leave(there))
            there.servers[2].alive = False
            self.assertEqual([], self.leave(there))
        there.servers[1].alive = there.servers[2].alive = True
        self.assertEqual([('departed', OLD)], self.leave(there))

    def test_central_does_not_hear(self):
        there = self.there(1)
        there.central.unheard = 1
        self.assertEqual([('departed', OLD)], self.leave(there))

    def test_central_is_away(self):
        there = self.there(1)
        there.central.away = True
        with self.assertLogs('designate_like.worker.jobs', 'WARNING'):
            self.assertEqual([], self.leave(there))
        self.assertEqual([], there.servers[1].calls)

    def test_it_comes_back_while_it_leaves(self):
        there = self.there(1)
        there.servers[1].refuses_calls = True

        async def scenario(jobs):
            jobs.leave(CTX, zone(10), OLD, 1)
            await self.until(lambda: there.servers[1].calls)
            jobs.deploy(CTX, zone(12, pool_id=OLD))
            await self.until(lambda: not jobs._departures)
            there.servers[1].refuses_calls = False
            there.primary = 12
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual(12, there.servers[1].zones[world.NAME])
