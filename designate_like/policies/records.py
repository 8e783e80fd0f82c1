# SPDX-License-Identifier: Apache-2.0
"""Rules for single records, which only reports look at."""
from designate_like.policies import base

RULES = (
    base.rule('find_records', base.READER, 'List records.',
              'GET /v2/reverse/floatingips', 'GET /v2/reverse/floatingips/{region}:{id}'),
    base.rule('count_records', base.READER, 'Count records.',
              'GET /admin/reports/counts/records'),
)
