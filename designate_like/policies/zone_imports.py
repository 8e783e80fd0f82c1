# SPDX-License-Identifier: Apache-2.0
"""Rules for importing zone files."""
from designate_like.policies import base

_LIST = '/v2/zones/tasks/imports'
_ITEM = '/v2/zones/tasks/imports/{zone_import_id}'

RULES = (
    base.rule('create_zone_import', base.MEMBER, 'Import a zone file.', f'POST {_LIST}'),
    base.rule('find_zone_imports', base.READER, 'List imports.', f'GET {_LIST}'),
    base.rule('get_zone_import', base.READER, 'Show an import.', f'GET {_ITEM}'),
    base.rule('update_zone_import', base.MEMBER, 'Change the state of an import.',
              f'POST {_LIST}'),
    base.rule('delete_zone_import', base.MEMBER, 'Delete the record of an import.',
              f'DELETE {_ITEM}'),
)
