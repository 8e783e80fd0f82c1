# SPDX-License-Identifier: Apache-2.0
"""Rules for taking over a zone that another project offers."""
from designate_like.policies import base
from designate_like.policies import zone_transfer_requests

_LIST = '/v2/zones/tasks/transfer_accepts'
_ITEM = '/v2/zones/tasks/transfer_accepts/{zone_transfer_accept_id}'

RULES = (
    base.rule('create_zone_transfer_accept',
              f'{base.MEMBER} or {zone_transfer_requests.ADDRESSEE}', 'Take over a zone.',
              f'POST {_LIST}'),
    base.rule('get_zone_transfer_accept', base.READER, 'Show a takeover.', f'GET {_ITEM}'),
    base.rule('find_zone_transfer_accepts', base.ADMIN, 'List takeovers.', f'GET {_LIST}'),
)
