# SPDX-License-Identifier: Apache-2.0
"""What mdns asks of the worker, which no answer waits for.

A bus that is away takes seconds for each request. They are sent by a thread of its own, one for a
zone however often its master says that it has changed; what is lost the refresh of the zone finds.
"""
import logging
import threading

from designate_like import context
from designate_like import rpc

LOG = logging.getLogger(__name__)

_GRACE = 1      # seconds that stopping waits for what has not been sent


class Worker:
    """A handle on the worker."""

    def __init__(self, client: rpc.Client) -> None:
        self._client = client
        self._waiting: dict[str, None] = {}     # A set that keeps its order.
        self._stopping = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name='transfers', daemon=True)
        self._thread.start()

    def transfer(self, zone_id: str) -> None:
        """Ask for a look at the masters of a secondary zone."""
        with self._news:
            self._waiting[zone_id] = None
            self._news.notify()

    def stop(self) -> None:
        """Send what waits, unless that takes long."""
        with self._news:
            self._stopping = True
            self._news.notify()
        self._thread.join(_GRACE)

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._stopping)
                waiting, self._waiting = self._waiting, {}
            if not waiting:
                return
            for zone_id in waiting:
                try:
                    self._client.cast.zones.transfer(context.admin(), zone_id=zone_id)
                except Exception:
                    LOG.exception('Zone %s is left to its refresh', zone_id)
