# SPDX-License-Identifier: Apache-2.0
"""Rules for pools."""
from designate_like.policies import base

_LIST = '/v2/pools'
_ITEM = '/v2/pools/{pool_id}'

RULES = (
    base.rule('create_pool', base.ADMIN, 'Create a pool.', f'POST {_LIST}'),
    base.rule('find_pools', base.ADMIN, 'List pools.', f'GET {_LIST}'),
    base.rule('find_pool', base.ADMIN, 'Find one pool.', f'GET {_ITEM}'),
    base.rule('get_pool', base.ADMIN, 'Show a pool.', f'GET {_ITEM}'),
    base.rule('update_pool', base.ADMIN, 'Change a pool.', f'PATCH {_ITEM}'),
    base.rule('delete_pool', base.ADMIN, 'Delete a pool.', f'DELETE {_ITEM}'),
)
