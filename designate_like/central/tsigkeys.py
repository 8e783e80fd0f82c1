# SPDX-License-Identifier: Apache-2.0
"""TSIG keys: who may transfer which zones."""
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import noun


class Tsigkeys(noun.Noun):
    """What operators do with TSIG keys."""
    namespace = 'tsigkeys'
    kind = resources.Tsigkey
    repository = store.tsigkeys.repository

    def of_zone(self, ctx: context.RequestContext, zone_id: str) -> resources.Tsigkey | None:
        """The key that opens one zone, if there is one; for roles, not for users."""
        with self._store.read() as tx:
            return store.tsigkeys.of_zone(tx, zone_id)

    def of_servers(self, ctx: context.RequestContext, pool_id: str) -> list[resources.Tsigkey]:
        """The keys with which the servers of a pool are spoken to; for roles, not for users."""
        with self._store.read() as tx:
            pool = store.pools.get(tx, pool_id)
            return store.tsigkeys.some(tx, {
                each.tsigkey_id for each in (*pool.nameservers, *pool.targets)})

    def _checked(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                 values: Mapping[str, Any], present: Any = None) -> Mapping[str, Any]:
        """Refuse a key for what does not exist, and a name that TSIG cannot tell from another's."""
        if 'name' in values:
            same = store.tsigkeys.named(tx, values['name'].lower())
            if same is not None and (present is None or same.id != present.id):
                raise errors.DuplicateTsigkey()
        scope = values.get('scope') or present.scope
        resource_id = values.get('resource_id') or present.resource_id
        get = store.pools.get if scope == 'POOL' else store.zones.get
        try:
            get(tx, resource_id)
        except errors.NotFound:
            raise errors.InvalidTsigkey(
                f"There is no {scope.lower()} '{resource_id}' for the key") from None
        return values

    def _follow(self, tx: sqlalchemy.Connection, thing: resources.Tsigkey,
                changed: resources.Tsigkey | None) -> None:
        """Have workers fetch the pools again whose servers have the key."""
        if changed is None or any(getattr(changed, name) != getattr(thing, name)
                                  for name in ('name', 'algorithm', 'secret')):
            store.pools.renew(tx, thing.id)
