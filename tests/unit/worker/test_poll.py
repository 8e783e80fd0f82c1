# SPDX-License-Identifier: Apache-2.0
"""How many servers are enough, and when they are looked at."""
import asyncio

from designate_like import dnsio
from designate_like.worker import poll
from tests import base


class EnoughTest(base.TestCase):

    def test_quorum(self):
        for count, percentage, enough in [(3, 100, 3), (3, 67, 3), (3, 66, 2), (3, 34, 2),
                                          (3, 33, 1), (3, 0, 1), (4, 50, 2), (1, 1, 1)]:
            self.assertEqual(enough, poll.quorum(count, percentage), (count, percentage))

    def test_shown_by(self):
        for serials, enough, shown in [([5, 7, 6], 3, 5), ([5, 7, 6], 2, 6), ([5, 7, 6], 1, 7),
                                       ([5], 2, 0), ([], 1, 0)]:
            self.assertEqual(shown, poll.shown_by(serials, enough), (serials, enough))


class WatchTest(base.TestCase):

    def watch(self, answers, until: int) -> tuple[list, list[float]]:
        """Return what was seen, and the pause before each look, of so many looks."""
        async def run():
            loop = asyncio.get_running_loop()
            seen, times, ended = [], [loop.time()], asyncio.Event()

            async def look(address):
                times.append(loop.time())
                if len(times) > until:
                    ended.set()
                return answers[min(len(times) - 2, len(answers) - 1)]

            watch = poll.Watch(('192.0.2.1', 53), look, poll.Pauses(0.01, 0.04))
            task = asyncio.ensure_future(watch.run(
                lambda answer: answer.serial == 9, lambda each: seen.append(each.answer)))
            await ended.wait()
            task.cancel()
            return seen, [after - before for before, after in zip(times, times[1:])]
        return asyncio.run(run())

    def test_pauses_grow(self):
        seen, pauses = self.watch([dnsio.NO_ZONE], 5)
        self.assertEqual({dnsio.NO_ZONE}, set(seen))
        for least, pause in zip((0.01, 0.02, 0.04, 0.04, 0.04), pauses):
            self.assertGreaterEqual(pause, least)

    def test_silence_does_not_undo_what_was_seen(self):
        seen, _ = self.watch([dnsio.Answer(True, 8), dnsio.SILENCE], 3)
        self.assertEqual({dnsio.Answer(True, 8)}, set(seen))

    def test_a_satisfied_watch_rests_until_woken(self):
        async def run():
            looks, woken = [], asyncio.Event()

            async def look(address):
                looks.append(address)
                if len(looks) == 2:
                    woken.set()
                return dnsio.Answer(True, 9)

            watch = poll.Watch(('192.0.2.1', 53), look, poll.Pauses(0.001, 0.001))
            first = asyncio.Event()
            task = asyncio.ensure_future(watch.run(lambda answer: answer.serial == 9,
                                                   lambda each: first.set()))
            await first.wait()
            for _ in range(10):
                await asyncio.sleep(0.002)
            self.assertEqual(1, len(looks))
            watch.wake.set()
            await woken.wait()
            task.cancel()
        asyncio.run(run())
