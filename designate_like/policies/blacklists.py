# SPDX-License-Identifier: Apache-2.0
"""Rules for blacklists, the patterns that zone names must not match."""
from designate_like.policies import base

_LIST = '/v2/blacklists'
_ITEM = '/v2/blacklists/{blacklist_id}'

RULES = (
    base.rule('create_blacklist', base.ADMIN, 'Create a blacklist.', f'POST {_LIST}'),
    base.rule('find_blacklists', base.ADMIN, 'List blacklists.', f'GET {_LIST}'),
    base.rule('get_blacklist', base.ADMIN, 'Show a blacklist.', f'GET {_ITEM}'),
    base.rule('update_blacklist', base.ADMIN, 'Change a blacklist.', f'PATCH {_ITEM}'),
    base.rule('delete_blacklist', base.ADMIN, 'Delete a blacklist.', f'DELETE {_ITEM}'),
)
