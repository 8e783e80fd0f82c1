# SPDX-License-Identifier: Apache-2.0
"""Rules for reports on projects."""
from designate_like.policies import base

RULES = (
    base.rule('find_tenants', base.ADMIN, 'List the projects that own zones.',
              'GET /admin/reports/tenants'),
    base.rule('get_tenant', base.ADMIN, 'List the zones of a project.',
              'GET /admin/reports/tenants/{project_id}'),
    base.rule('count_tenants', base.ADMIN, 'Count the projects that own zones.',
              'GET /admin/reports/counts/tenants'),
)
