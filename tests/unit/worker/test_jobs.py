# SPDX-License-Identifier: Apache-2.0
"""Zones come to their servers, and central hears the truth, whatever the servers do."""
from designate_like import context
from designate_like import resources
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone

CTX = context.admin()


class CreateTest(world.TestCase):

    def test_a_new_zone(self):
        there = World(2)
        new = zone(10, settled_serial=0, told_version=0)
        self.assertEqual([('settle', 10, 1)], self.deploy(there, new))
        for server in there.servers:
            self.assertEqual((['create'], [10]), (server.calls, server.notified))

    def test_what_servers_show_of_an_earlier_zone_is_not_reported(self):
        there = World(1)
        there.carry(7)
        there.servers[0].deaf = True
        there.tools = there.tools.__class__(**{**vars(there.tools), 'budget': 0.1})
        self.assertEqual([], self.deploy(there, zone(10, settled_serial=0, told_version=0)))

    def test_a_backend_that_fails_at_first(self):
        there = World(1)
        server = there.servers[0]
        server.refuses_calls = True

        async def scenario(jobs):
            jobs.deploy(CTX, zone(10, settled_serial=0, told_version=0))
            await self.until(lambda: len(server.calls) > 2)
            self.assertEqual([], there.central.reports)
            server.refuses_calls = False
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 10, 1)], there.central.reports)

    def test_no_server_can_be_told(self):
        there = World(2, budget=0.2)
        for server in there.servers:
            server.refuses_calls = True
        new = zone(10, settled_serial=0, told_version=0)
        self.assertEqual([('fail', 10, 'No server could be told: 5300 does not create')],
                         self.deploy(there, new))

    def test_no_server_answers(self):
        there = World(1, targets=False, budget=0.2)
        there.servers[0].alive = False
        self.assertEqual([('fail', 11, 'No name server answered: 192.0.2.1 port 5300')],
                         self.deploy(there, zone(11)))

    def test_a_slow_server_is_no_failure(self):
        there = World(1, budget=0.2)
        there.servers[0].deaf = True
        self.assertEqual([], self.deploy(there, zone(10, settled_serial=0, told_version=0)))
        self.assertLess(1, len(there.servers[0].notified), 'NOTIFY was not repeated')

    def test_a_backend_that_does_not_exist(self):
        there = World(1, budget=0.1)
        there.pool = there.pool.replace(targets=[resources.Target(type='nothing')])
        self.assertEqual([('fail', 10, 'No server could be told: There is no such backend')],
                         self.deploy(there, zone(10, settled_serial=0, told_version=0)))

    def test_a_pool_without_nameservers(self):
        there = World(2, nameservers=False)
        self.assertEqual([('settle', 10, 1)],
                         self.deploy(there, zone(10, settled_serial=0, told_version=0)))
        self.assertEqual([[10], [10]], [server.notified for server in there.servers])

    def test_a_pool_without_targets(self):
        there = World(1, targets=False)
        there.carry(10)
        self.assertEqual([('settle', 10, 1)],
                         self.deploy(there, zone(10, settled_serial=0, told_version=0)))

    def test_a_pool_without_servers(self):
        self.assertEqual([('settle', 10, 1)],
                         self.deploy(World(0), zone(10, settled_serial=0, told_version=0)))


class UpdateTest(world.TestCase):

    def test_notify_alone(self):
        there = World(2, also=1)
        there.carry(10)
        there.primary = 11
        self.assertEqual([('settle', 11, 1)], self.deploy(there, zone(11)))
        for server in there.servers:
            self.assertEqual(([], [11]), (server.calls, server.notified))
        self.assertEqual([11], there.also[0].notified)

    def test_serials_beyond_32_bits(self):
        there = World(1)
        there.carry(2**32 - 2)
        there.primary = 2**32 + 3
        self.assertEqual([('settle', 2**32 + 3, 1)],
                         self.deploy(there, zone(2**32 + 3, settled_serial=2**32 - 2)))
        self.assertEqual([3], there.servers[0].notified)

    def test_a_dead_server_neither_delays_nor_fails_the_others(self):
        there = World(3, threshold=66, budget=0.3)
        there.carry(10)
        there.primary = 11
        there.servers[0].alive = False

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: there.central.reports)
            self.assertEqual([10, 11, 11], [each.zones[world.NAME] for each in there.servers])
            there.servers[0].alive = True
            await self.until(lambda: there.servers[0].zones[world.NAME] == 11)
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 11, 1)], there.central.reports)

    def test_too_few_servers(self):
        there = World(3, threshold=67, budget=0.1)
        there.carry(10)
        there.primary = 11
        there.servers[0].alive = False
        self.assertEqual([], self.deploy(there, zone(11)))

    def test_servers_that_are_ahead_of_what_is_known(self):
        there = World(2)
        there.carry(13)
        there.servers[1].zones[world.NAME] = there.primary = 12
        there.servers[0].deaf = True
        self.assertEqual([('settle', 12, 1)], self.deploy(there, zone(11)))

    def test_targets_learn_of_a_new_version_of_the_pool(self):
        there = World(1)
        there.carry(10)
        there.primary = 11
        there.pool = there.pool.replace(version=2)
        reports = self.deploy(there, zone(11, pool_version=2))
        self.assertEqual(('settle', 11, 2), reports[-1])
        self.assertEqual(['update'], there.servers[0].calls)

    def test_a_pool_is_fetched_again_when_a_zone_knows_a_newer_version(self):
        there = World(1)
        there.carry(10)
        there.primary = 11

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: not jobs._slots)
            there.pool = there.pool.replace(version=2)
            there.primary = 12
            jobs.deploy(CTX, zone(12, pool_version=2))
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual(['update'], there.servers[0].calls)

    def test_a_target_that_does_not_learn_is_not_reported_as_told(self):
        there = World(2, budget=0.2)
        there.carry(10)
        there.primary = 11
        there.pool = there.pool.replace(version=2)
        there.servers[0].refuses_calls = True
        self.assertEqual([('settle', 11, 1)], self.deploy(there, zone(11, pool_version=2)))

    def test_a_server_that_has_lost_the_zone(self):
        there = World(2)
        there.carry(10)
        there.primary = 11
        there.zone = zone(11)
        del there.servers[1].zones[world.NAME]
        self.assertEqual([('settle', 11, 1)], self.deploy(there, there.zone))
        self.assertEqual([[], ['create']], [each.calls for each in there.servers])

    def test_a_zone_that_is_gone_is_not_created_again(self):
        there = World(1)
        self.assertEqual([], self.deploy(there, zone(11)))
        there.zone = zone(11, deleting=True)
        self.assertEqual([], self.deploy(there, zone(11)))
        self.assertEqual([], there.servers[0].calls)

    def test_reports_that_do_not_arrive_are_repeated(self):
        there = World(1)
        there.carry(10)
        there.primary = 11
        there.central.unheard = 2
        self.assertEqual([('settle', 11, 1)], self.deploy(there, zone(11)))
        self.assertEqual(0, there.central.unheard)

    def test_the_pool_cannot_be_fetched(self):
        there = World(1)
        there.central.away = True
        self.assertEqual([], self.deploy(there, zone(11)))


class RemoveTest(world.TestCase):

    def gone(self, serial: int = 10, **values):
        return zone(serial, deleting=True, **values)

    def test_a_removal(self):
        there = World(2)
        there.carry(10)
        self.assertEqual([('removed',)], self.deploy(there, self.gone()))
        for server in there.servers:
            self.assertEqual((['delete'], []), (server.calls, server.notified))

    def test_it_is_gone_already(self):
        self.assertEqual([('removed',)], self.deploy(World(1), self.gone()))

    def test_a_server_that_goes_on_showing_it(self):
        there = World(1, targets=False, budget=0.1)
        there.carry(10)
        self.assertEqual([], self.deploy(there, self.gone()))

    def test_no_answer_does_not_mean_that_it_is_gone(self):
        there = World(1, budget=0.2)
        there.carry(10)
        there.servers[0].alive = False
        self.assertEqual([('fail', 10, 'No server could be told: 5300 does not delete')],
                         self.deploy(there, self.gone()))

    def test_a_server_that_does_not_show_it_must_be_told_nevertheless(self):
        there = World(1, budget=0.1)
        there.servers[0].zones[world.NAME] = None
        there.servers[0].refuses_calls = True
        self.assertEqual([('fail', 10, 'No server could be told: 5300 does not delete')],
                         self.deploy(there, self.gone()))

    def test_a_dead_server_within_the_threshold(self):
        there = World(2, threshold=50, budget=0.2)
        there.carry(10)
        there.servers[0].alive = False
        self.assertEqual([('removed',)], self.deploy(there, self.gone()))

    def test_pools_that_lack_one_kind_of_servers(self):
        there = World(2, nameservers=False)
        there.carry(10)
        self.assertEqual([('removed',)], self.deploy(there, self.gone()))
        self.assertEqual([('removed',)], self.deploy(World(0), self.gone()))


class InFlightTest(world.TestCase):

    def test_requests_raise_what_is_wanted(self):
        there = World(1)
        there.carry(10)
        there.servers[0].deaf = True

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: there.servers[0].notified)
            for serial in (12, 14, 13, 14):
                jobs.deploy(CTX, zone(serial))
            self.assertEqual(1, len(jobs._slots))
            there.servers[0].deaf, there.primary = False, 14
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 14, 1)], there.central.reports)
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
        there = World(1)
        there.carry(10)
        there.servers[0].deaf = True

        async def scenario(jobs):
            jobs.deploy(CTX, zone(11))
            await self.until(lambda: there.servers[0].notified)
            jobs.deploy(CTX, zone(11, deleting=True))
            jobs.deploy(CTX, zone(11))      # Late, and no reason to bring it back.
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('removed',)], there.central.reports)
        self.assertEqual(['delete'], there.servers[0].calls)

    def test_what_was_raised_gets_an_attempt_of_its_own(self):
        there = World(1, budget=0.1)
        there.carry(10)
        there.servers[0].deaf = True

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
            for n in range(500):
                jobs.deploy(CTX, zone(11, id=f'{n}'))
            await self.until(lambda: len(settled) == 500)
        settled = set()

        async def report(verb, ctx, **facts):
            settled.add(facts['zone_id'])
            return True
        there.central.report = report
        self.play(there, scenario)


class VerifyTest(world.TestCase):

    def verify(self, there: World, *zones) -> list[list[str]]:
        async def scenario(jobs):
            jobs.verify(CTX, list(zones))
            await self.until(lambda: not jobs._loop._tasks)
        self.play(there, scenario)
        return [server.calls for server in there.servers]

    def test_all_is_well(self):
        there = World(2)
        there.carry(10)
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual([[], []], [server.notified for server in there.servers])

    def test_a_lost_zone(self):
        there = World(2)
        there.carry(10)
        there.zone = zone(10)
        del there.servers[0].zones[world.NAME]
        self.assertEqual([['create'], []], self.verify(there, zone(10)))
        self.assertEqual(10, there.servers[0].zones[world.NAME])

    def test_a_stale_zone(self):
        there = World(2)
        there.carry(10)
        there.servers[0].zones[world.NAME] = 9
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual(10, there.servers[0].zones[world.NAME])

    def test_a_dead_server_is_let_be(self):
        there = World(2)
        there.carry(10)
        there.servers[0].alive = False
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual([], there.servers[1].notified)

    def test_a_zone_that_was_deleted_meanwhile(self):
        there = World(1)
        self.assertEqual([[]], self.verify(there, zone(10)))
