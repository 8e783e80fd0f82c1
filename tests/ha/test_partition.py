# SPDX-License-Identifier: Apache-2.0
"""Three regions, each with a bus of its own, over one database; one region is cut off."""
import sys
import time
from typing import Any

from tests import base
from tests import load
from tests.ha import world


def setUpModule() -> None:
    PartitionTest.world = world.World(one_bus=False)


class PartitionTest(world.TestCase):
    """The region that is alone answers reads and the DNS, and refuses writes, until it is not."""

    def setUp(self) -> None:
        super().setUp()
        self.alone = self.world.net.regions[2]
        self.client = self.world.clients[2]
        self.zone_id, self.zone_name = self.zones[4]

    def write(self) -> tuple[int, Any]:
        """A change in the region that is cut off: the code, and the seconds to wait."""
        try:
            self.client('PATCH', f'/v2/zones/{self.zone_id}', {'description': 'changed'})
        except load.Refused as refused:
            return refused.code, refused.retry_after
        return 202, None

    @staticmethod
    def seconds(what: str, since: float) -> None:
        """Print how long something has taken."""
        print(f'{what} after {time.monotonic() - since:.1f} s', file=sys.stderr)

    def test_a_region_is_cut_off(self) -> None:
        with self.event('region cut off', within=25):
            begin = time.monotonic()
            self.world.net.cut(self.alone)
            self.addCleanup(self.world.net.heal, self.alone)
            base.wait(lambda: self.write()[0] == 503, timeout=30)
            self.seconds('writes there are refused', begin)
            self.alone_for_a_while()
            self.others_go_on()
        with self.event('region back'):
            begin = time.monotonic()
            self.world.net.heal(self.alone)
            base.wait(lambda: self.write()[0] == 202, timeout=30)
            self.seconds('writes there are accepted', begin)
        self.served()

    def alone_for_a_while(self) -> None:
        """What the region still does."""
        server = self.world.name_servers[2]
        for _ in range(20):
            begin = time.monotonic()
            self.assertEqual(self.zone_id, self.client(
                'GET', f'/v2/zones/{self.zone_id}')['id'])
            self.assertLess(time.monotonic() - begin, 1)
            self.assertNotEqual([], server.answers(self.zone_name, 'SOA'))
            self.assertNotEqual([], server.answers(self.zone_name, 'SOA', port=5354))
            code, retry_after = self.write()
            self.assertEqual((503, True), (code, bool(retry_after)))

    def others_go_on(self) -> None:
        """What is changed in the other regions is shown by their name servers at once."""
        name = f'others.{self.zone_name}'
        self.world.clients[0]('POST', f'/v2/zones/{self.zone_id}/recordsets', {
            'name': name, 'type': 'A', 'records': ['192.0.2.1']})
        begin = time.monotonic()
        base.wait(lambda: all(each.answers(name, 'A') for each in self.world.name_servers[:2]))
        self.seconds('a change of another region is shown', begin)
