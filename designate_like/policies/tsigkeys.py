# SPDX-License-Identifier: Apache-2.0
"""Rules for TSIG keys, whose secrets the API shows."""
from designate_like.policies import base

_LIST = '/v2/tsigkeys'
_ITEM = '/v2/tsigkeys/{tsigkey_id}'

RULES = (
    base.rule('create_tsigkey', base.ADMIN, 'Create a TSIG key.', f'POST {_LIST}'),
    base.rule('find_tsigkeys', base.ADMIN, 'List TSIG keys.', f'GET {_LIST}'),
    base.rule('get_tsigkey', base.ADMIN, 'Show a TSIG key.', f'GET {_ITEM}'),
    base.rule('update_tsigkey', base.ADMIN, 'Change a TSIG key.', f'PATCH {_ITEM}'),
    base.rule('delete_tsigkey', base.ADMIN, 'Delete a TSIG key.', f'DELETE {_ITEM}'),
)
