# SPDX-License-Identifier: Apache-2.0
"""Orphans: zones on servers of a pool that no pool has any more."""
import logging

from designate_like import context
from designate_like import metrics
from designate_like import store
from designate_like.central import endpoint
from designate_like.resources import names as names_
from designate_like.resources import shards as shards_

LOG = logging.getLogger(__name__)


class Orphans(endpoint.Endpoint):
    """What the worker finds; names of zones are in lower case, servers are those of targets."""
    namespace = 'orphans'

    def audit(self, ctx: context.RequestContext, shards: tuple[int, int]) -> None:
        """Have the worker look at what the servers of pools carry.

        :param shards: a half-open range of 4096; a pool belongs to one by its id.
        """
        with self._store.read() as tx:
            pools = store.pools.every(tx)
        for pool in pools:
            if shards[0] <= shards_.of(pool.id) < shards[1]:
                self._worker.cast.zones.audit(ctx, pool_id=pool.id, pool_version=pool.version)

    def unknown(self, ctx: context.RequestContext, names: list[str]) -> list[str]:
        """Those of the names that are of no zone of any pool, and of none that was abandoned."""
        with self._store.read() as tx:
            known = store.zones.known(tx, [names_.key(each) for each in names])
        return [each for each in names if names_.key(each) not in known]

    def find(self, ctx: context.RequestContext, pool_id: str, host: str, port: int) -> list[str]:
        """The orphans that were found at a server."""
        with self._store.read() as tx:
            return store.orphans.at(tx, pool_id, host, port)

    @store.retried
    def report(self, ctx: context.RequestContext, pool_id: str, host: str, port: int,
               names: list[str]) -> None:
        """Orphans were found at a server."""
        with self._store.write() as tx:
            present = store.orphans.at(tx, pool_id, host, port)
            news = sorted(set(names) - set(present))
            store.orphans.add(tx, pool_id, host, port, news, self._now())
        for name in news:
            metrics.count('drift_total', what='orphan')
            LOG.warning('%s port %s, of pool %s, carries zone %s, which it should not have any '
                        'more', host, port, pool_id, name)

    @store.retried
    def forget(self, ctx: context.RequestContext, pool_id: str, host: str, port: int,
               names: list[str]) -> None:
        """Orphans are not at a server any more."""
        with self._store.write() as tx:
            store.orphans.forget(tx, pool_id, host, port, names)

    @store.retried
    def keep(self, ctx: context.RequestContext, pool_id: str,
             servers: list[tuple[str, int]]) -> None:
        """Forget the orphans at servers of a pool other than these: it has them no more."""
        with self._store.write() as tx:
            store.orphans.keep(tx, pool_id, [tuple(each) for each in servers])
