# SPDX-License-Identifier: Apache-2.0
"""What mdns asks of the worker: at once, once for a zone, and never in the way of an answer."""
import queue
import threading
import types
from typing import Any

from designate_like.mdns import worker
from tests import base

TIMEOUT = 10


class Client:
    """A handle whose casts are written down, and wait for the gate."""

    def __init__(self) -> None:
        self.cast = types.SimpleNamespace(zones=self)
        self.sent: queue.Queue[str] = queue.Queue()
        self.gate = threading.Event()
        self.problem: Exception | None = None

    def transfer(self, ctx: Any, zone_id: str) -> None:
        assert ctx.is_admin
        self.sent.put(zone_id)
        self.gate.wait(TIMEOUT)
        if self.problem is not None:
            raise self.problem


class WorkerTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.client = Client()
        self.worker = worker.Worker(self.client)    # type: ignore[arg-type]
        self.addCleanup(self.worker.stop)
        self.addCleanup(self.client.gate.set)

    def sent(self) -> str:
        return self.client.sent.get(timeout=TIMEOUT)

    def test_a_zone_is_asked_for_once_while_it_waits(self) -> None:
        self.worker.transfer('a')
        self.assertEqual('a', self.sent())
        for zone_id in 'babab':     # What is on its way may be too early for a later NOTIFY.
            self.worker.transfer(zone_id)
        self.client.gate.set()
        self.assertEqual(['b', 'a'], [self.sent(), self.sent()])
        self.worker.stop()
        self.assertTrue(self.client.sent.empty())

    def test_one_that_cannot_be_sent_does_not_stop_the_others(self) -> None:
        self.client.problem = ValueError('no such bus')
        self.client.gate.set()
        with self.assertLogs(worker.LOG, 'ERROR') as logs:
            self.worker.transfer('a')
            self.sent()
            self.worker.transfer('b')
            self.assertEqual('b', self.sent())
            self.worker.stop()
        self.assertIn('Zone a is left to its refresh', logs.output[0])

    def test_stopping_sends_what_waits(self) -> None:
        self.worker.transfer('a')
        self.sent()
        self.worker.transfer('b')
        self.client.gate.set()
        self.worker.stop()
        self.assertEqual('b', self.client.sent.get_nowait())
