# SPDX-License-Identifier: Apache-2.0
"""Reports: numbers over all projects."""
from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import store
from designate_like.central import endpoint

# What is counted, and the rule that guards it.
_RULES = {'zones': 'count_zones', 'records': 'count_records', 'tenants': 'count_tenants',
          'zones_delayed_notify': 'count_zones_pending_notify'}
_EVERYBODYS = policy.target(None, all_tenants='True')


class Reports(endpoint.Endpoint):
    """What operators ask."""
    namespace = 'reports'

    def counts(self, ctx: context.RequestContext, names: list[str]) -> dict[str, int]:
        """How many there are of some things, in the order asked.

        :raises ReportNotFound: for what is not counted.
        """
        for name in names:
            if name not in _RULES:
                raise errors.ReportNotFound()
            policy.authorize(ctx, _RULES[name], _EVERYBODYS)
        with self._store.read() as tx:
            found = store.reports.counts(tx)
        return {name: found[name] for name in names}

    def tenants(self, ctx: context.RequestContext) -> list[tuple[str, int]]:
        """The projects that own zones, and how many each."""
        policy.authorize(ctx, 'find_tenants', _EVERYBODYS)
        with self._store.read() as tx:
            return store.reports.tenants(tx)

    def tenant(self, ctx: context.RequestContext, project_id: str) -> list[str]:
        """The names of a project's zones."""
        policy.authorize(ctx, 'get_tenant', policy.target(project_id))
        with self._store.read() as tx:
            return store.reports.zone_names(tx, project_id)
