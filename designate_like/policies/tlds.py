# SPDX-License-Identifier: Apache-2.0
"""Rules for the list of top-level domains below which zones may be created."""
from designate_like.policies import base

_LIST = '/v2/tlds'
_ITEM = '/v2/tlds/{tld_id}'

RULES = (
    base.rule('create_tld', base.ADMIN, 'Create a top-level domain.', f'POST {_LIST}'),
    base.rule('find_tlds', base.ADMIN, 'List top-level domains.', f'GET {_LIST}'),
    base.rule('get_tld', base.ADMIN, 'Show a top-level domain.', f'GET {_ITEM}'),
    base.rule('update_tld', base.ADMIN, 'Change a top-level domain.', f'PATCH {_ITEM}'),
    base.rule('delete_tld', base.ADMIN, 'Delete a top-level domain.', f'DELETE {_ITEM}'),
)
