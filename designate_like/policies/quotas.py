# SPDX-License-Identifier: Apache-2.0
"""Rules for quotas."""
from designate_like.policies import base

_ITEM = '/v2/quotas/{project_id}'

RULES = (
    base.rule('get_quotas', f"{base.READER} or (role:reader and 'True':%(all_tenants)s)",
              'Show the quotas of a project.', 'GET /v2/quotas', f'GET {_ITEM}'),
    base.rule('set_quota', base.ADMIN, 'Set the quotas of a project.', f'PATCH {_ITEM}'),
    base.rule('reset_quotas', base.ADMIN, 'Put the quotas of a project back to the defaults.',
              f'DELETE {_ITEM}'),
)
