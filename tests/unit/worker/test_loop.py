# SPDX-License-Identifier: Apache-2.0
"""The event loop in its thread: it starts, is handed work, and stops at once."""
import asyncio
import logging
import threading
import time

from designate_like.worker import loop
from tests import base


class LoopTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.closed_in: list[threading.Thread] = []
        self.loop = loop.Loop('test', lambda: self.closed_in.append(threading.current_thread()))
        self.loop.start()

    def test_one_that_has_not_begun_can_be_stopped(self):
        """As when the process is told to stop while it starts."""
        loop.Loop('early', self.fail).stop()
        self.loop.stop()

    def test_stop_cancels_what_runs(self):
        started, cancelled = threading.Event(), []

        async def work():
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.append(not self.closed_in)

        self.loop.call(lambda: self.loop.run(work()))
        self.assertTrue(started.wait(10))
        start = time.monotonic()
        self.loop.stop()
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual([True], cancelled)
        self.assertEqual(['test'], [each.name for each in self.closed_in])

    def test_work_that_fails_is_logged_and_harms_nobody(self):
        done = threading.Event()

        async def fail():
            raise ValueError('as it happens')

        async def work():
            done.set()

        with self.assertLogs(loop.LOG, logging.ERROR) as logs:
            self.loop.call(lambda: self.loop.run(fail()))
            self.loop.call(lambda: self.loop.run(work()))
            self.assertTrue(done.wait(10))
            self.loop.stop()
        self.assertIn('as it happens', logs.output[0])


class WokenTest(base.TestCase):

    def test_woken(self):
        async def run():
            event = asyncio.Event()
            self.assertFalse(await loop.woken(event, 0.001))
            event.set()
            self.assertTrue(await loop.woken(event, None))
            self.assertFalse(event.is_set())
        asyncio.run(run())
