# SPDX-License-Identifier: Apache-2.0
"""Paths, methods, media types, bodies: what is refused before any noun is looked at."""
from designate_like.api import routes
from tests.unit.api import site


class PathTest(site.TestCase):

    def test_paths_that_are_none(self):
        for path in ('/v2', '/v2/', '/v2/bogus', '/v2/zones.json', '/v2/zones/nameservers',
                     '/v2/zones/tasks', f'/v2/zones/{site.ZONE_ID}/bogus',
                     f'/v2/zones/{site.ZONE_ID}.json', f'/v2/zones/{site.ZONE_ID}/recordsets.json',
                     '/v2/limits/x', '/v2/zones/%ff', '/v2/v2/zones'):
            with self.subTest(path):
                self.refused(404, 'not_found', self.request('GET', path))
        self.assertEqual([], self.central.calls)

    def test_paths_outside_v2(self):
        for path in ('/v3', '/v20', '/favicon.ico'):
            self.assertEqual(404, self.request('GET', path).status_int)

    def test_slashes_do_not_count(self):
        self.central.answers['zones.get'] = site.zone()
        for path in (f'/v2/zones/{site.ZONE_ID}/', f'/v2//zones//{site.ZONE_ID}', ):
            self.assertEqual(200, self.request('GET', path).status_int)

    def test_ids(self):
        for path, name, value in (
                ('/v2/zones/abc', 'zone_id', 'abc'),
                ('/v2/zones/abc/recordsets', 'zone_id', 'abc'),
                (f'/v2/zones/{site.ZONE_ID}/recordsets/x', 'recordset_id', 'x'),
                ('/v2/recordsets/example.org.', 'recordset_id', 'example.org.'),
                (f'/v2/zones/{site.ZONE_ID.upper()}', 'zone_id', site.ZONE_ID.upper()),
                ('/v2/pools/default', 'pool_id', 'default'),
                ('/v2/service_statuses/1', 'status_id', '1')):
            body = self.refused(400, 'invalid_uuid', self.request('GET', path))
            self.assertEqual(f'Invalid UUID {name}: {value}', body['message'])

    def test_a_project_is_any_short_text(self):
        self.refused(400, 'invalid_project', self.request('GET', '/v2/quotas/' + 'x' * 37))

    def test_methods(self):
        item = f'/v2/zones/{site.ZONE_ID}'
        for method, path in (
                ('PUT', item), ('POST', item), ('PATCH', '/v2/zones'), ('DELETE', '/v2/zones'),
                ('PATCH', f'{item}/recordsets/{site.RECORDSET_ID}'), ('POST', '/v2/recordsets'),
                ('OPTIONS', '/v2/zones'), ('FOO', '/v2/zones'), ('POST', '/v2/limits'),
                ('POST', '/v2/service_statuses'), ('PUT', f'/v2/pools/{site.POOL_ID}')):
            with self.subTest(method + path):
                body = self.refused(405, 'method_not_allowed', self.request(method, path, {}))
                self.assertNotIn('message', body)

    def test_head(self):
        response = self.request('HEAD', '/v2/zones')
        self.assertEqual((405, b''), (response.status_int, response.body))

    def test_a_path_of_an_asterisk(self):
        self.assertEqual(404, self.request('OPTIONS', '/', PATH_INFO='*').status_int)

    def test_a_word_that_may_be_an_id_is_an_id(self):
        methods, slots = routes.Router().match(['quotas', 'tenant'])
        self.assertEqual({'project_id': 'tenant'}, slots)
        self.assertEqual({'GET', 'PATCH', 'DELETE'}, set(methods))


class MediaTest(site.TestCase):

    def setUp(self):
        super().setUp()
        self.central.answers['zones.create'] = site.zone()
        self.central.answers['zones.get'] = site.zone()

    def test_accept(self):
        path = f'/v2/zones/{site.ZONE_ID}'
        for accept, code in (('application/json', 200), ('*/*', 200), ('', 200),
                             ('text/html, */*;q=0.1', 200), ('application/json;q=0.5', 200),
                             ('application/json; charset=UTF-8', 200), ('APPLICATION/json', 200),
                             ('application/json; charset=latin-1', 406),
                             ('text/dns', 406), ('text/html', 406), ('application/xml', 406),
                             ('application/json;q=0', 406), ('nonsense', 406), (',;,', 406)):
            with self.subTest(accept):
                response = self.request('GET', path, headers={'Accept': accept})
                self.assertEqual(code, response.status_int)
                if code == 406:
                    self.refused(406, 'unsupported_accept', response)

    def test_content_type(self):
        good = b'{"name": "example.com.", "email": "a@example.com"}'
        for type_, code in (('application/json', 202), ('application/json; charset=utf-8', 202),
                            ('Application/JSON', 202), ('', 415), ('text/plain', 415),
                            ('application/json-patch+json', 415), ('text/dns', 415),
                            ('multipart/form-data', 415)):
            with self.subTest(type_):
                response = self.request('POST', '/v2/zones', good, CONTENT_TYPE=type_)
                self.assertEqual(code, response.status_int)
                if code == 415:
                    self.refused(415, 'unsupported_content_type', response)

    def test_a_type_without_a_body_does_no_harm(self):
        headers = {'Content-Type': 'application/json'}
        response = self.request('GET', f'/v2/zones/{site.ZONE_ID}?', headers=headers)
        self.assertEqual(200, response.status_int)

    def test_bodies_that_are_no_object(self):
        for body, type_ in (
                (b'', 'empty_request_body'), (b'  \n', 'empty_request_body'),
                (b'{', 'invalid_json'), (b'nonsense', 'invalid_json'), (b'\xff', 'invalid_json'),
                (b'{"ttl": NaN}', 'invalid_json'), (b'{"ttl": Infinity}', 'invalid_json'),
                (b'{"description": "\\ud800"}', 'invalid_json'),
                (b'{"description": "\xed\xa0\x80"}', 'invalid_json'),
                (b'[' * 100_000, 'invalid_json'),
                (b'{"ttl": ' + b'1' * 5000 + b'}', 'invalid_json'),
                (b'[]', 'invalid_object'), (b'"text"', 'invalid_object'),
                (b'null', 'invalid_object'), (b'7', 'invalid_object')):
            with self.subTest(body[:30]):
                self.refused(400, type_, self.request('POST', '/v2/zones', body,
                                                      CONTENT_TYPE='application/json'))
        self.assertEqual([], self.central.calls)

    def test_a_surrogate_pair_is_text(self):
        body = (b'{"name": "example.com.", "email": "a@example.com", '
                b'"description": "\\ud83d\\ude00"}')
        response = self.request('POST', '/v2/zones', body, CONTENT_TYPE='application/json')
        self.assertEqual(202, response.status_int)
        self.assertEqual('\N{GRINNING FACE}', self.central.calls[0][1]['values']['description'])

    def test_a_body_that_is_too_large(self):
        for accept in ('*/*', 'application/json', 'text/html', ''):
            response = self.request('POST', '/v2/zones', b'x' * 114689,
                                    {'Accept': accept}, CONTENT_TYPE='application/json')
            self.assertEqual((413, 'text/plain'), (response.status_int, response.content_type))
            self.assertIn('x-openstack-request-id', response.headers)

    def test_a_large_body_of_unknown_length(self):
        self.central.answers['zones.update'] = site.zone()
        self.set('max_request_body_size', 100, 'oslo_middleware')
        for length in (100, 101):
            body = b'{"description": "' + b'x' * (length - 19) + b'"}'
            response = self.request(
                'PATCH', f'/v2/zones/{site.ZONE_ID}', body, CONTENT_TYPE='application/json',
                **{'wsgi.input_terminated': True, 'HTTP_TRANSFER_ENCODING': 'chunked'})
            self.assertEqual(413 if length > 100 else 202, response.status_int)
