# SPDX-License-Identifier: Apache-2.0
"""Rules for sharing a zone with other projects."""
from designate_like.policies import base

RULES = (
    base.rule('get_zone_share', base.MEMBER, 'Show a share.',
              'GET /v2/zones/{zone_id}/shares/{share_id}'),
    base.rule('share_zone', base.MEMBER, 'Share a zone with a project.',
              'POST /v2/zones/{zone_id}/shares'),
    base.rule('find_zone_shares', base.ANYONE,
              'List shares: those of the own zones, and those for the own project.',
              'GET /v2/zones/{zone_id}/shares'),
    base.rule('find_project_zone_share', base.MEMBER,
              'Look whether a zone is shared with a project.',
              'GET /v2/zones/{zone_id}/shares'),
    base.rule('unshare_zone', base.MEMBER, 'Share a zone with a project no longer.',
              'DELETE /v2/zones/{zone_id}/shares/{share_id}'),
)
