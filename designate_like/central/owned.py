# SPDX-License-Identifier: Apache-2.0
"""What is the same for all nouns whose things belong to the project that has made them."""
from collections.abc import Mapping
from types import ModuleType
from typing import Any
from typing import ClassVar

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import store
from designate_like.central import endpoint
from designate_like.resources import base


class Owned(endpoint.Endpoint):
    """The base of those nouns; the policy's rules are named after ``kind`` and ``namespace``."""
    kind: ClassVar[type[base.Resource]]
    rows: ClassVar[ModuleType]                  # the noun's module of the store
    missing: ClassVar[type[errors.NotFound]]

    def get(self, ctx: context.RequestContext, **ids: str) -> base.Resource:
        """The one with that id, which is called ``zone_export_id`` for an export and so on."""
        with self._store.read() as tx:
            thing = self._seen(tx, ctx, **ids)
        policy.authorize(ctx, f'get_{self.kind.NOUN}', policy.target(thing.project_id))
        return thing

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of those that the caller sees."""
        policy.authorize(ctx, f'find_{self.namespace}', policy.target(
            ctx.project_id, all_tenants=str(ctx.all_tenants)))
        with self._store.read() as tx:
            return endpoint.listed(*self.rows.repository.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir),
                *self.rows.seen_by(endpoint.whose(ctx))))

    @store.retried
    def delete(self, ctx: context.RequestContext, **ids: str) -> None:
        """Delete one; what it has brought about stays."""
        with self._store.write() as tx:
            thing = self._seen(tx, ctx, **ids, lock=True)
            policy.authorize(ctx, f'delete_{self.kind.NOUN}', policy.target(thing.project_id))
            self._delete(tx, thing)
        self._emit(ctx, f'{self.kind.NOUN}.delete', thing)

    def _delete(self, tx: sqlalchemy.Connection, thing: Any) -> None:
        self.rows.repository.delete(tx, thing.id)

    def _seen(self, tx: sqlalchemy.Connection, ctx: context.RequestContext, lock: bool = False,
              **ids: str) -> Any:
        """The thing with that id, locked if wanted.

        :raises NotFound: the noun's, when there is none, or it is another project's.
        """
        thing = self.rows.repository.get(tx, ids[f'{self.kind.NOUN}_id'], lock=lock)
        if endpoint.whose(ctx) not in (None, thing.project_id):
            raise self.missing()
        return thing
