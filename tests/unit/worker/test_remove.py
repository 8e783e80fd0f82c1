# SPDX-License-Identifier: Apache-2.0
"""Deleted zones leave their servers before central hears that they are gone."""
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone


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
