# SPDX-License-Identifier: Apache-2.0
"""What central asks of the worker, which it never waits for.

That a zone is to be deployed is sent by a thread of its own: at once when a change comes alone.
While many come for a zone they gather, and only the latest is sent, now and then: a worker that has
it needs none of those before it, and bringing a zone to its servers costs them, mdns and the worker
more than the change did.
"""
import dataclasses
import logging
import threading
import time

from designate_like import context
from designate_like import resources
from designate_like import rpc

LOG = logging.getLogger(__name__)

# Seconds until a zone is sent again: so many for each request that was folded into the last, and
# at most.
PACE = 0.2
LONGEST_PACE = 0.4

# Seconds that stopping waits for what has not been sent; the sweep finds the rest.
GRACE = 2


@dataclasses.dataclass
class _Zone:
    """A zone that waits to be sent, or was sent a moment ago."""
    latest: tuple[context.RequestContext, resources.Zone] | None = None
    asked: int = 0              # how often, since it was sent
    rests_until: float = 0      # by the monotonic clock


class Worker:
    """A handle on the worker; ``cast`` is the plain one, for all other requests."""

    def __init__(self, client: rpc.Client) -> None:
        self.cast = client.cast
        self._zones: dict[str, _Zone] = {}
        self._news = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name='deployments', daemon=True)
        self._thread.start()

    def deploy(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        """Ask for a zone to be brought to its servers, or taken away when it is being deleted."""
        with self._news:
            mine = self._zones.setdefault(zone.id, _Zone())
            mine.asked += 1
            if mine.latest is None:
                self._news.notify()
            if mine.latest is None or zone.follows(mine.latest[1]):
                mine.latest = ctx, zone

    def stop(self) -> None:
        """Send what waits."""
        with self._news:
            self._stopping = True
            self._news.notify()
        self._thread.join(GRACE)

    def _run(self) -> None:
        while due := self._due():
            for ctx, zone in due:
                try:
                    self.cast.zones.deploy(ctx, zone=zone)
                except Exception:
                    LOG.exception('Zone %s is left to the sweep', zone.name)

    def _due(self) -> list[tuple[context.RequestContext, resources.Zone]]:
        """Wait until something is to be sent; nothing is when the service has stopped."""
        with self._news:
            while True:
                now, due = time.monotonic(), []
                for each in self._zones.values():
                    if each.latest is not None and (each.rests_until <= now or self._stopping):
                        due.append(each.latest)
                        each.rests_until = now + min((each.asked - 1) * PACE, LONGEST_PACE)
                        each.latest, each.asked = None, 0
                self._zones = {id_: each for id_, each in self._zones.items()
                               if each.latest is not None or each.rests_until > now}
                if due or self._stopping:
                    return due
                waiting = [each.rests_until for each in self._zones.values() if each.latest]
                self._news.wait(min(waiting) - now if waiting else None)
