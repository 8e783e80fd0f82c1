# SPDX-License-Identifier: Apache-2.0
"""Rules for offering a zone to another project."""
from designate_like.policies import base

_TASK = '/v2/zones/{zone_id}/tasks/transfer_requests'
_LIST = '/v2/zones/tasks/transfer_requests'
_ITEM = '/v2/zones/tasks/transfer_requests/{zone_transfer_request_id}'

# The project that the offer names, or everybody when it names none.
ADDRESSEE = ('project_id:%(target_project_id)s or project_id:%(target_tenant_id)s '
             'or None:%(target_project_id)s')

RULES = (
    base.rule('create_zone_transfer_request', base.MEMBER, 'Offer a zone.', f'POST {_TASK}'),
    base.rule('get_zone_transfer_request', f'{base.MEMBER} or {ADDRESSEE}', 'Show an offer.',
              f'GET {_ITEM}'),
    base.rule('get_zone_transfer_request_detailed', base.READER,
              'Show an offer with its key.', f'GET {_ITEM}'),
    base.rule('find_zone_transfer_requests', base.ANYONE,
              'List offers: the own ones, and those to the own project.', f'GET {_LIST}'),
    base.rule('update_zone_transfer_request', base.MEMBER, 'Change an offer.',
              f'PATCH {_ITEM}'),
    base.rule('delete_zone_transfer_request', base.MEMBER, 'Withdraw an offer.',
              f'DELETE {_ITEM}'),
)
