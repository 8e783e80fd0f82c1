# SPDX-License-Identifier: Apache-2.0
"""What central asks of the worker, which it never waits for.

That a zone is to be deployed is sent by a thread of its own. While one request is on its way,
others for the same zone gather, and only the latest is sent: a worker that has it needs none of
those before it. A change that comes alone is sent at once.
"""
import logging
import threading

from designate_like import context
from designate_like import resources
from designate_like import rpc

LOG = logging.getLogger(__name__)

# Seconds until the next requests are sent: so many for each that has come, and at most.
PACE = 0.05
LONGEST_PACE = 0.2

# Seconds that stopping waits for what has not been sent; the sweep finds the rest.
GRACE = 2


class Worker:
    """A handle on the worker; ``cast`` is the plain one, for all other requests."""

    def __init__(self, client: rpc.Client) -> None:
        self.cast = client.cast
        self._waiting: dict[str, tuple[context.RequestContext, resources.Zone]] = {}
        self._asked = 0     # How often, since the last were sent.
        self._news = threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name='deployments', daemon=True)
        self._thread.start()

    def deploy(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        """Ask for a zone to be brought to its servers, or taken away when it is being deleted."""
        with self._news:
            self._asked += 1
            if zone.id not in self._waiting or zone.follows(self._waiting[zone.id][1]):
                self._waiting[zone.id] = ctx, zone
            self._news.notify()

    def stop(self) -> None:
        """Send what waits."""
        self._stopping.set()
        with self._news:
            self._news.notify()
        self._thread.join(GRACE)

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._stopping.is_set())
                waiting, self._waiting = list(self._waiting.values()), {}
                asked, self._asked = self._asked, 0
            if not waiting:
                return
            for ctx, zone in waiting:
                try:
                    self.cast.zones.deploy(ctx, zone=zone)
                except Exception:
                    LOG.exception('Zone %s is left to the sweep', zone.name)
            self._stopping.wait(min((asked - 1) * PACE, LONGEST_PACE))
