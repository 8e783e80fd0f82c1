# SPDX-License-Identifier: Apache-2.0
"""Two of each role on RabbitMQ and MariaDB, with name servers, and kill -9 of each under load."""
import contextlib
import sys
import time
from collections.abc import Iterator

from tests import base
from tests import load
from tests.interop import bind
from tests.interop import deployment
from tests.interop import mariadb
from tests.interop import rabbitmq

ROLES = ('central', 'mdns', 'worker', 'producer', 'api')
EACH_TWICE = tuple(f'{role}-{number}' for role in ROLES for number in (1, 2))
# Seconds for the longest answer that a client may wait for while something is dead: what the
# documentation says, and as much again for a machine that has other things to do.
BOUND = 15 * 2


class NothingLostTest(bind.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.servers = [self.bind(), self.bind()]
        directory = self.directory()
        self.site = deployment.Deployment(directory, self.servers, roles=EACH_TWICE)
        for name in ('producer-1', 'producer-2'):
            self.site.configure(name, more=f'[coordination]\nbackend_url = file://{directory}/tooz')
        self.addCleanup(self.site.kill_all)
        self.site.start()
        client = self.enterContext(contextlib.closing(self.site.client()))
        self.zones = [(client.zone(name), name) for name in (f'z{n}.example.' for n in range(6))]
        self.load = load.Load([f'127.0.0.1:{port}' for port in self.site.ports.values()],
                              [self.zones[0:2], self.zones[2:4], self.zones[4:6]])
        self.addCleanup(self.load.stop)
        self.load.start()
        self.load.goes_on(0)

    @contextlib.contextmanager
    def event(self, what: str) -> Iterator[None]:
        """Something that happens; afterwards the load goes on, and the figures are printed."""
        begin, refused = time.monotonic(), self.load.refused.copy()
        self.load.longest = 0
        yield
        self.load.goes_on(1)
        stalls = ', '.join(f'{each:.1f}' for each in self.load.stalls(begin))
        print(f'{what}: no success for {stalls} s, longest answer {self.load.longest:.1f} s, '
              f'{dict(self.load.refused - refused)}', file=sys.stderr)
        self.assertLess(self.load.longest, BOUND)

    def served(self) -> None:
        """Everything that was accepted is what every name server shows, and nothing is stuck."""
        self.load.stop()
        self.assertEqual({}, dict(self.load.silent), self.site.logs())
        with contextlib.closing(self.site.client()) as client:
            for zone_id, name in self.zones:
                client.active(f'/v2/zones/{zone_id}', 60)
                serial = client('GET', f'/v2/zones/{zone_id}')['serial']
                for each in self.servers:
                    base.wait(lambda: each.serial(name) == serial, 30)
                for status in ('PENDING', 'ERROR'):
                    self.assertEqual([], client(
                        'GET', f'/v2/zones/{zone_id}/recordsets?status={status}')['recordsets'])
        wrong = [(name, each.port) for each in self.servers
                 for name, records in self.load.records.items()
                 if name not in self.load.unclear and records != each.answers(name, 'A')]
        self.assertEqual([], wrong)
        print(f'{len(self.load.accepted)} changes accepted, {len(self.load.unclear)} unclear, '
              f'refused: {dict(self.load.refused)}', file=sys.stderr)

    def test_each_role(self) -> None:
        for name in EACH_TWICE:
            with self.event(f'{name} is killed'):
                self.site.kill(name)
            with self.event(f'{name} is back'):
                self.site.start_role(name)
        self.served()

    def test_the_broker_and_the_database(self) -> None:
        for what, server in (('broker', rabbitmq.shared()), ('database', mariadb.shared())):
            with self.event(f'the {what} is killed and back'):
                server.kill()
                server.start()
        # A broker may hand a request out again that it had handed out before it died; then
        # what was to be deleted is no longer there.
        self.load.silent.pop('404', None)
        self.served()
