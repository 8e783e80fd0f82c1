# SPDX-License-Identifier: Apache-2.0
"""Rules for exporting zones as zone files."""
from designate_like.policies import base

_TASK = '/v2/zones/{zone_id}/tasks/export'
_LIST = '/v2/zones/tasks/exports'
_ITEM = '/v2/zones/tasks/exports/{zone_export_id}'

RULES = (
    base.rule('zone_export', base.MEMBER, 'Fetch the zone file of an export.',
              f'GET {_ITEM}/export'),
    base.rule('create_zone_export', base.MEMBER, 'Export a zone.', f'POST {_TASK}'),
    base.rule('find_zone_exports', base.READER, 'List exports.', f'GET {_LIST}'),
    base.rule('get_zone_export', base.READER, 'Show an export.', f'GET {_ITEM}'),
    base.rule('update_zone_export', base.MEMBER, 'Change the state of an export.',
              f'POST {_TASK}'),
    base.rule('delete_zone_export', base.MEMBER, 'Delete an export.', f'DELETE {_ITEM}'),
)
