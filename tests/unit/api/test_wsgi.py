# SPDX-License-Identifier: Apache-2.0
"""The filters together: versions, health, CORS, and a paste file of the operator's own."""
import shutil

from designate_like.api import wsgi
from tests.unit.api import site


class VersionsTest(site.TestCase):

    def test_the_document(self):
        response = self.request('GET', '/')
        self.assertEqual((200, 'application/json'), (response.status_int, response.content_type))
        versions = response.json['versions']
        self.assertEqual(['v2', 'v2.0', 'v2.1', 'v2.2', 'v2.3', 'v2.4'],
                         [each['id'] for each in versions])
        self.assertEqual(['v2.4'], [each['id'] for each in versions
                                    if each['status'] == 'CURRENT'])
        for each in versions:
            self.assertEqual({'id', 'status', 'updated', 'links'}, set(each))
            self.assertEqual('http://localhost/v2', each['links'][0]['href'])
            self.assertRegex(each['updated'], r'^\d{4}-\d\d-\d\dT00:00:00Z$')

    def test_under_a_script_prefix(self):
        for path in ('', '/'):
            response = self.request('GET', '/', SCRIPT_NAME='/dns', PATH_INFO=path)
            self.assertEqual('http://localhost/dns/v2',
                             response.json['versions'][0]['links'][0]['href'])

    def test_paths_without_a_version(self):
        zones = '/zones/5850a862-d57a-4738-ab13-9875525d9f4f/recordsets?name=a%2A'
        for method in ('GET', 'POST'):
            response = self.request(method, zones, SCRIPT_NAME='/dns')
            self.assertEqual((308, f'http://localhost/dns/v2{zones}'),
                             (response.status_int, response.headers['Location']))
        for path in ('/bogus', '/zones/x/bogus', '/v1/zones', '/healthchecks'):
            self.assertEqual(404, self.request('GET', path).status_int)

    def test_only_get(self):
        for method in ('POST', 'HEAD', 'OPTIONS', 'DELETE'):
            self.assertEqual(405, self.request(method, '/').status_int)


class HealthTest(site.TestCase):

    def test_get_and_head(self):
        response = self.request('GET', '/healthcheck')
        self.assertEqual((200, 'OK', 'text/plain'),
                         (response.status_int, response.text, response.content_type))
        self.assertEqual(204, self.request('HEAD', '/healthcheck').status_int)


class PasteFileTest(site.TestCase):

    def copy(self, old: str, new: str) -> str:
        """A paste file of the operator's own."""
        path = self.directory() / 'api-paste.ini'
        shutil.copy(wsgi.PASTE_FILE, path)
        path.write_text(path.read_text().replace(old, new))
        return str(path)

    def test_taken_out_of_service_by_a_file(self):
        flag = self.directory() / 'down'
        self.set('api_paste_config', self.copy('/etc/designate_like/healthcheck_disable',
                                               str(flag)))
        self.assertEqual(200, self.request('GET', '/healthcheck').status_int)
        flag.touch()
        self.assertEqual(503, self.request('GET', '/healthcheck').status_int)


class CorsTest(site.TestCase):

    ORIGIN = 'https://horizon.example.com'

    def test_a_browser(self):
        self.set('allowed_origin', [self.ORIGIN], 'cors')
        preflight = self.request('OPTIONS', '/v2/zones', headers={
            'Origin': self.ORIGIN, 'Access-Control-Request-Method': 'PATCH',
            'Access-Control-Request-Headers': 'X-Auth-Token, X-Auth-All-Projects'})
        self.assertEqual((200, self.ORIGIN), (
            preflight.status_int, preflight.headers['Access-Control-Allow-Origin']))
        self.assertEqual('X-Auth-Token,X-Auth-All-Projects',
                         preflight.headers['Access-Control-Allow-Headers'])
        self.central.answers['zones.get'] = site.zone()
        response = self.request('GET', f'/v2/zones/{site.ZONE_ID}',
                                headers={'Origin': self.ORIGIN})
        self.assertEqual('X-OpenStack-Request-ID,Host',
                         response.headers['Access-Control-Expose-Headers'])

    def test_others(self):
        self.refused(405, 'method_not_allowed', self.request('OPTIONS', '/v2/zones'))
