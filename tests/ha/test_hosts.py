# SPDX-License-Identifier: Apache-2.0
"""Three hosts, one cluster of everything: kill -9 of each part, under a steady load.

What is printed is how long each of three clients went without a success.
"""
import re
import sys
import time

from tests import base
from tests.ha import etcd
from tests.ha import region
from tests.ha import world


def setUpModule() -> None:
    HostsTest.world = world.World(one_bus=True)


class HostsTest(world.TestCase):
    """In the end every accepted change is served by every name server, and nothing is stuck."""

    def test_roles(self) -> None:
        for number, role in enumerate(region.ROLES):
            host = self.world.regions[number % 3]
            with self.event(f'{role} killed'):
                host.kill(role)
            with self.event(f'{role} back'):
                host.start(role)
        self.served()

    def test_a_database_node(self) -> None:
        node = self.world.galera.nodes[1]
        with self.event('database node killed'):
            node.kill()
        with self.event('database node back'):
            node.restart()
        self.served()

    def test_a_node_of_the_bus(self) -> None:
        node = self.world.rabbitmq.nodes[1]
        with self.event('node of the bus killed'):
            node.kill()
        with self.event('node of the bus back'):
            node.restart()
        self.served()

    def test_a_whole_host(self) -> None:
        with self.event('host killed'):
            self.world.regions[2].kill(*region.ROLES)
            self.world.galera.nodes[2].kill()
            self.world.rabbitmq.nodes[2].kill()
        with self.event('host back'):
            self.world.galera.nodes[2].restart()
            self.world.rabbitmq.nodes[2].restart()
            self.world.regions[2].start(*region.ROLES)
        self.served()

    def test_the_shards_of_a_producer(self) -> None:
        base.wait(lambda: self.shards() == 4096, timeout=30, pause=0.1)
        host = self.world.regions[0]
        begin = time.monotonic()
        host.kill('producer')
        # The next look of each of the others comes after the end of the lease.
        base.wait(lambda: self.shards(1, 2) == 4096, timeout=etcd.LEASE + 3, pause=0.1)
        print(f'shards of a killed producer taken over: {time.monotonic() - begin:.1f} s',
              file=sys.stderr)
        host.start('producer')
        base.wait(lambda: self.shards() == 4096, timeout=30, pause=0.1)
        self.served()

    def shards(self, *places: int) -> int:
        """How many shards the producers at some places say that they have."""
        total = 0
        for place in places or (0, 1, 2):
            said = re.findall(r'has shards (\d+) to (\d+)',
                              self.world.regions[place].log('producer'))
            total += int(said[-1][1]) - int(said[-1][0]) + 1 if said else 0
        return total
