# SPDX-License-Identifier: Apache-2.0
"""The comparison of settled zones: existence, serial, and what is handed on."""
from designate_like import context
from tests.unit.worker import guarded
from tests.unit.worker import world
from tests.unit.worker.guarded import World
from tests.unit.worker.world import zone

CTX = context.admin()


class VerifyTest(guarded.TestCase):

    def verify(self, there: World, *zones) -> list[list[str]]:
        self.guard(there, lambda verifier, _: verifier.verify(CTX, list(zones)))
        return [server.calls for server in there.servers]

    def compared(self, there: World) -> list[list[tuple[str, int]]]:
        return [look.nameservers for look in there.contents.looks]

    def test_all_is_well(self):
        there = World(2)
        there.carry(10)
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual([[], []], [server.notified for server in there.servers])
        self.assertEqual([[each.address for each in there.servers]], self.compared(there))

    def test_what_each_name_server_shows(self):
        there = World(3)
        there.carry(10)
        there.servers[1].zones[world.NAME] = 11     # Somebody has changed it there.
        there.servers[2].alive = False
        there.zone = zone(2**32 + 10)
        with self.assertLogs('designate_like.worker.repair'):
            self.verify(there, there.zone)
        self.assertEqual([2**32 + 10, 2**32 + 11, None],
                         [each.serial for each in there.tools.receipts.take('zone')])

    def test_a_lost_zone(self):
        there = World(2)
        there.carry(10)
        there.zone = zone(10)
        del there.servers[0].zones[world.NAME]
        self.assertEqual([['create'], []], self.verify(there, zone(10)))
        self.assertEqual(10, there.servers[0].zones[world.NAME])
        self.assertEqual([[there.servers[1].address]], self.compared(there))

    def test_a_stale_zone(self):
        there = World(2)
        there.carry(10)
        there.servers[0].zones[world.NAME] = 9
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual(10, there.servers[0].zones[world.NAME])

    def test_what_the_primary_does_not_serve_either_is_let_be(self):
        there = World(1)
        there.zone = zone(10, type='SECONDARY')     # It was never transferred.
        self.assertEqual([[]], self.verify(there, there.zone))
        self.assertEqual([], there.servers[0].notified)

    def test_a_serial_from_the_future(self):
        for serial, wrong in [(10, 11), (10, 10 + 2**31 - 1), (2**32 + 3, 4), (2**32 - 1, 0)]:
            there = World(2)
            there.carry(serial % 2**32)
            there.zone, there.primary = zone(serial), serial
            there.servers[0].zones[world.NAME] = wrong
            with self.assertLogs('designate_like.worker.repair') as logged:
                self.assertEqual([['retransfer'], []], self.verify(there, zone(serial)))
            self.assertIn(f'serves serial {wrong} instead', logged.output[0])
            self.assertEqual(serial % 2**32, there.servers[0].zones[world.NAME])

    def test_a_zone_that_has_moved_on_meanwhile(self):
        there = World(1)
        there.carry(11)
        there.zone = zone(11)
        self.assertEqual([[]], self.verify(there, zone(10)))

    def test_a_dead_server_is_let_be(self):
        there = World(2)
        there.carry(10)
        there.servers[0].alive = False
        self.assertEqual([[], []], self.verify(there, zone(10)))
        self.assertEqual([], there.servers[1].notified)
        self.assertEqual([[there.servers[1].address]], self.compared(there))

    def test_a_zone_that_was_deleted_meanwhile(self):
        there = World(1)
        self.assertEqual([[]], self.verify(there, zone(10)))

    def test_a_zone_in_flight_is_let_be(self):
        there = World(1)
        there.carry(9)

        def scenario(verifier, _) -> None:
            verifier._jobs._slots['zone'] = None
            verifier.verify(CTX, [zone(10)])
        self.guard(there, scenario)
        self.assertEqual([], there.servers[0].notified)

    def test_a_zone_that_is_still_being_looked_at_is_not_looked_at_twice(self):
        there = World(1)
        there.carry(10)

        def scenario(verifier, _) -> None:
            for _ in range(3):
                verifier.verify(CTX, [zone(10), zone(10, id='other')])
        self.guard(there, scenario)
        self.assertEqual(['other', 'zone'],
                         sorted(look.zone.id for look in there.contents.looks))

    def test_where_nobody_can_be_told_content_is_not_compared(self):
        there = World(1, targets=False)
        there.carry(10)
        self.verify(there, zone(10))
        self.assertEqual([], there.contents.looks)

    def test_a_catalog_is_announced(self):
        there = World(1)
        self.verify(there, zone(10, type='CATALOG'))
        self.assertEqual([10], there.servers[0].notified)
        self.assertEqual([], there.contents.looks)
