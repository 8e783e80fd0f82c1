# SPDX-License-Identifier: Apache-2.0
"""Orphans: which are found, reported, forgotten and removed."""
from designate_like import context
from tests.unit.worker import guarded
from tests.unit.worker import world
from tests.unit.worker.world import POOL_ID
from tests.unit.worker.world import zone

CTX = context.admin()
NAME = world.NAME


class OrphansTest(guarded.TestCase):

    def found(self, there: guarded.World) -> list[list[str]]:
        """The orphans at each server."""
        return [sorted(there.central.orphans.get(each.address, ())) for each in there.servers]

    def look_for(self, there: guarded.World, remove: bool = False, **values) -> None:
        self.guard(there, lambda _, orphans: orphans.look_for(CTX, [zone(10, **values)]), remove)

    def audit(self, there: guarded.World, remove: bool = False) -> None:
        self.guard(there, lambda _, orphans: orphans.audit(CTX, POOL_ID, 1), remove)

    def leftover(self, ours: bool = True) -> guarded.World:
        """Two servers, of which the first still has a zone that was deleted."""
        there = guarded.World(2)
        there.servers[0].zones[NAME] = 10
        if ours:
            there.servers[0].ours = {NAME}
        return there

    def test_a_deleted_zone_that_is_gone(self):
        there = guarded.World(2)
        self.look_for(there)
        self.assertEqual({}, there.central.orphans)

    def test_a_deleted_zone_that_is_still_shown(self):
        there = self.leftover()
        self.look_for(there)
        self.assertEqual([[NAME], []], self.found(there))
        self.assertEqual([], there.servers[0].calls)

    def test_it_is_removed_where_that_is_wanted(self):
        there = self.leftover()
        with self.assertLogs('designate_like.worker.orphans'):
            self.look_for(there, remove=True)
        self.assertEqual(['delete'], there.servers[0].calls)
        self.assertEqual([[], []], self.found(there))

    def test_a_zone_that_the_operator_keeps_there_is_none(self):
        there = self.leftover(ours=False)
        self.look_for(there, remove=True)
        self.assertEqual([[], []], self.found(there))
        self.assertEqual([], there.servers[0].calls)

    def test_a_zone_of_that_name_that_was_created_since(self):
        there = self.leftover()
        there.central.names = {NAME}
        self.look_for(there, remove=True)
        self.assertEqual([], there.servers[0].calls)

    def test_a_removal_that_is_under_way_is_let_be(self):
        there = self.leftover()

        def scenario(_, orphans) -> None:
            orphans._jobs._slots['zone'] = None
            orphans.look_for(CTX, [zone(10)])
        self.guard(there, scenario)
        self.assertEqual({}, there.central.orphans)

    def test_what_servers_list(self):
        there = guarded.World(2)
        there.servers[0].ours = {NAME, 'Other.Example.', '.', r'odd\032name.'}
        there.servers[1].ours = {NAME}
        there.central.names = {NAME}
        self.audit(there)
        self.assertEqual([['other.example.'], []], self.found(there))
        there.servers[0].ours.remove('Other.Example.')
        self.audit(there)
        self.assertEqual([[], []], self.found(there))

    def test_what_servers_list_is_removed_where_that_is_wanted(self):
        there = guarded.World(1)
        there.servers[0].ours = {NAME}
        with self.assertLogs('designate_like.worker.orphans'):
            self.audit(there, remove=True)
        self.assertEqual(['delete'], there.servers[0].calls)

    def test_a_server_that_cannot_list_is_asked_for_what_is_known(self):
        there = guarded.World(2, guarded.Backend)
        for each in there.servers:
            there.central.orphans[each.address] = {NAME}
        there.servers[0].ours = {NAME, 'unseen.example.'}
        self.audit(there)
        self.assertEqual([[NAME], []], self.found(there))

    def test_servers_that_the_pool_has_no_more(self):
        there = guarded.World(1)
        there.central.orphans['192.0.2.9', 53] = {NAME}
        self.audit(there)
        self.assertNotIn(('192.0.2.9', 53), there.central.orphans)

    def test_central_is_away(self):
        there = self.leftover()
        there.central.away = True
        with self.assertLogs('designate_like.worker.orphans') as logged:
            self.look_for(there)
            self.audit(there)
        self.assertEqual(2, len(logged.output))
