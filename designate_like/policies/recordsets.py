# SPDX-License-Identifier: Apache-2.0
"""Rules for recordsets, which look at the type of the zone and at whom it is shared with."""
from designate_like.policies import base

_ADMIN = f'({base.ADMIN} and ({base.PRIMARY} or {base.SECONDARY}))'
_OWNER = f'(role:member and {base.OWNER} and {base.PRIMARY})'
_GUEST = f'({base.SHARED} and {base.PRIMARY})'
_AUTHOR = f'(role:member and project_id:%(recordset_project_id)s and {base.PRIMARY})'

RULES = (
    base.rule('create_recordset', f'{_OWNER} or {_ADMIN} or {_GUEST}',
              'Create a recordset, in an own zone or in one shared with the project.',
              'POST /v2/zones/{zone_id}/recordsets'),
    base.rule('get_recordsets', base.READER, 'Read several recordsets by id.',
              'GET /v2/recordsets'),
    base.rule('get_recordset', f'({base.READER}) or {base.SHARED}', 'Show a recordset.',
              'GET /v2/zones/{zone_id}/recordsets/{recordset_id}',
              'GET /v2/recordsets/{recordset_id}', 'GET /v2/reverse/floatingips/{floatingip_id}'),
    base.rule('find_recordset', base.READER, 'Find one recordset.',
              'GET /v2/zones/{zone_id}/recordsets/{recordset_id}'),
    base.rule('find_recordsets', base.READER, 'List recordsets.',
              'GET /v2/zones/{zone_id}/recordsets', 'GET /v2/recordsets',
              'GET /v2/reverse/floatingips'),
    base.rule('update_recordset', f'{_OWNER} or {_ADMIN} or {_AUTHOR}',
              'Change a recordset, of an own zone or created by the own project, or the PTR of '
              'an own floating IP.',
              'PUT /v2/zones/{zone_id}/recordsets/{recordset_id}',
              'PATCH /v2/reverse/floatingips/{floatingip_id}'),
    base.rule('delete_recordset', f'{_OWNER} or {_ADMIN} or {_AUTHOR}',
              'Delete a recordset, of an own zone or created by the own project.',
              'DELETE /v2/zones/{zone_id}/recordsets/{recordset_id}'),
    base.rule('count_recordset', base.READER, 'Count recordsets.',
              'GET /admin/reports/counts/recordsets'),
)
