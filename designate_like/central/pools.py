# SPDX-License-Identifier: Apache-2.0
"""Pools: the DNS servers that zones are spread over, by the API or by pools.yaml."""
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from oslo_db import exception

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import catalog
from designate_like.central import creation
from designate_like.central import endpoint

# What changes what the zones of a pool hold, or which servers carry them.
_DEPLOYED = ('ns_records', 'nameservers', 'targets', 'also_notifies', 'catalog_zone')


class Pools(endpoint.Endpoint):
    """What operators do with pools."""
    namespace = 'pools'

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._creation = creation.Creation(self._conf)

    @store.retried
    def create(self, ctx: context.RequestContext, values: Mapping[str, Any]) -> resources.Pool:
        """Create a pool."""
        policy.authorize(ctx, 'create_pool', policy.target(ctx.project_id))
        with self._store.write() as tx:
            pool = self._insert(tx, ctx, {'project_id': ctx.project_id, **values})
        self._emit(ctx, 'pool.create', pool)
        return pool

    def get(self, ctx: context.RequestContext, pool_id: str) -> resources.Pool:
        """The pool with that id."""
        policy.authorize(ctx, 'get_pool', policy.target(ctx.project_id))
        with self._store.read() as tx:
            return store.pools.get(tx, pool_id)

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of pools."""
        policy.authorize(ctx, 'find_pools', policy.target(ctx.project_id))
        with self._store.read() as tx:
            return endpoint.listed(*store.pools.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir)))

    @store.retried
    def update(self, ctx: context.RequestContext, pool_id: str,
               values: Mapping[str, Any]) -> resources.Pool:
        """Change a pool; its zones follow with the next sweep."""
        policy.authorize(ctx, 'update_pool', policy.target(ctx.project_id))
        with self._store.write() as tx:
            pool = store.pools.get(tx, pool_id, lock=True)
            changed = self._change(tx, ctx, pool, values)
        self._emit(ctx, 'pool.update', changed, pool)
        return changed

    @store.retried
    def delete(self, ctx: context.RequestContext, pool_id: str) -> None:
        """Delete a pool that carries no zones."""
        policy.authorize(ctx, 'delete_pool', policy.target(ctx.project_id))
        with self._store.write() as tx:
            pool = store.pools.get(tx, pool_id, lock=True)
            self._delete(tx, pool)
        self._emit(ctx, 'pool.delete', pool)

    @store.retried
    def configure(self, ctx: context.RequestContext, pools: list[dict[str, Any]], delete: bool,
                  dry_run: bool) -> list[str]:
        """Make the pools what pools.yaml says.

        :param pools: the values of each pool that the file holds, as bus documents.
        :param delete: drop the pools whose names the file does not hold.
        :param dry_run: tell what would change, and change nothing.
        Returns a line for each pool: ``Create Pool: name``, ``Update Pool: name`` ...
        """
        lines: list[str] = []
        done: list[tuple[Any, ...]] = []
        with self._store.write() as tx:
            for values in pools:
                present = self._matching(tx, values)
                lines.append(f"{'Update' if present else 'Create'} Pool: {values['name']}")
                if not dry_run and present:
                    done.append(('pool.update', self._change(tx, ctx, present, values), present))
                elif not dry_run:
                    done.append(('pool.create', self._insert(tx, ctx, values)))
            kept = {values['name'] for values in pools}
            for pool in store.pools.every(tx) if delete else ():
                if pool.name not in kept:
                    lines.append(f'Delete Pool: {pool.name}')
                    if not dry_run:
                        self._delete(tx, pool)
                        done.append(('pool.delete', pool))
        for event in done:
            self._emit(ctx, *event)
        return lines

    @staticmethod
    def _matching(tx: sqlalchemy.Connection, values: Mapping[str, Any]) -> resources.Pool | None:
        if 'id' not in values:
            return store.pools.named(tx, values['name'])
        try:
            return store.pools.get(tx, values['id'], lock=True)
        except errors.PoolNotFound:
            return None

    def _insert(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                values: Mapping[str, Any]) -> resources.Pool:
        pool = resources.Pool(**{'id': str(uuid.uuid4()), 'created_at': self._now(), **values})
        try:
            store.pools.insert(tx, pool)
        except exception.DBDuplicateEntry:
            raise errors.DuplicatePool() from None
        catalog.follow(tx, ctx, self._creation, pool, None, self._now())
        return pool

    def _change(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                pool: resources.Pool, values: Mapping[str, Any]) -> resources.Pool:
        if 'ns_records' in values and pool.ns_records and not values['ns_records']:
            raise errors.LastServerDeleteNotAllowed()
        changed = pool.replace(**values)
        if changed == pool:
            return pool
        changed = changed.replace(updated_at=self._now())
        if any(getattr(changed, name) != getattr(pool, name) for name in _DEPLOYED):
            changed = changed.replace(version=pool.version + 1)
        try:
            store.pools.update(tx, pool.id, **{
                name: getattr(changed, name) for name in changed.FIELDS if name != 'id'})
        except exception.DBDuplicateEntry:
            raise errors.DuplicatePool() from None
        catalog.follow(tx, ctx, self._creation, changed, pool, self._now())
        return changed

    def _delete(self, tx: sqlalchemy.Connection, pool: resources.Pool) -> None:
        if store.zones.of_pool(tx, pool.id):
            raise errors.InvalidOperation(f"Pool '{pool.name}' still carries zones")
        catalog.remove(tx, pool, self._now())
        store.pools.delete(tx, pool.id)
