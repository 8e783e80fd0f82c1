# SPDX-License-Identifier: Apache-2.0
"""Looking at the name servers of a zone until they show what they should."""
import asyncio
import math
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Sequence
from typing import NamedTuple

from designate_like import dnsio
from designate_like.worker import loop


class Pauses(NamedTuple):
    """Seconds between two looks at a server; they double from the first to the longest."""
    first: float
    longest: float


class Watch:
    """What one name server shows of one zone.

    ``answer`` is the last that was heard; ``silent`` tells whether it has not answered since.
    """

    def __init__(self, address: dnsio.Address,
                 look: Callable[[dnsio.Address], Awaitable[dnsio.Answer]],
                 pauses: Pauses) -> None:
        self.address = address
        self.answer = dnsio.SILENCE
        self.silent = False
        self._look = look
        self._pauses = pauses
        self.wake = asyncio.Event()     # To be set when something else is wanted.

    async def run(self, satisfied: Callable[[dnsio.Answer], bool],
                  seen: Callable[['Watch'], None]) -> None:
        """Look until cancelled; once satisfied, only when woken.

        :param satisfied: whether an answer is what is wanted now.
        :param seen: called after each look.
        """
        pause = self._pauses.first
        while True:
            if await loop.woken(self.wake, None if satisfied(self.answer) else pause):
                # Not to be woken again, or a busy zone would never be looked at.
                pause = self._pauses.first
                await asyncio.sleep(pause)
            answer = await self._look(self.address)
            self.silent = not answer.heard
            if answer.heard:
                self.answer = answer
            seen(self)
            pause = min(2 * pause, self._pauses.longest)


def quorum(count: int, percentage: int) -> int:
    """How many of so many are that share or more; at least one."""
    return max(1, math.ceil(count * percentage / 100))


def shown_by(serials: Sequence[int], enough: int) -> int:
    """The highest serial that so many servers show, or a later one; 0 when too few do."""
    return sorted(serials, reverse=True)[enough - 1] if len(serials) >= enough else 0
