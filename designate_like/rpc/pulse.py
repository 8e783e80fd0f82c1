# SPDX-License-Identifier: Apache-2.0
"""Telling callers that their requests are being worked on, so that they go on waiting.

oslo.messaging starts a thread for each request, which takes longer than most requests do; here
one thread serves all of a server.
"""
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from oslo_messaging.rpc import dispatcher

LOG = logging.getLogger(__name__)

_LOOK = 1       # seconds between two looks


class Pulse:
    """The requests that are worked on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[Any, list[float]] = {}      # when next, and how often
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name='pulse', daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, at the next look at the latest."""
        self._stopping.set()

    def add(self, incoming: Any, patience: float) -> None:
        """A request is being worked on.

        :param patience: seconds without a sign of life after which its caller gives up.
        """
        self._due[incoming] = [self._clock() + patience / 2, patience / 2]

    def remove(self, incoming: Any) -> None:
        """It is done."""
        del self._due[incoming]

    def beat(self) -> None:
        """Send what is due."""
        now = self._clock()
        for incoming, due in list(self._due.items()):
            if due[0] > now or incoming not in self._due:
                continue
            due[0] = now + due[1]
            try:
                incoming.heartbeat()
            except Exception as problem:    # Its caller, or the broker, is gone.
                LOG.debug('A caller was not told that it is worked on: %s', problem)

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK):
            self.beat()


class Dispatcher(dispatcher.RPCDispatcher):
    """Finds and calls the method of a request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pulse = Pulse()

    def dispatch(self, incoming: Any) -> Any:
        """Call it; returns what it returns."""
        patience, incoming.client_timeout = incoming.client_timeout, None
        if not patience:
            return super().dispatch(incoming)
        self.pulse.add(incoming, patience)
        try:
            return super().dispatch(incoming)
        finally:
            self.pulse.remove(incoming)
