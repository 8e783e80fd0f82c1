# SPDX-License-Identifier: Apache-2.0
"""The event loop in which all of a worker's waiting is done, in a thread of its own.

Thousands of zones may be in flight at once, most of them waiting for a server; a thread for
each would let a few dead servers use up all threads.
"""
import asyncio
import logging
import threading
from collections.abc import Callable
from collections.abc import Coroutine
from typing import Any

LOG = logging.getLogger(__name__)


class Loop:
    """Runs coroutines that other threads hand in, until it is stopped."""

    def __init__(self, name: str, close: Callable[[], None]) -> None:
        """Make a loop.

        :param close: called in the loop as the last thing.
        """
        self._close = close
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name=name,
                                        daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Cancel what runs, and return when it has ended; one that has not begun runs nothing."""
        if self._ready.is_set():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def call(self, function: Callable[..., None], *args: Any) -> None:
        """Have the loop call a function soon; from any thread."""
        self._loop.call_soon_threadsafe(function, *args)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside the others; from within the loop."""
        task = asyncio.get_running_loop().create_task(work)
        # The loop itself would forget a task that only waits.
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task) -> None:
        self._tasks.remove(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error('Work ended in the middle', exc_info=task.exception())

    async def _main(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._end.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._close()


class Turns:
    """Work that is not begun twice for one key, and of which so much runs at the same time.

    :param at_once: how many keys have their turn at the same time; the others wait.
    """

    def __init__(self, loop_: Loop, at_once: int) -> None:
        self._loop = loop_
        self._keys: set[str] = set()
        self._free = asyncio.Semaphore(at_once)

    def run(self, key: str, function: Callable[..., Coroutine[Any, Any, None]],
            *args: Any) -> None:
        """Call a function, unless one waits or runs for that key; from within the loop."""
        if key not in self._keys:
            self._keys.add(key)
            self._loop.run(self._run(key, function, *args))

    async def _run(self, key: str, function: Callable[..., Coroutine[Any, Any, None]],
                   *args: Any) -> None:
        try:
            async with self._free:
                await function(*args)
        finally:
            self._keys.discard(key)


async def woken(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event, at most so long, and clear it; returns whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True
