# SPDX-License-Identifier: Apache-2.0
"""The pools as the worker uses them: fetched once a version, with their backends ready."""
import asyncio
import concurrent.futures
import functools
import logging
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

import dns.tsig

from designate_like import backends
from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like.dnsio import keys
from designate_like.resources import names
from designate_like.worker import central

LOG = logging.getLogger(__name__)

# How much one server is told at once. It does one thing after another anyway, and a dead one
# must not use up the threads.
CALLS_PER_TARGET = 8


class Target:
    """A server that is told which zones to carry.

    :param problem: why it cannot be told, if that is known already.
    """

    learns = False      # From a catalog, so that it is told nothing of single zones.

    def __init__(self, target: resources.Target, problem: str = '') -> None:
        self.description = target.description or target.type
        self._type = target.type
        self.address: dnsio.Address | None = None
        self._backend: backends.Backend | None = None
        self._problem = problem
        self._threads = concurrent.futures.ThreadPoolExecutor(CALLS_PER_TARGET, target.type)
        self._running: dict[str, asyncio.Future] = {}       # By id of the zone.
        try:
            self._backend = backends.load(target)
            self.address = self._backend.address
        except errors.ConfigurationError as error:
            self._problem = error.message
        if self._problem:
            LOG.error('Target %s is configured wrongly: %s', self.description, self._problem)

    async def tell(self, verb: str, zone: resources.Zone) -> None:
        """Call a method of the backend, after what it is told of the same zone already.

        :raises errors.BackendError: as the backend does, or there is none.
        """
        if self._backend is None or self._problem:
            raise errors.BackendError(self._problem)
        more = {'hard': zone.hard_delete} if verb == 'delete' else {}
        with metrics.timed('backend_seconds', type=self._type, verb=verb):
            await self._call(functools.partial(getattr(self._backend, verb), zone, **more), zone)

    async def fetch(self, zone: resources.Zone) -> None:
        """Have the server pull a zone at once, if its backend can and needs to.

        :raises errors.BackendError: as the backend does.
        """
        if self._backend is not None and self._backend.fetch is not None and not self._problem:
            await self._call(functools.partial(self._backend.fetch, zone), zone)

    async def carries(self, zone: resources.Zone) -> bool:
        """Whether the server has a zone that it pulls from our masters.

        :raises errors.BackendError: as the backend does, or there is none.
        """
        if self._backend is None or self._problem:
            raise errors.BackendError(self._problem)
        return await self._call(functools.partial(self._backend.carries, zone), zone)

    async def zones(self) -> list[str] | None:
        """The names of all such zones; None where the backend cannot list them.

        :raises errors.BackendError: as the backend does, or there is none.
        """
        if self._backend is None or self._problem:
            raise errors.BackendError(self._problem)
        if self._backend.zones is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._threads,
                                                                self._backend.zones)

    async def _call(self, method: Callable[[], Any], zone: resources.Zone) -> Any:
        while zone.id in self._running:
            await asyncio.wait([self._running[zone.id]])
        future = asyncio.get_running_loop().run_in_executor(self._threads, method)
        self._running[zone.id] = future
        future.add_done_callback(lambda _: self._running.pop(zone.id))
        # A thread cannot be stopped; who waits may go, but the next call is to come after.
        return await asyncio.shield(future)

    def close(self) -> None:
        """Break off what is under way."""
        for future in list(self._running.values()):
            future.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._backend is not None:
            self._backend.close()


class Consumer(Target):
    """A server that learns from a catalog zone (RFC 9432) which zones to carry.

    :param catalog: that zone; central deploys it whenever its members change.
    """

    learns = True

    def __init__(self, target: resources.Target, problem: str, catalog: resources.Zone,
                 exchange: dnsio.Signed) -> None:
        super().__init__(target, problem)
        self._catalog = catalog
        self._exchange = exchange

    async def tell(self, verb: str, zone: resources.Zone) -> None:
        """Have the server look at the catalog; the backend is only asked to transfer again.

        :raises errors.BackendError: it does not answer, or as the backend does.
        """
        if verb == 'retransfer' or self.address is None or self._problem:
            await super().tell(verb, zone)
        elif not await dnsio.notify(self._exchange, self.address, self._catalog):
            raise errors.BackendError(f'no answer to NOTIFY for the catalog {self._catalog.name}')

    async def fetch(self, zone: resources.Zone) -> None:
        """Leave it to NOTIFY: the server may not have the zone yet."""

    async def carries(self, zone: resources.Zone) -> bool:
        """What the server carries is the catalog's affair: nothing is to be removed by hand."""
        return False

    async def zones(self) -> list[str] | None:
        """See :meth:`carries`."""
        return None


class Pool:
    """The servers of a pool: those that are told, those that are asked.

    ``notifies`` signs what is sent to its targets, ``polls`` what its name servers are asked.
    """

    def __init__(self, pool: resources.Pool, exchange: dnsio.Exchange,
                 tsigkeys: Iterable[resources.Tsigkey] = ()) -> None:
        self.id = pool.id
        self.version = pool.version
        known = {each.id: each for each in tsigkeys}
        signing: dict[dnsio.Address, dns.tsig.Key | str] = {}
        self.notifies = dnsio.Signed(exchange, signing)
        self.targets: list[Target] = []
        for each in pool.targets:
            key = _key(each.tsigkey_id, known)
            problem = key if isinstance(key, str) else ''
            if pool.catalog_zone is None:
                target = Target(each, problem)
            else:
                catalog = bare(pool.id, pool.catalog_zone.catalog_zone_fqdn)
                target = Consumer(each, problem, catalog, self.notifies)
            self.targets.append(target)
            if key is not None and target.address is not None:
                signing[target.address] = key
        self.nameservers = [(each.host, each.port) for each in pool.nameservers]
        self.polls = dnsio.Signed(exchange, {
            (each.host, each.port): key for each in pool.nameservers
            if (key := _key(each.tsigkey_id, known)) is not None})
        self.also_notifies = [(each.host, each.port) for each in pool.also_notifies]

    def behind(self, address: dnsio.Address) -> list[Target]:
        """The targets that a name server may stand for: that of its address, else all."""
        return [each for each in self.targets if each.address == address] or self.targets

    def close(self) -> None:
        """Break off what is under way."""
        for target in self.targets:
            target.close()


def _key(tsigkey_id: str | None,
         known: Mapping[str, resources.Tsigkey]) -> dns.tsig.Key | str | None:
    """The key that a server is to have, or why it has none that is of use; None for no key."""
    if tsigkey_id is None:
        return None
    if tsigkey_id not in known:
        return f'there is no TSIG key {tsigkey_id}'
    try:
        return keys.usable(known[tsigkey_id])
    except ValueError as problem:
        return f'TSIG key {tsigkey_id}: {problem}'


def bare(pool_id: str, name: str) -> resources.Zone:
    """A zone of which no more than the name is known."""
    return resources.Zone(id='', pool_id=pool_id, project_id='', name=name, key=names.key(name),
                          email='', ttl=0, serial=0, created_at=None)


class Pools:
    """The latest version of each pool that was asked for."""

    def __init__(self, with_: central.Central, exchange: dnsio.Exchange) -> None:
        self._central = with_
        self._exchange = exchange
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
                    known = self._known[pool_id] = Pool(fetched, self._exchange,
                                                        await self._tsigkeys(ctx, fetched))
            return known

    async def _tsigkeys(self, ctx: context.RequestContext,
                        pool: resources.Pool) -> list[resources.Tsigkey]:
        """The keys that a pool's servers have; with any change of them its version changes."""
        if not any(each.tsigkey_id for each in (*pool.nameservers, *pool.targets)):
            return []
        return await self._central.call('tsigkeys', 'of_servers', ctx, pool_id=pool.id)

    def close(self) -> None:
        """Break off what is under way."""
        for pool in self._known.values():
            pool.close()
