# SPDX-License-Identifier: Apache-2.0
"""The five verbs, once for all nouns that are a table and a policy and no more."""
import uuid
from collections.abc import Mapping
from typing import Any
from typing import ClassVar

import sqlalchemy

from designate_like import context
from designate_like import policy
from designate_like import store
from designate_like.central import endpoint
from designate_like.resources import base


class Noun(endpoint.Endpoint):
    """The base of those nouns; the policy's rules are named after ``kind`` and ``namespace``."""
    kind: ClassVar[type[base.Resource]]
    repository: ClassVar[store.Repository]

    @store.retried
    def create(self, ctx: context.RequestContext, values: Mapping[str, Any]) -> base.Resource:
        """Create one."""
        self._authorize(ctx, f'create_{self.kind.NOUN}')
        with self._store.write() as tx:
            values = self._checked(tx, ctx, values)
            thing = self.kind(id=str(uuid.uuid4()), created_at=self._now(), **values)
            self.repository.insert(tx, thing)
        self._emit(ctx, f'{self.kind.NOUN}.create', thing)
        return thing

    def get(self, ctx: context.RequestContext, **ids: str) -> base.Resource:
        """The one with that id, which is called ``tld_id`` for a TLD and so on."""
        self._authorize(ctx, f'get_{self.kind.NOUN}')
        with self._store.read() as tx:
            return self.repository.get(tx, self._id(ids))

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page."""
        self._authorize(ctx, f'find_{self.namespace}')
        with self._store.read() as tx:
            return endpoint.listed(*self.repository.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir)))

    @store.retried
    def update(self, ctx: context.RequestContext, values: Mapping[str, Any],
               **ids: str) -> base.Resource:
        """Change one."""
        self._authorize(ctx, f'update_{self.kind.NOUN}')
        with self._store.write() as tx:
            thing = self.repository.get(tx, self._id(ids), lock=True)
            values = {**self._checked(tx, ctx, values, thing), 'updated_at': self._now()}
            self.repository.update(tx, thing.id, **values)
            changed = thing.replace(**values)
            self._follow(tx, thing, changed)
        self._emit(ctx, f'{self.kind.NOUN}.update', changed, thing)
        return changed

    @store.retried
    def delete(self, ctx: context.RequestContext, **ids: str) -> None:
        """Delete one."""
        self._authorize(ctx, f'delete_{self.kind.NOUN}')
        with self._store.write() as tx:
            thing = self.repository.get(tx, self._id(ids), lock=True)
            self.repository.delete(tx, thing.id)
            self._follow(tx, thing, None)
        self._emit(ctx, f'{self.kind.NOUN}.delete', thing)

    def _id(self, ids: Mapping[str, str]) -> str:
        return ids[f'{self.kind.NOUN}_id']

    def _authorize(self, ctx: context.RequestContext, rule: str) -> None:
        policy.authorize(ctx, rule, policy.target(ctx.project_id))

    def _checked(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                 values: Mapping[str, Any], present: Any = None) -> Mapping[str, Any]:
        """The values to store; a noun refuses here what breaks a rule of its own."""
        return values

    def _follow(self, tx: sqlalchemy.Connection, thing: Any, changed: Any) -> None:
        """Do what a change brings with it; ``changed`` is None after a deletion."""
