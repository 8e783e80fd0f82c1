# SPDX-License-Identifier: Apache-2.0
"""Requests that succeed, in the order of a story, and what the replies hold."""
import pathlib
import urllib.parse

from designate_like.api import routes
from designate_like.api import zonefiles
from tests.functional.http import site
from tests.functional.http import stories

HERE = pathlib.Path(__file__).parent


class AcceptedTest(stories.TestCase):
    """A test for each story of accepted.yaml."""

    def test_links_of_service_statuses_by_both_names(self):
        for name in ('service_statuses', 'service_status'):
            listed = self.site.send('GET', f'/v2/{name}', site.CALLERS['admin']).json
            self.assertTrue(listed['links']['self'].endswith(f'/v2/{name}'), listed['links'])
            for item in listed['service_statuses']:
                path = item['links']['self'].partition('/v2/')[2]
                self.assertEqual(f"service_statuses/{item['id']}", path)
                for each in (path, f"service_status/{item['id']}"):
                    shown = self.site.send('GET', f'/v2/{each}', site.CALLERS['admin']).json
                    self.assertEqual((item['id'], item['service_name'], item['links']),
                                     (shown['id'], shown['service_name'], shown['links']))

    def test_filters_take_text_in_any_letters(self):
        for noun in (routes.ZONES, routes.ALL_RECORDSETS, routes.TLDS, routes.BLACKLISTS,
                     routes.TSIGKEYS, routes.POOLS, routes.SERVICE_STATUSES, zonefiles.IMPORTS,
                     zonefiles.EXPORTS, routes.TRANSFER_REQUESTS):
            path = noun.path.partition('{')[0] if noun.word else f'/{noun.plural}'
            for name in (*noun.kind.names('match'), *noun.filters):
                for text in ('\u00e9', '\u00e9*', '!\u00e9', '<\U0001f600', 'BETWEEN a,\u00e9'):
                    query = urllib.parse.urlencode({name: text})
                    reply = self.site.send('GET', f'/v2{path}?{query}', site.CALLERS['admin'])
                    self.assertLess(reply.code, 500, (path, query))

    def test_words_are_told_apart_by_case(self):
        for path, name, word in (('zones', 'status', 'pending'), ('recordsets', 'action', 'create'),
                                 ('zones', 'type', 'primary'), ('recordsets', 'type', 'a')):
            for text, there in ((word, False), (word.upper(), True)):
                found = self.site.send('GET', f'/v2/{path}?{name}={text}', site.CALLERS['member'])
                self.assertEqual(there, bool(found.json[path]), (path, name, text))


class StrictTest(stories.TestCase):
    """A test for each story of strict.yaml."""
    overrides = (('allow_empty_secrets_for_tsig', False, 'service:api'),)


stories.add_tests(HERE / 'accepted.yaml', AcceptedTest)
stories.add_tests(HERE / 'strict.yaml', StrictTest)
