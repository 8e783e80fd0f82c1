# SPDX-License-Identifier: Apache-2.0
"""Zones come to their servers, and central hears the truth, whatever the servers do."""
import datetime
import threading

from oslo_utils import timeutils

from designate_like import context
from designate_like import resources
from designate_like.worker import deploy
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone

CTX = context.admin()


class CatalogTest(world.TestCase):
    """A pool whose servers learn from a catalog which zones to carry."""

    def setUp(self) -> None:
        super().setUp()
        self.there = World(2)
        self.there.pool = self.there.pool.replace(
            catalog_zone=resources.CatalogZone(catalog_zone_fqdn='catalog.invalid.'))

    def calls(self) -> list[str]:
        return [call for server in self.there.servers for call in server.calls]

    def test_name_servers_are_not_asked_for_the_catalog(self):
        catalog = zone(10, type='CATALOG', name='catalog.invalid.', settled_serial=0,
                       told_version=0)
        self.assertEqual([('settle', 10, 1)], self.deploy(self.there, catalog))
        for server in self.there.servers:
            self.assertEqual([0, 10], server.notified)
        self.assertEqual([], self.calls())

    def test_a_member_comes_by_the_catalog(self):
        first, second = self.there.servers
        new = self.there.zone = zone(10, settled_serial=0, told_version=0)

        async def scenario(jobs):
            jobs.deploy(CTX, new)
            # One does not take it, so it is sent NOTIFY for the catalog again.
            first.zones[world.NAME] = 10
            await self.until(lambda: second.notified.count(0) > 1)
            second.zones[world.NAME] = 10
            await self.until(lambda: not jobs._slots)
        with self.assertLogs(deploy.LOG, 'WARNING'):
            self.play(self.there, scenario)
        self.assertEqual([('settle', 10, 1)], self.there.central.reports)
        self.assertEqual([], self.calls())

    def test_a_member_that_a_server_has_lost_comes_back_by_a_new_version_of_the_catalog(self):
        # Servers do nothing for NOTIFY of the version of the catalog that they have.
        first, second = self.there.servers
        first.zones[world.NAME] = 10
        self.there.zone = zone(10, updated_at=timeutils.utcnow() - datetime.timedelta(minutes=9))

        async def scenario(jobs):
            jobs.deploy(CTX, self.there.zone)
            await self.until(lambda: self.there.central.reports)
            second.zones[world.NAME] = 10
            await self.until(lambda: not jobs._slots)
        with self.assertLogs(deploy.LOG, 'WARNING'):
            self.play(self.there, scenario)
        self.assertEqual({('relist',)}, set(self.there.central.reports))
        self.assertEqual([], self.calls())

    def test_a_member_goes_by_the_catalog(self):
        self.there.carry(10)

        async def scenario(jobs):
            jobs.deploy(CTX, zone(10, deleting=True))
            await self.until(lambda: all(0 in each.notified for each in self.there.servers))
            for each in self.there.servers:
                del each.zones[world.NAME]
            await self.until(lambda: not jobs._slots)
        self.play(self.there, scenario)
        self.assertEqual([('removed',)], self.there.central.reports)
        self.assertEqual([], self.calls())


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
        self.assertEqual([('fail', 11, 'No name server answered: '
                           '192.0.2.1 port 5300 (no answer)')],
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

    def test_a_target_that_is_told_while_central_hears_of_the_serial(self):
        there = World(1)
        there.carry(10)
        there.primary = 11
        there.pool = there.pool.replace(version=2)
        reported, report = threading.Event(), there.central.report
        call = there.servers[0].call
        there.servers[0].call = lambda verb: reported.wait(10) and call(verb)

        async def scenario(jobs):
            async def slow(*args, **facts):
                reported.set()
                await self.until(lambda: jobs._slots['zone'].work._tellings[0].told)
                return await report(*args, **facts)
            there.central.report = slow
            jobs.deploy(CTX, zone(11, pool_version=2))
            await self.until(lambda: not jobs._slots)
        self.play(there, scenario)
        self.assertEqual([('settle', 11, 1), ('settle', 11, 2)], there.central.reports)

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

    def test_a_serial_that_the_zone_never_had(self):
        for threshold in (50, 100):
            there = World(2, threshold=threshold)
            there.carry(10)
            there.primary, there.zone = 11, zone(11)
            there.servers[1].zones[world.NAME] = 500
            there.servers[1].deaf = True        # NOTIFY of a lower serial makes it do nothing.
            with self.assertLogs('designate_like.worker.deploy') as logged:
                reports = self.deploy(there, there.zone)
            self.assertEqual(('settle', 11, 1), reports[-1])
            self.assertEqual([[], ['retransfer']], [each.calls for each in there.servers])
            self.assertIn('shows serial 500', logged.output[0])
            self.assertEqual(11, there.servers[1].zones[world.NAME])

    def test_a_serial_that_the_zone_never_had_beside_a_dead_server(self):
        # Central refused that serial, and the zone was PENDING while the server stayed dead.
        there = World(2, threshold=50, budget=0.5)
        there.carry(10)
        there.primary, there.zone = 11, zone(11)
        there.servers[0].alive = False
        there.servers[1].zones[world.NAME] = 500
        there.servers[1].deaf = True
        with self.assertLogs('designate_like.worker.deploy'):
            reports = self.deploy(there, there.zone)
        self.assertEqual(('settle', 11, 1), reports[-1])
        self.assertEqual(['retransfer'], there.servers[1].calls)

    def test_a_serial_that_the_zone_never_had_where_nobody_can_be_told(self):
        there = World(1, targets=False, budget=0.2)
        there.primary, there.zone = 11, zone(11)
        there.carry(500)
        with self.assertLogs('designate_like.worker'):
            verb, serial, reason = self.deploy(there, there.zone)[-1]
        self.assertEqual(('fail', 11), (verb, serial))
        self.assertIn('192.0.2.1 port 5300 (500)', reason)

    def test_a_server_that_has_the_zone_from_elsewhere_is_told_again(self):
        # Somebody gave it other masters, so NOTIFY made it do nothing for ever.
        there = World(2, budget=0.5)
        there.carry(10)
        there.primary, there.zone = 11, zone(11)
        there.servers[1].deaf = there.servers[1].estranged = True
        with self.assertLogs('designate_like.worker.deploy') as logged:
            self.assertEqual([('settle', 11, 1)], self.deploy(there, there.zone))
        self.assertEqual([[], ['update']], [each.calls for each in there.servers])
        self.assertIn('is told to update it', logged.output[0])

    def test_a_server_that_is_slow_or_away_or_told_just_now_is_not(self):
        for state, value, age in (('deaf', True, 60), ('alive', False, 60), ('estranged', True, 0)):
            there = World(2, budget=0.5, threshold=50)
            there.carry(10)
            changed = timeutils.utcnow() - datetime.timedelta(seconds=age)
            there.primary, there.zone = 11, zone(11, updated_at=changed)
            setattr(there.servers[1], state, value)
            there.servers[1].deaf = True
            self.assertEqual([('settle', 11, 1)], self.deploy(there, there.zone))
            self.assertEqual([], there.servers[1].calls)

    def test_a_serial_that_the_zone_has_by_now(self):
        there = World(1)
        there.carry(10)
        there.primary, there.zone = 12, zone(12)
        self.assertEqual([('settle', 12, 1)], self.deploy(there, zone(11)))
        self.assertEqual([], there.servers[0].calls)

    def test_a_secondary_zone_that_was_not_transferred_yet_is_told_once(self):
        # With a master that was away servers were told of it again and again, for days.
        there = World(1, budget=0.5)
        there.primary = None
        there.zone = zone(10, settled_serial=0, told_version=0, type='SECONDARY')
        self.assertEqual([], self.deploy(there, there.zone))
        self.assertEqual(['create'], there.servers[0].calls)

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
