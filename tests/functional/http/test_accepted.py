# SPDX-License-Identifier: Apache-2.0
"""Requests that succeed, in the order of a story, and what the replies hold."""
import pathlib

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


class StrictTest(stories.TestCase):
    """A test for each story of strict.yaml."""
    overrides = (('allow_empty_secrets_for_tsig', False, 'service:api'),)


stories.add_tests(HERE / 'accepted.yaml', AcceptedTest)
stories.add_tests(HERE / 'strict.yaml', StrictTest)
