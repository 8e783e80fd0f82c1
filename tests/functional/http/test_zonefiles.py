# SPDX-License-Identifier: Apache-2.0
"""Imports and exports: stories, and what takes time or is no JSON."""
import json
import pathlib
import unittest.mock
from typing import Any

from designate_like.api import zonefiles
from designate_like.central import zone_exports
from tests import base
from tests.functional.http import site
from tests.functional.http import stories

FILE = """\
$ORIGIN {0}
$TTL 300
@ IN SOA ns.elsewhere.example. ad\\.min.example.org. 5 6 7 8 9
@ IN NS ns.elsewhere.example.
@ IN MX 10 mail
mail IN A 192.0.2.1
é IN TXT "é" x
"""
ZONEFILE = {'Content-Type': 'text/dns', **site.CALLERS['member']}
IMPORTS = '/v2/zones/tasks/imports'


class ZonefilesTest(stories.TestCase):
    """A test for each story of zonefiles.yaml, and those below."""
    overrides = (('max_import_size', 200_000, 'service:api'),)

    def ended(self, path: str = IMPORTS, body: bytes = b'', headers: Any = None) -> dict[str, Any]:
        """Begin an import, and return its document when it has ended."""
        reply = self.site.send('POST', path, headers or ZONEFILE, body)
        self.assertEqual(202, reply.code, reply.text)
        where = f"{IMPORTS}/{reply.json['id']}"
        self.assertTrue(reply.headers['location'].endswith(where))

        def shown() -> Any:
            document = self.site.send('GET', where, site.CALLERS['member']).json
            return document if document['status'] != 'PENDING' else None
        return base.wait(shown)

    def content(self, zone_id: str) -> site.Reply:
        """Export a zone, and fetch the file."""
        member = site.CALLERS['member']
        made = self.site.send('POST', f'/v2/zones/{zone_id}/tasks/export', member).json
        root = made['links']['self'].partition('/v2/')[0]
        path = made['links']['export'].removeprefix(root)
        self.assertEqual(made['location'].replace('designate://v2', '/v2'), path)
        reply = self.site.send('GET', path, {'Accept': 'text/dns', **member})
        self.assertEqual((200, 'text/dns; charset=UTF-8'),
                         (reply.code, reply.headers['content-type']))
        return reply

    def test_a_zone_is_imported_and_exported(self) -> None:
        done = self.ended(body=FILE.format('Way.example.').encode())
        self.assertEqual(('COMPLETE', 'Way.example. imported', 2),
                         (done['status'], done['message'], done['version']))
        self.assertTrue(done['links']['zone'].endswith(f"/v2/zones/{done['zone_id']}"))
        zone = self.site.send('GET', f"/v2/zones/{done['zone_id']}", site.CALLERS['member']).json
        self.assertEqual(('Way.example.', 'ad.min@example.org', 300, 1, {}), (
            zone['name'], zone['email'], zone['ttl'], zone['version'], zone['attributes']))
        text = self.content(done['zone_id']).text
        self.assertEqual(['$ORIGIN Way.example.', '$TTL 300', ''], text.split('\n')[:3])
        self.assertIn('xn--9ca.Way.example. 300 IN TXT "\\195\\169" "x"\n', text)
        self.assertEqual('Malformed zonefile. Line 2: this is not a record.',
                         self.ended(body=b'$ORIGIN way.example.\nx\n')['message'])
        self.assertEqual('Duplicate zone.', self.ended(body=text.encode())['message'])

    def test_json_with_attributes(self) -> None:
        body = {'zonefile': FILE.format('json.example.'), 'attributes': {'service': 'gold', 'n': 1}}
        done = self.ended(body=json.dumps(body).encode(), headers={
            **ZONEFILE, 'Content-Type': 'application/json'})
        zone = self.site.send('GET', f"/v2/zones/{done['zone_id']}", site.CALLERS['member']).json
        self.assertEqual({'service': 'gold', 'n': '1'}, zone['attributes'])

    def test_an_empty_body_is_an_import_that_fails(self) -> None:
        self.assertEqual('ERROR', self.ended()['status'])

    def test_a_file_travels_in_pieces(self) -> None:
        body = FILE.format('pieces.example.').encode()
        with unittest.mock.patch.object(zonefiles, 'PIECE', 10):
            done = self.ended(body=body)
        self.assertEqual('COMPLETE', done['status'], done)
        whole = self.content(done['zone_id']).text
        with unittest.mock.patch.object(zone_exports, 'PIECE', 20):
            self.assertEqual(whole, self.content(done['zone_id']).text)

    def test_imports_have_a_limit_of_their_own(self) -> None:
        comments = 199_000 // 100 * (';' + 98 * 'x' + '\n')
        body = FILE.format('large.example.') + comments
        self.assertEqual('COMPLETE', self.ended(f'{IMPORTS}/', body.encode())['status'])
        for length in (200_001, 300_000):
            reply = self.site.send('POST', IMPORTS, ZONEFILE, b'x' * length)
            self.assertEqual((413, 'text/plain; charset=UTF-8'),
                             (reply.code, reply.headers['content-type']))
            self.assertIn('max_import_size', reply.text)
        reply = self.site.send('POST', '/v2/zones', ZONEFILE, b'x' * 150_000)
        self.assertEqual(413, reply.code)


stories.add_tests(pathlib.Path(__file__).with_name('zonefiles.yaml'), ZonefilesTest)
