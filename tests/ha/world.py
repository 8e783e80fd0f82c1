# SPDX-License-Identifier: Apache-2.0
"""Three hosts with every role, their clusters, and a test's way to hurt them under load."""
import concurrent.futures
import contextlib
import pathlib
import shutil
import sys
import tempfile
import time
import unittest
from collections.abc import Iterator

import yaml

from tests import base
from tests import load
from tests.ha import etcd
from tests.ha import galera
from tests.ha import net
from tests.ha import rabbitmq
from tests.ha import region


class World:
    """All that runs, until the tests of a module are through."""

    def __init__(self, one_bus: bool) -> None:
        """Start everything.

        :param one_bus: the nodes of the bus are a cluster; otherwise each region has its own bus.
        """
        self.directory = directory = pathlib.Path(tempfile.mkdtemp(prefix='ha-'))
        directory.chmod(0o755)
        self.tests = self.passed = 0
        unittest.addModuleCleanup(self._tidy)
        self.net = net.Net(unittest.addModuleCleanup)
        where = self.net.regions
        self.galera = galera.Cluster(directory, where)
        self.rabbitmq = rabbitmq.Cluster(directory, where, together=one_bus)
        self.etcd = etcd.Cluster(directory, where)
        clusters = (self.galera, self.rabbitmq, self.etcd)
        for each in clusters:
            unittest.addModuleCleanup(each.kill)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda cluster: cluster.start(), clusters))
        secret = region.new_secret()
        self.name_servers = [region.NameServer(directory, place, secret) for place in where]
        self.regions = [region.Region(
            directory, place, bus=self.rabbitmq.url(number), database=self.galera.url(number),
            coordination=self.etcd.url(number)) for number, place in enumerate(where)]
        for each in self.name_servers:
            unittest.addModuleCleanup(each.kill)
            each.start()
        self.regions[0].manage('database', 'sync')
        for each in self.regions:
            unittest.addModuleCleanup(each.kill, *region.ROLES)
            each.start(*region.ROLES)
        (directory / 'pools.yaml').write_text(yaml.safe_dump(region.pool(directory, where, secret)))
        base.wait(self._configured, timeout=60, pause=1)
        self.clients = [load.Client(f'{place.address}:9001') for place in where]
        for each in self.clients:
            base.wait(lambda: self._answers(each), timeout=60, pause=0.2)

    def _tidy(self) -> None:
        """Keep the logs only if somebody is going to want them."""
        if self.tests == self.passed:
            shutil.rmtree(self.directory)
        else:
            print(f'The logs are in {self.directory}', file=sys.stderr)

    def _configured(self) -> bool:
        try:
            self.regions[0].manage('pool', 'update', '--file', f'{self.directory}/pools.yaml')
        except AssertionError:
            return False
        return True

    @staticmethod
    def _answers(client: load.Client) -> bool:
        with contextlib.suppress(OSError, load.Refused):
            return client('GET', '/v2/zones') is not None
        return False

    def zone(self, name: str) -> str:
        """Create a zone, and wait until all name servers show it; returns its id."""
        zone_id = self.clients[0]('POST', '/v2/zones', {
            'name': name, 'email': 'a@example.org'})['id']
        self.settled([(zone_id, name)])
        return zone_id

    def settled(self, zones: list[tuple[str, str]], timeout: float = 60) -> None:
        """Wait until zones are ACTIVE and every name server shows what the API says."""
        def unsettled() -> list[str]:
            found = []
            for zone_id, name in zones:
                zone = self.clients[0]('GET', f'/v2/zones/{zone_id}')
                shown = [each.answers(name, 'SOA') for each in self.name_servers]
                serials = [int(soa[0].split()[2]) if soa else None for soa in shown]
                if zone['status'] != 'ACTIVE' or set(serials) != {zone['serial']}:
                    found.append(f"{name} {zone['status']} {zone['serial']} {serials}")
            return found
        last: list[str] = ['nothing looked at']

        def settled() -> bool:
            with contextlib.suppress(OSError, load.Refused):
                last[:] = unsettled()
            return not last
        try:
            base.wait(settled, timeout, pause=0.2)
        except AssertionError as problem:
            raise AssertionError(f'still not settled: {last}') from problem


# Seconds: what it takes to give up a silent part, and as much again for a busy machine.
BOUND = 10 * 2


class TestCase(base.TestCase):
    """A test under load; ``served`` is its end."""
    world: World

    def setUp(self) -> None:
        super().setUp()
        self.world.tests += 1
        self.zones = [(self.world.zone(name), name) for name in (
            f'z{number}.t{self.world.tests}.example.' for number in range(6))]
        self.load = load.Load([each.address for each in self.world.clients],
                              [self.zones[0:2], self.zones[2:4], self.zones[4:6]])
        self.addCleanup(self.load.stop)
        self.load.start()
        self.load.goes_on()

    @contextlib.contextmanager
    def event(self, what: str, within: float = BOUND) -> Iterator[None]:
        """Something that happens; afterwards the load goes on, and the figure is printed.

        :param within: seconds that no client may go without a success.
        """
        begin, refused = time.monotonic(), self.load.refused.total()
        yield
        self.load.goes_on()
        stalls = self.load.stalls(begin)
        figures = ', '.join(f'{each:.1f}' for each in stalls)
        print(f'{what}: clients of the three places had no success for {figures} s, '
              f'{self.load.refused.total() - refused} requests failed', file=sys.stderr)
        self.assertLess(max(stalls), within)

    def served(self) -> None:
        """Everything that was accepted is what every name server shows, and nothing is stuck."""
        self.load.stop()
        self.world.settled(self.zones)
        for name, records in self.load.records.items():
            if name not in self.load.unclear:
                for server in self.world.name_servers:
                    self.assertEqual(records, server.answers(name, 'A'), (server.place, name))
        self.world.passed += 1
        print(f'{len(self.load.accepted)} changes accepted, {len(self.load.unclear)} unclear, '
              f'refused: {dict(self.load.refused)}', file=sys.stderr)
