# SPDX-License-Identifier: Apache-2.0
"""A timed task: when it runs, and what becomes of its failures."""
import threading
import unittest.mock
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import coordination
from designate_like import errors
from designate_like.producer import task
from tests import base


class Counting(task.Task):
    """Counts its runs, and fails as it is told."""
    name = 'sweep'

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[tuple[bool, Any, range]] = []
        self.failures: list[Exception] = []
        self.blocked = threading.Event()
        self.blocked.set()

    def run(self, ctx: context.RequestContext, central: Any, shards: range) -> None:
        self.seen.append((ctx.is_admin and ctx.all_tenants, central, shards))
        if self.failures:
            raise self.failures.pop()
        self.blocked.wait()


class TaskTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.troubles = task.Troubles()

    def made(self, interval: float) -> Counting:
        conf.CONF.set_override('interval', interval, 'producer_task:sweep')
        self.addCleanup(conf.CONF.clear_override, 'interval', 'producer_task:sweep')
        return Counting(conf.CONF, 'central', coordination.Partition(None, 'me', 1), self.troubles)

    def counting(self, interval: float) -> Counting:
        made = self.made(interval)
        self.addCleanup(made.wait, 5)
        self.addCleanup(made.stop)
        return made

    def test_it_runs_at_once_for_the_service_itself_over_its_shards(self):
        counting = self.counting(interval=1000)
        counting.start()
        base.wait(lambda: counting.seen)
        counting.stop()
        counting.wait(5)
        self.assertEqual([(True, 'central', range(4096))], counting.seen)

    def test_it_runs_again_after_the_interval(self):
        counting = self.counting(interval=0.1)
        counting.start()
        base.wait(lambda: len(counting.seen) >= 3)

    def test_each_change_of_state_is_logged_once(self):
        counting = self.counting(interval=0.1)
        counting.failures = [KeyError('surprise')] + 3 * [errors.RpcTimeout('no reply')]
        with self.assertLogs('designate_like.producer.task', 'WARNING') as logs:
            counting.start()
            base.wait(lambda: len(counting.seen) >= 6)
        expected, surprise, end = logs.records
        self.assertEqual(('WARNING', None), (expected.levelname, expected.exc_info))
        self.assertIn('no reply', expected.getMessage())
        self.assertEqual(('ERROR', True), (surprise.levelname, surprise.exc_info is not None))
        self.assertEqual("Task sweep works again; it failed: KeyError('surprise'); no reply",
                         end.getMessage())

    def test_what_several_have_is_logged_once(self):
        tasks = [self.made(interval=1) for _ in range(3)]
        with self.assertLogs('designate_like.producer.task', 'WARNING') as logs:
            for failing in (True, True, False, False, True):
                for each in tasks:
                    each.failures = [errors.BusUnavailable('central is away')] * failing
                    self.assertEqual(not failing, each._try())
        self.assertEqual(['Task sweep fails, and is tried again: central is away',
                          'Task sweep works again; it failed: central is away',
                          'Task sweep fails, and is tried again: central is away'],
                         [each.getMessage() for each in logs.records])

    def test_what_has_failed_is_repeated_soon_and_then_ever_later(self):
        counting = self.made(interval=7)
        outcomes = [False, False, False, False, False, True, False, True]
        pauses = []

        def wait(pause: float) -> bool:
            pauses.append(pause)
            return not outcomes
        with unittest.mock.patch.object(counting, '_try', lambda: outcomes.pop(0)), \
                unittest.mock.patch.object(counting, '_stopping') as stopping:
            stopping.wait = wait
            counting._loop()
        self.assertEqual([0, 1, 2, 4, 7, 7, 7, 1, 7], pauses)

    def test_waiting_for_a_run_under_way_ends_in_time(self):
        counting = self.counting(interval=0.1)
        counting.blocked.clear()
        self.addCleanup(counting.blocked.set)
        counting.start()
        base.wait(lambda: counting.seen)
        counting.stop()
        counting.wait(0.01)
        self.assertEqual(1, len(counting.seen))
