# SPDX-License-Identifier: Apache-2.0
"""What the API of PowerDNS is asked, by a small one in its place."""
import http.server
import json
import ssl
import threading
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.backends import pdns4
from tests import base
from tests.unit.backends import certificates
from tests.unit.backends import test_load
from tests.unit.dnsio import test_verbs

ZONES = '/api/v1/servers/localhost/zones'
PATH = f'{ZONES}/Example.org.'
ZONE = test_verbs.zone(name='Example.org.')
SETTINGS = {'kind': 'Slave', 'masters': ['192.0.2.1:5354'], 'slave_tsig_key_ids': [],
            'soa_edit_api': ''}
WHOLE = {'name': 'Example.org.', **SETTINGS}
METADATA = ('PUT', f'{PATH}/metadata/IXFR', {'metadata': ['1']})


class Api(http.server.BaseHTTPRequestHandler):
    """Notes requests, and answers from a table."""

    def do_request(self) -> None:
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.server.calls.append((self.command, self.path, json.loads(body) if body else None))
        self.server.tokens.add(self.headers['X-API-Key'])
        found = self.server.replies.get((self.command, self.path), [(204, b'')])
        code, content = found.pop(0) if len(found) > 1 else found[0]
        self.send_response(code)
        self.send_header('Content-Length', str(len(content)))
        if code == 302:
            self.send_header('Location', '/elsewhere')
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_request

    def log_message(self, *args: Any) -> None:
        """Be silent."""


class Pdns4Test(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.server = http.server.HTTPServer(('127.0.0.1', 0), Api)
        self.server.calls, self.server.tokens, self.server.replies = [], set(), {}
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f'http://127.0.0.1:{self.server.server_port}'
        thread.start()

    def backend(self, masters=(test_load.MASTER,), **options: str) -> pdns4.Pdns4:
        return pdns4.Pdns4(test_load.target('pdns4', masters, **{
            'api_endpoint': self.url, 'api_token': 'token', **options}))

    def reply(self, method: str, path: str, *replies: tuple[int, str]) -> None:
        """Set the replies to a request, the last of which is given for ever."""
        self.server.replies[method, path] = [(code, text.encode()) for code, text in replies]

    def called(self, *calls: tuple[str, str, Any]) -> None:
        """Assert that these were the requests."""
        self.assertEqual(list(calls), self.server.calls)

    def test_create(self):
        self.backend().create(ZONE)
        self.called(('POST', ZONES, WHOLE), METADATA)
        self.assertEqual({'token'}, self.server.tokens)

    def test_the_token_goes_nowhere_else(self):
        self.reply('POST', ZONES, (302, ''))
        with self.assertRaisesRegex(errors.BackendError, f'POST {self.url}{ZONES}: 302'):
            self.backend().create(ZONE)
        self.called(('POST', ZONES, WHOLE))

    def test_create_what_is_there(self):
        self.reply('POST', ZONES, (409, 'Conflict'))
        self.reply('GET', f'{PATH}?rrsets=false', (200, json.dumps(SETTINGS)))
        self.backend().create(ZONE)
        self.called(('POST', ZONES, WHOLE), ('GET', f'{PATH}?rrsets=false', None),
                    ('PUT', PATH, SETTINGS), METADATA)

    def test_create_where_another_zone_is(self):
        self.reply('POST', ZONES, (409, 'Conflict'), (201, '{}'))
        self.reply('GET', f'{PATH}?rrsets=false', (200, '{"kind": "Native", "masters": []}'))
        self.backend().create(ZONE)
        self.called(('POST', ZONES, WHOLE), ('GET', f'{PATH}?rrsets=false', None),
                    ('DELETE', PATH, None), ('POST', ZONES, WHOLE), METADATA)

    def test_update(self):
        self.backend().update(ZONE)
        self.called(('PUT', PATH, SETTINGS), METADATA)

    def test_update_of_what_is_not_there(self):
        self.reply('PUT', PATH, (404, 'Not Found'))
        self.backend().update(ZONE)
        self.called(('PUT', PATH, SETTINGS), ('POST', ZONES, WHOLE), METADATA)

    def test_delete(self):
        for reply in (204, ''), (404, 'Not Found'):
            self.reply('DELETE', PATH, reply)
            self.backend().delete(ZONE)
        self.called(*[('DELETE', PATH, None)] * 2)

    def test_fetch(self):
        path = f'{PATH}/axfr-retrieve'
        for reply in (200, '{"result": "Added"}'), (404, 'Not Found'):
            self.reply('PUT', path, reply)
            self.backend().fetch(ZONE)
        self.called(*[('PUT', path, None)] * 2)

    def test_retransfer(self):
        self.reply('GET', f'{PATH}?rrsets=false', (200, '{"last_check": 1}'),
                   (200, '{"last_check": 1}'), (200, '{"last_check": 2}'))
        self.backend().retransfer(ZONE)
        look = 'GET', f'{PATH}?rrsets=false', None
        self.called(look, (*METADATA[:2], {'metadata': ['0']}),
                    ('PUT', f'{PATH}/axfr-retrieve', None), look, look, METADATA)

    def test_retransfer_of_what_is_not_there(self):
        self.reply('GET', f'{PATH}?rrsets=false', (404, 'Not Found'))
        self.backend().retransfer(ZONE)
        self.called(('GET', f'{PATH}?rrsets=false', None), ('POST', ZONES, WHOLE), METADATA)

    def test_what_it_carries(self):
        ours = SETTINGS['masters']
        shown = [{'name': name, 'kind': kind, 'masters': masters} for name, kind, masters in [
            ('a.', 'Slave', ours), ('b.', 'Slave', ['192.0.2.9']),
            ('c.', 'Slave', [*ours, '192.0.2.9']), ('d.', 'Slave', []), ('e.', 'Native', ours)]]
        self.reply('GET', ZONES, (200, json.dumps(shown)))
        self.assertEqual(['a.'], self.backend().zones())
        for each in shown:
            self.reply('GET', f'{PATH}?rrsets=false', (200, json.dumps(each)))
            self.assertEqual(each['name'] == 'a.', self.backend().carries(ZONE))
        self.reply('GET', f'{PATH}?rrsets=false', (404, 'Not Found'))
        self.assertFalse(self.backend().carries(ZONE))

    def test_masters_and_key(self):
        masters = [resources.Address(host=host, port=port) for host, port in (
            ('192.0.2.1', 53), ('2001:DB8:0::1', 53), ('2001:db8::1', 5354))]
        for name in 'key', 'key.':
            settings = self.backend(masters, tsigkey_name=name)._settings
            self.assertEqual(['192.0.2.1', '2001:db8::1', '[2001:db8::1]:5354'],
                             settings['masters'])
            self.assertEqual(['key.'], settings['slave_tsig_key_ids'])

    def test_a_name_with_an_unusual_character(self):
        self.backend(api_endpoint=f'{self.url}/').delete(ZONE.replace(name='_sip.example.org.'))
        self.called(('DELETE', f'{ZONES}/=5Fsip.example.org.', None))

    def test_complaints(self):
        for method, path, code, text, words in [
                ('POST', ZONES, 422, '{"error": "no IP address"}', '422 .*"no IP address"'),
                ('POST', ZONES, 401, 'Unauthorized', '401 Unauthorized'),
                ('PUT', f'{PATH}/metadata/IXFR', 500, '', '500'),
                ('POST', ZONES, 200, '<html>', 'Expecting value')]:
            with self.subTest(code):
                self.server.replies.clear()
                self.reply(method, path, (code, text))
                with self.assertRaisesRegex(errors.BackendError,
                                            f'{method} {self.url}{path}: {words}'):
                    self.backend().create(ZONE)

    def test_a_server_that_is_away(self):
        with self.assertRaisesRegex(errors.BackendError, 'refused'):
            self.backend(api_endpoint='http://127.0.0.1:1').delete(ZONE)

    def test_a_target_that_is_wrong(self):
        named = resources.Address(host='mdns.example.org', port=5354)
        for masters, words in ((), 'needs masters'), ([named], "'mdns.example.org'"):
            with self.assertRaisesRegex(errors.ConfigurationError, words):
                self.backend(masters)

    def test_tls_is_verified(self):
        certificate, key = certificates.make(self.directory(), 'localhost')
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        url = f'https://localhost:{self.server.server_port}'
        for trusted in '', 'changeme', '/no/such/file':
            with self.subTest(trusted):
                with self.assertRaises(errors.BackendError):
                    self.backend(api_endpoint=url, api_ca_cert=trusted).delete(ZONE)
        self.backend(api_endpoint=url, api_ca_cert=certificate).delete(ZONE)
        self.called(('DELETE', PATH, None))
        # Another name than the certificate's.
        with self.assertRaises(errors.BackendError):
            self.backend(api_endpoint=url.replace('localhost', '127.0.0.1'),
                         api_ca_cert=certificate).delete(ZONE)
