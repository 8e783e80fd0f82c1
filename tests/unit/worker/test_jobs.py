# SPDX-License-Identifier: Apache-2.0
"""One job a zone, however often it is asked for."""
from unittest import mock

from designate_like import context
from designate_like.worker import jobs
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone

CTX = context.admin()


def deaf(**options: float) -> World:
    """A world of one server, which has the zone and hears nothing."""
    made = World(1, **options)
    made.carry(10)
    made.servers[0].deaf = True
    return made


class InFlightTest(world.TestCase):

    def test_requests_raise_what_is_wanted(self):
        there = deaf()

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: there.servers[0].notified)
            for serial in (12, 14, 13, 14):
                jobs.deploy(CTX, zone(serial))
            self.assertEqual(1, len(jobs._slots))
            there.servers[0].deaf, there.primary = False, 14
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        # Once more when the first job has found 14 before it was told to strive for it.
        self.assertEqual({('settle', 14, 1)}, set(there.central.reports))
        self.assertEqual(14, there.servers[0].notified[-1])

    def test_progress_is_reported_while_more_is_wanted(self):
        there = World(1)
        there.carry(10)

        async def scenario(jobs):
            for serial in range(11, 16):
                there.primary = serial - 1      # Servers lag behind all the time.
                jobs.deploy(CTX, zone(serial))
                await self.until(lambda: serial == 11 or there.central.reports[-1:] == [
                    ('settle', serial - 1, 1)])
            there.primary = 15
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', n, 1) for n in range(11, 16)], there.central.reports)

    def test_a_removal_takes_over(self):
        there = deaf()

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: there.servers[0].notified)
            jobs.deploy(CTX, zone(11, deleting=True))
            jobs.deploy(CTX, zone(11))      # Late, and no reason to bring it back.
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('removed',)], there.central.reports)
        self.assertEqual(['delete'], there.servers[0].calls)

    def test_a_removal_of_what_was_long_announced_begins_at_once(self):
        # With a dead server zones are in flight for long, and each deletion waited for the pace.
        self.enterContext(mock.patch.multiple(jobs, PACE=30, LONGEST_PACE=30))
        there = deaf()

        async def scenario(jobs_):
            jobs_.deploy(CTX, zone(11))
            await self.until(lambda: there.servers[0].notified)
            jobs_._slots['zone'].began -= 30
            jobs_.deploy(CTX, zone(11, deleting=True))
            await self.until(lambda: there.central.reports)
        self.play(there, scenario)
        self.assertEqual([('removed',)], there.central.reports)

    def test_a_request_that_comes_while_a_job_ends(self):
        there = World(1)
        there.carry(10)
        there.primary = 11

        async def scenario(jobs_):
            jobs_.deploy(CTX, zone(11))
            await self.until(lambda: jobs_._slots['zone'].work)
            slot = jobs_._slots['zone']
            end, first = slot.work._end, slot.work._end.set

            def last() -> None:
                end.set = first
                there.primary = 12
                jobs_.deploy(CTX, zone(12))
                jobs._supersede(slot)
                end.set()
            end.set = last
            await self.until(lambda: not jobs_._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 11, 1), ('settle', 12, 1)], there.central.reports)

    def test_what_was_raised_gets_an_attempt_of_its_own(self):
        there = deaf(budget=0.1)

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            first = next(iter(jobs._slots.values()))
            await self.until(lambda: there.servers[0].notified)
            at_work = first.work
            jobs.deploy(CTX, zone(12))
            await self.until(lambda: first.work is not at_work)
            there.servers[0].deaf, there.primary = False, 12
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 12, 1)], there.central.reports)

    def test_many_zones_and_a_dead_server(self):
        there = World(2, threshold=50, budget=30)
        there.carry(10)
        there.primary = 11
        there.servers[0].alive = False

        async def scenario(jobs):
            for n in range(200):
                jobs.deploy(CTX, zone(11, id=f'{n}'))
            await self.until(lambda: len(settled) == 200)
        settled = set()

        async def report(verb, ctx, **facts):
            settled.add(facts['zone_id'])
            return True
        there.central.report = report
        self.play(there, scenario)
