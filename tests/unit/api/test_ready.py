# SPDX-License-Identifier: Apache-2.0
"""GET /healthcheck/ready."""
from unittest import mock

from designate_like import errors
from designate_like.api import ready
from tests.unit.api import site

URL = '/healthcheck/ready'


class ReadyTest(site.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(ready, '_FRESH', 0))

    def test_what_is_away(self):
        for answer, code, document in (
                (None, 200, ('OK', 'OK', 'OK')),
                (errors.BusUnavailable(), 503, ('UNAVAILABLE', 'UNKNOWN', 'UNKNOWN')),
                (errors.RpcTimeout(), 503, ('OK', 'UNAVAILABLE', 'UNKNOWN')),
                (errors.DatabaseUnavailable(), 503, ('OK', 'OK', 'UNAVAILABLE')),
                (None, 200, ('OK', 'OK', 'OK'))):
            with self.subTest(answer):
                self.central.answers['health.check'] = answer
                response = self.request('GET', URL)
                self.assertEqual(code, response.status_int)
                self.assertEqual(dict(zip(('bus', 'central', 'database'), document)),
                                 response.json)
                self.assertEqual(code, self.request('HEAD', URL).status_int)

    def test_nobody_can_make_central_work_by_asking(self):
        self.central.answers['health.check'] = None
        with mock.patch.object(ready, '_FRESH', 60):
            for _ in range(5):
                self.assertEqual(200, self.request('GET', URL).status_int)
        self.assertEqual(1, len(self.central.calls))

    def test_other_paths_and_methods(self):
        self.assertEqual(405, self.request('POST', URL).status_int)
        self.assertEqual(404, self.request('GET', URL + '/x').status_int)
