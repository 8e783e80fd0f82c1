# SPDX-License-Identifier: Apache-2.0
"""How many transfers are made at once: each holds a connection to the database.

Who comes too many waits, and so does a client that already makes half of them: one that
takes its answers slowly leaves the other half to others. Waiting costs no connection.
"""
import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from designate_like import errors


class Slots:
    """The slots of a process."""

    def __init__(self, limit: int, patience: float) -> None:
        """Make the slots.

        :param limit: transfers at once.
        :param patience: seconds that one waits for its turn.
        """
        self._limit = limit
        self._share = (limit + 1) // 2
        self._patience = patience
        self._taken: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def one(self, client: str) -> Iterator[None]:
        """Hold a slot for the block.

        :param client: who the transfer is for.
        :raises Unavailable: when the client's turn did not come.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(client), self._patience):
                raise errors.Unavailable('Too many transfers are under way')
            self._taken[client] += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= Counter([client])
                self._changed.notify_all()

    def _is_free(self, client: str) -> bool:
        return self._taken.total() < self._limit and self._taken[client] < self._share
