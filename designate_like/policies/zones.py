# SPDX-License-Identifier: Apache-2.0
"""Rules for zones."""
from designate_like.policies import base

RULES = (
    base.rule('create_zone', base.MEMBER, 'Create a zone.', 'POST /v2/zones'),
    base.rule('get_zones', base.READER, 'Read several zones by id.', 'GET /v2/zones'),
    base.rule('get_zone', f'({base.READER}) or {base.SHARED}',
              'Show a zone; the projects that share it may too.', 'GET /v2/zones/{zone_id}'),
    base.rule('get_zone_propagation', f'({base.READER}) or {base.SHARED}',
              'Show what each name server shows of a zone; the projects that share it may too.',
              'GET /v2/zones/{zone_id}/propagation'),
    base.rule('get_zone_servers', base.READER, 'Show the servers of a zone.',
              'GET /v2/zones/{zone_id}/nameservers'),
    base.rule('get_zone_ns_records', base.READER, 'List the name servers of a zone.',
              'GET /v2/zones/{zone_id}/nameservers'),
    base.rule('find_zones', base.READER, 'List zones.', 'GET /v2/zones'),
    base.rule('update_zone', base.MEMBER, 'Change a zone.', 'PATCH /v2/zones/{zone_id}'),
    base.rule('delete_zone', base.MEMBER, 'Delete a zone.', 'DELETE /v2/zones/{zone_id}'),
    base.rule('xfr_zone', base.MEMBER, 'Transfer a secondary zone from its primary now.',
              'POST /v2/zones/{zone_id}/tasks/xfr'),
    base.rule('abandon_zone', base.ADMIN,
              'Forget a zone and leave it on its name servers as it is.',
              'POST /v2/zones/{zone_id}/tasks/abandon'),
    base.rule('pool_move_zone', base.ADMIN, 'Move a zone to another pool.',
              'POST /v2/zones/{zone_id}/tasks/pool_move'),
    base.rule('count_zones', base.READER, 'Count zones.', 'GET /admin/reports/counts/zones'),
    base.rule('count_zones_pending_notify', base.READER,
              'Count zones that wait for a NOTIFY.', 'GET /admin/reports/counts'),
    base.rule('purge_zones', base.ADMIN, 'Purge zones that were deleted long ago.',
              'DELETE /v2/zones/{zone_id}'),
)
