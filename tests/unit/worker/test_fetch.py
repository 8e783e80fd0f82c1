# SPDX-License-Identifier: Apache-2.0
"""Servers that dawdle over NOTIFY are told to pull, and need not be able to."""
import threading
from collections.abc import Callable
from unittest import mock

from designate_like import errors
from designate_like import resources
from designate_like.worker import job
from tests.unit.worker import world
from tests.unit.worker.world import World
from tests.unit.worker.world import zone


class FetchTest(world.TestCase):

    def fetching(self, fetch: Callable[[world.Backend, resources.Zone], None]) -> World:
        """Return a world whose one server does not heed NOTIFY, and has ``fetch`` for it."""
        self.enterContext(mock.patch.object(world.Backend, 'fetch', fetch))
        there = World(1)
        there.servers[0].deaf = True
        return there

    def test_it_is_told_beside_notify(self):
        serials = []

        def fetch(backend: world.Backend, wanted: resources.Zone) -> None:
            serials.append(wanted.serial)
            backend.server.zones[world.NAME] = wanted.serial
        there = self.fetching(fetch)
        self.assertEqual(
            [('settle', 10, 1), ('settle', 11, 1)],
            self.deploy(there, zone(10, settled_serial=0, told_version=0), zone(11)))
        self.assertEqual(([10, 11], [10, 11]), (serials, there.servers[0].notified))
        self.assertEqual(['create'], there.servers[0].calls)

    def test_one_that_cannot_be_told_gets_notify_all_the_same(self):
        def fetch(backend: world.Backend, wanted: resources.Zone) -> None:
            raise errors.BackendError('There is no such path')
        there = self.fetching(fetch)
        there.carry(10)
        there.servers[0].deaf = False
        with self.assertLogs(job.LOG, 'WARNING') as logs:
            there.primary = 11
            self.assertEqual([('settle', 11, 1)], self.deploy(there, zone(11)))
        self.assertEqual(1, len(logs.output))

    def test_one_that_hangs_keeps_nothing_up(self):
        self.enterContext(mock.patch.object(job, 'ASIDE_TIMEOUT', 0.01))
        released = threading.Event()
        self.addCleanup(released.set)
        there = self.fetching(lambda backend, wanted: released.wait(10))
        there.carry(10)

        async def scenario(jobs):
            jobs.deploy(world.context.admin(), zone(11))
            await self.until(lambda: len(there.servers[0].notified) > 2)
            released.set()
        self.play(there, scenario)
