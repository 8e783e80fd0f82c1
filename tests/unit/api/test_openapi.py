# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document: it is of this code, and says what it should."""
import pathlib

from designate_like.api import openapi
from designate_like.api import routes
from tests import base

FILE = pathlib.Path(__file__).parents[3] / 'api-ref' / 'openapi.yaml'


class DocumentTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.document = openapi.document()

    def body(self, path: str, method: str) -> dict:
        """The schema of the JSON that a request holds."""
        request = self.document['paths'][path][method]['requestBody']
        return request['content']['application/json']['schema']

    def test_the_file_is_up_to_date(self):
        self.assertEqual(openapi.text(), FILE.read_text(), 'tox -e samples makes it anew')

    def test_every_url(self):
        self.assertEqual({f'/v2{path}': {method.lower() for method in methods}
                          for path, methods in routes.TABLE if methods},
                         {path: set(operations)
                          for path, operations in self.document['paths'].items()})

    def test_names_of_operations_are_unique(self):
        names = [operation['operationId'] for operations in self.document['paths'].values()
                 for operation in operations.values()]
        self.assertEqual(len(names), len(set(names)))

    def test_bodies(self):
        zone = self.body('/v2/zones', 'post')
        self.assertEqual(['name'], zone['required'])
        self.assertFalse(zone['additionalProperties'])
        self.assertEqual({'type': 'string', 'format': 'dns-name', 'maxLength': 254},
                         zone['properties']['name'])
        self.assertEqual(['string', 'null'], zone['properties']['description']['type'])
        self.assertNotIn('name', self.body('/v2/zones/{zone_id}', 'patch')['properties'])
        self.assertEqual({'zones', 'zone_recordsets', 'zone_records', 'recordset_records',
                          'api_export_size'},
                         set(self.body('/v2/quotas/{project_id}', 'patch')['properties']))

    def test_optional_bodies(self):
        for path, required in (('/v2/zones/{zone_id}/tasks/transfer_requests', False),
                               ('/v2/zones/{zone_id}/tasks/pool_move', False),
                               ('/v2/zones/tasks/transfer_accepts', True)):
            self.assertIs(required,
                          self.document['paths'][path]['post']['requestBody']['required'])

    def test_zone_files(self):
        imports = self.document['paths']['/v2/zones/tasks/imports']['post']
        self.assertEqual({'application/json', 'text/dns'}, set(imports['requestBody']['content']))
        content = self.document['paths']['/v2/zones/tasks/exports/{zone_export_id}/export']['get']
        self.assertEqual(['text/dns'], list(content['responses']['2XX']['content']))

    def test_filters(self):
        names = [each['name'] for each in self.document['paths']['/v2/recordsets']['get']
                 ['parameters']]
        for name in ('limit', 'marker', 'sort_key', 'sort_dir', 'data', 'zone_id', 'type'):
            self.assertIn(name, names)
