# SPDX-License-Identifier: Apache-2.0
"""Quotas: what each project may have."""
from collections.abc import Mapping

from designate_like import context
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import projects
from designate_like.central import rules


class Quotas(endpoint.Endpoint):
    """What users and operators do with quotas."""
    namespace = 'quotas'

    def get(self, ctx: context.RequestContext, project_id: str) -> resources.Quotas:
        """The limits of a project."""
        policy.authorize(ctx, 'get_quotas', policy.target(
            project_id, all_tenants=str(ctx.all_tenants)))
        with self._store.read() as tx:
            return resources.Quotas(**rules.limits(tx, self._conf, project_id))

    @store.retried
    def update(self, ctx: context.RequestContext, project_id: str,
               values: Mapping[str, int], verify: bool = False) -> resources.Quotas:
        """Set some limits of a project; the answer holds all of them.

        :param verify: ask Keystone whether there is such a project.
        :raises InvalidProject: when there is none.
        """
        for resource, limit in values.items() or ((None, None),):
            policy.authorize(ctx, 'set_quota', policy.target(
                project_id, resource=resource, hard_limit=limit))
        if verify:
            projects.check(self._conf, ctx, project_id)
        with self._store.write() as tx:
            store.quotas.set(tx, project_id, values)
            return resources.Quotas(**rules.limits(tx, self._conf, project_id))

    @store.retried
    def delete(self, ctx: context.RequestContext, project_id: str) -> None:
        """Put a project back to the configuration's limits."""
        policy.authorize(ctx, 'reset_quotas', policy.target(project_id))
        with self._store.write() as tx:
            store.quotas.reset(tx, project_id)
