# SPDX-License-Identifier: Apache-2.0
"""Limits: the numbers that a client should know before it asks for something."""
from designate_like import context
from designate_like.central import endpoint
from designate_like.central import rules


class Limits(endpoint.Endpoint):
    """What any user may know."""
    namespace = 'limits'

    def get(self, ctx: context.RequestContext) -> dict[str, int]:
        """The caller's quotas and the configuration's bounds, by the API's names."""
        with self._store.read() as tx:
            quotas = rules.limits(tx, self._conf, ctx.project_id)
        counted = ('zones', 'zone_recordsets', 'zone_records', 'recordset_records')
        return {**{f'max_{name}': quotas[name] for name in counted},
                'min_ttl': self._options.min_ttl,
                'max_zone_name_length': self._options.max_zone_name_len,
                'max_recordset_name_length': self._options.max_recordset_name_len}
