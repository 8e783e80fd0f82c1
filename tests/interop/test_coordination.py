# SPDX-License-Identifier: Apache-2.0
"""Producers that divide the shards by a real backend: one dies, then the backend does."""
import re

from tests import base
from tests.interop import deployment
from tests.interop import redis

LEASE = 2
NAMES = ('producer-1', 'producer-2')


class RedisTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.backend = redis.Redis(self.directory())
        self.addCleanup(self.backend.kill)
        self.backend.start()
        # What they ask of a central that is not there fails, and is not what this is about.
        self.site = deployment.Deployment(self.directory(), bus='inproc://', database='sqlite://',
                                          roles=('mdns-1', *NAMES))
        self.addCleanup(self.site.kill_all)
        for name in NAMES:
            self.site.configure(name, more='[coordination]\nheartbeat_interval = 0.5\n'
                                           f'backend_url = {self.backend.url(LEASE)}\n')
            self.site.start_role(name)

    def shares(self) -> list[str]:
        """The shards that each producer which runs has, as it has said last."""
        return sorted(re.findall('this one has shards (.*)', self.site.log(name) or '?')[-1:]
                      for name in self.site.processes)

    def shared(self) -> None:
        base.wait(lambda: self.shares() == [['0 to 2047'], ['2048 to 4095']], 20)

    def alone(self) -> None:
        base.wait(lambda: self.shares() == [['0 to 4095']], 20)

    def test_a_producer_dies_then_the_backend(self) -> None:
        self.shared()
        self.site.kill(NAMES[1])
        self.alone()
        self.site.start_role(NAMES[1])
        self.shared()

        # The driver tries for a minute before it says that the backend is away. When it is there
        # again it has forgotten the producers.
        self.backend.kill()
        self.backend.start()
        for name in NAMES:
            base.wait(lambda: 'Coordination is there again' in self.site.log(name), 40)
            self.assertEqual(1, self.site.log(name).count('Coordination is away'))
        self.shared()
        self.backend.kill()
        for process in self.site.processes.values():
            process.terminate()
        for name in NAMES:
            self.assertEqual(0, self.site.stop(name, 15))
            self.assertNotIn('Traceback', self.site.log(name))
