# SPDX-License-Identifier: Apache-2.0
"""Rules for service statuses."""
from designate_like.policies import base

_LIST = '/v2/service_statuses'
_ITEM = '/v2/service_statuses/{service_status_id}'

RULES = (
    base.rule('find_service_status', base.ADMIN, 'Show a service status.', f'GET {_ITEM}'),
    base.rule('find_service_statuses', base.ADMIN, 'List service statuses.', f'GET {_LIST}'),
    base.rule('update_service_status', base.ADMIN, 'Report that a service is alive.',
              f'GET {_LIST}'),
    base.rule('delete_service_status', base.ADMIN, 'Drop the status of a service that is gone.',
              f'GET {_LIST}'),
)
