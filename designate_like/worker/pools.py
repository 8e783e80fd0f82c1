# SPDX-License-Identifier: Apache-2.0
"""The pools as the worker uses them: fetched once a version, with their backends ready."""
import asyncio
import concurrent.futures
import functools
import logging
from collections.abc import Callable

from designate_like import backends
from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.worker import central

LOG = logging.getLogger(__name__)

# How much one server is told at once. It does one thing after another anyway, and a dead one
# must not use up the threads.
CALLS_PER_TARGET = 8


class Target:
    """A server that is told which zones to carry."""

    def __init__(self, target: resources.Target) -> None:
        self.description = target.description or target.type
        self.address: dnsio.Address | None = None
        self._backend: backends.Backend | None = None
        self._problem = ''
        self._threads = concurrent.futures.ThreadPoolExecutor(CALLS_PER_TARGET, target.type)
        self._running: dict[str, asyncio.Future] = {}       # By id of the zone.
        try:
            self._backend = backends.load(target)
            self.address = self._backend.address
        except errors.ConfigurationError as error:
            LOG.error('A target is configured wrongly: %s', error.message)
            self._problem = error.message

    async def tell(self, verb: str, zone: resources.Zone) -> None:
        """Call a method of the backend, after what it is told of the same zone already.

        :raises errors.BackendError: as the backend does, or there is none.
        """
        if self._backend is None:
            raise errors.BackendError(self._problem)
        more = {'hard': zone.hard_delete} if verb == 'delete' else {}
        await self._call(functools.partial(getattr(self._backend, verb), zone, **more), zone)

    async def fetch(self, zone: resources.Zone) -> None:
        """Have the server pull a zone at once, if its backend can and needs to.

        :raises errors.BackendError: as the backend does.
        """
        if self._backend is not None and self._backend.fetch is not None:
            await self._call(functools.partial(self._backend.fetch, zone), zone)

    async def _call(self, method: Callable[[], None], zone: resources.Zone) -> None:
        while zone.id in self._running:
            await asyncio.wait([self._running[zone.id]])
        future = asyncio.get_running_loop().run_in_executor(self._threads, method)
        self._running[zone.id] = future
        future.add_done_callback(lambda _: self._running.pop(zone.id))
        # A thread cannot be stopped; who waits may go, but the next call is to come after.
        await asyncio.shield(future)

    def close(self) -> None:
        """Break off what is under way."""
        for future in list(self._running.values()):
            future.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._backend is not None:
            self._backend.close()


class Pool:
    """The servers of a pool: those that are told, those that are asked."""

    def __init__(self, pool: resources.Pool) -> None:
        self.id = pool.id
        self.version = pool.version
        self.targets = [Target(each) for each in pool.targets]
        self.nameservers = [(each.host, each.port) for each in pool.nameservers]
        self.also_notifies = [(each.host, each.port) for each in pool.also_notifies]

    def close(self) -> None:
        """Break off what is under way."""
        for target in self.targets:
            target.close()


class Pools:
    """The latest version of each pool that was asked for."""

    def __init__(self, with_: central.Central) -> None:
        self._central = with_
        self._lock = asyncio.Lock()
        self._known: dict[str, Pool] = {}

    async def get(self, ctx: context.RequestContext, pool_id: str, version: int) -> Pool:
        """Return a pool, fetched again when the known version is older than ``version``.

        :raises errors.Error: central could not tell.
        """
        async with self._lock:
            known = self._known.get(pool_id)
            if known is None or known.version < version:
                fetched = await self._central.get('pools', ctx, pool_id=pool_id)
                if known is None or fetched.version != known.version:
                    # What runs with the older version ends with it; nothing is broken off.
                    known = self._known[pool_id] = Pool(fetched)
            return known

    def close(self) -> None:
        """Break off what is under way."""
        for pool in self._known.values():
            pool.close()
