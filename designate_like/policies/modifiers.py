# SPDX-License-Identifier: Apache-2.0
"""Rules for what a request may ask for in addition: its headers and some of its values."""
from designate_like.policies import base

ANY_CALL = ('GET /v2/*', 'POST /v2/*', 'PUT /v2/*', 'PATCH /v2/*', 'DELETE /v2/*')

RULES = (
    base.rule('all_tenants', base.ADMIN,
              'Act on what any project owns (X-Auth-All-Projects).', *ANY_CALL),
    base.rule('use_sudo', base.ADMIN,
              'Act as another project (X-Auth-Sudo-Project-ID).', *ANY_CALL),
    base.rule('edit_managed_records', base.ADMIN,
              'Change recordsets that the service manages (X-Designate-Edit-Managed-Records).',
              'POST /v2/zones/{zone_id}/recordsets',
              'PUT /v2/zones/{zone_id}/recordsets/{recordset_id}',
              'DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}'),
    base.rule('hard_delete', base.ADMIN,
              'Remove the files of a zone from its name servers (X-Designate-Hard-Delete).',
              'DELETE /v2/zones/{zone_id}'),
    base.rule('use_low_ttl', base.ADMIN,
              'Set a TTL below the lowest one for users (min_ttl).',
              'POST /v2/zones', 'PATCH /v2/zones/{zone_id}',
              'POST /v2/zones/{zone_id}/recordsets',
              'PUT /v2/zones/{zone_id}/recordsets/{recordset_id}'),
    base.rule('use_blacklisted_zone', base.ADMIN,
              'Create a zone whose name a blacklist matches.', 'POST /v2/zones'),
    base.rule('zone_create_forced_pool', base.ADMIN,
              'Choose the pool of a new zone.', 'POST /v2/zones'),
)
