# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.slots."""
import contextlib
import threading

from designate_like import errors
from designate_like.mdns import slots
from tests import base


class SlotsTest(base.TestCase):

    def test_one_client_has_half(self):
        made = slots.Slots(4, 0)
        with made.one('a'), made.one('a'):
            with self.assertRaises(errors.Unavailable), made.one('a'):
                pass
            with made.one('b'), made.one('c'):
                with self.assertRaises(errors.Unavailable), made.one('d'):
                    pass
            with made.one('d'):
                pass

    def test_a_single_slot(self):
        made = slots.Slots(1, 0)
        for client in ('a', 'b'):
            with made.one(client), self.assertRaises(errors.Unavailable), made.one('c'):
                pass

    def test_a_failure_gives_the_slot_back(self):
        made = slots.Slots(1, 0)
        with contextlib.suppress(ZeroDivisionError), made.one('a'):
            raise ZeroDivisionError
        with made.one('a'):
            pass
        self.assertFalse(made._taken)

    def test_many_wait_and_all_have_their_turn(self):
        made = slots.Slots(4, 10)
        lock, under_way, most, done = threading.Lock(), 0, 0, []

        def work(client: str) -> None:
            nonlocal under_way, most
            with made.one(client):
                with lock:
                    under_way += 1
                    most = max(most, under_way)
                barrier.wait()
                with lock:
                    under_way -= 1
                    done.append(client)
        barrier = threading.Barrier(2, timeout=10)
        threads = [threading.Thread(target=work, args=('ab'[number % 2],)) for number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(['a'] * 20 + ['b'] * 20, sorted(done))
        self.assertLessEqual(most, 4)
