# SPDX-License-Identifier: Apache-2.0
"""What central asks of the worker: at once, the latest, and never in the way of a request."""
import queue
import threading
import time
import types
from typing import Any

from designate_like import context
from designate_like import resources
from designate_like.central import worker
from tests import base

CTX = context.RequestContext(overwrite=False)


def zone(name: str, serial: int, deleting: bool = False) -> resources.Zone:
    return resources.Zone(id=name, name=f'{name}.', serial=serial, deleting=deleting)


class Client:
    """A handle whose casts are written down, and wait for the gate before they are sent."""

    def __init__(self) -> None:
        self.cast = types.SimpleNamespace(zones=self)
        self.sent: queue.Queue[tuple[str, int, bool]] = queue.Queue()
        self.gate = threading.Event()
        self.problem: Exception | None = None

    def deploy(self, ctx: context.RequestContext, **kwargs: Any) -> None:
        asked = kwargs['zone']
        self.sent.put((asked.id, asked.serial, asked.deleting))
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem


class WorkerTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.client = Client()
        self.worker = worker.Worker(self.client)    # type: ignore[arg-type]
        self.addCleanup(self.worker.stop)
        self.addCleanup(self.client.gate.set)

    def deploy(self, *zones: resources.Zone) -> None:
        for each in zones:
            self.worker.deploy(CTX, each)

    def sent(self) -> tuple[str, int, bool]:
        return self.client.sent.get(timeout=5)

    def test_of_what_gathers_only_the_latest_is_sent(self) -> None:
        self.deploy(zone('a', 1))
        self.assertEqual(('a', 1, False), self.sent())
        self.deploy(zone('a', 2), zone('b', 7), zone('a', 4), zone('a', 3))
        self.client.gate.set()
        self.assertEqual(('a', 4, False), self.sent())
        self.assertEqual(('b', 7, False), self.sent())
        self.worker.stop()
        self.assertTrue(self.client.sent.empty())

    def test_a_zone_that_changes_all_the_time_keeps_no_other_waiting(self) -> None:
        self.deploy(zone('a', 1))
        self.sent()
        self.deploy(*(zone('a', serial) for serial in range(2, 30)))
        self.client.gate.set()
        self.assertEqual(('a', 29, False), self.sent())
        begun = time.monotonic()
        self.deploy(zone('a', 30), zone('b', 1))
        self.assertEqual(('b', 1, False), self.sent())
        self.deploy(zone('a', 31))
        self.assertEqual(('a', 31, False), self.sent())
        self.assertGreater(time.monotonic() - begun, worker.LONGEST_PACE * 0.9)

    def test_a_deletion_is_the_latest(self) -> None:
        self.deploy(zone('a', 1))
        self.sent()
        self.deploy(zone('b', 5, deleting=True), zone('b', 6))
        self.client.gate.set()
        self.assertEqual(('b', 5, True), self.sent())

    def test_stopping_sends_what_waits(self) -> None:
        self.deploy(zone('a', 1))
        self.sent()
        self.deploy(zone('b', 1))
        stopper = threading.Thread(target=self.worker.stop)
        stopper.start()
        self.client.gate.set()
        stopper.join(5)
        self.assertEqual(('b', 1, False), self.client.sent.get_nowait())

    def test_one_that_cannot_be_sent_does_not_stop_the_others(self) -> None:
        self.client.problem = ValueError('too large')
        self.client.gate.set()
        with self.assertLogs(worker.LOG, 'ERROR') as logs:
            self.deploy(zone('a', 1))
            self.sent()
            self.deploy(zone('a', 2))
            self.assertEqual(('a', 2, False), self.sent())
            self.worker.stop()
        self.assertIn('Zone a. is left to the sweep', logs.output[0])
