# SPDX-License-Identifier: Apache-2.0
"""Error bodies: what they hold, and what they never hold."""
from designate_like import errors
from tests.unit.api import site

ITEM = f'/v2/zones/{site.ZONE_ID}'
LOG = 'designate_like.api.faults'


class FaultsTest(site.TestCase):

    def fail(self, error):
        self.central.answers['zones.get'] = error
        return self.request('GET', ITEM)

    def test_a_message(self):
        body = self.refused(404, 'zone_not_found', self.fail(errors.ZoneNotFound()))
        self.assertEqual(['code', 'type', 'message', 'request_id'], list(body))
        self.assertEqual('Could not find Zone', body['message'])

    def test_a_list_of_problems(self):
        response = self.request('POST', '/v2/zones', {'name': 'example.com.'})
        body = self.refused(400, 'invalid_object', response)
        self.assertEqual(['code', 'type', 'errors', 'request_id'], list(body))
        self.assertEqual([{'path': ['type', 'email'], 'validator': 'required',
                           'message': "'email' is a required property",
                           'validator_value': 'PRIMARY'}], body['errors']['errors'])

    def test_what_failed_behind_is_not_told(self):
        for error, code, type_ in (
                (errors.ConfigurationError('secret'), 500, 'configuration_error'),
                (errors.BackendError('secret'), 500, 'backend_error'),
                (errors.DatabaseUnavailable('secret'), 503, 'database_unavailable'),
                (errors.RpcTimeout('secret'), 504, 'timeout'),
                (ValueError('secret'), 500, 'unknown'),
                (errors.Error('secret'), 500, 'unknown')):
            with self.subTest(repr(error)), self.assertLogs(LOG, 'WARNING') as logged:
                response = self.fail(error)
                body = self.refused(code, type_, response)
            self.assertNotIn('secret', response.text)
            self.assertIn('secret', logged.output[0])
            self.assertIn(body['request_id'], logged.output[0])
            self.assertIn(ITEM, logged.output[0])

    def test_when_to_come_back(self):
        with self.assertLogs(LOG, 'WARNING'):
            for error, seconds in ((errors.Unavailable(), '1'),
                                   (errors.Unavailable(retry_after=9), '9'),
                                   (errors.OverQuota(retry_after=8), '8'),
                                   (errors.RpcTimeout(), '1')):
                self.assertEqual(seconds, self.fail(error).headers['Retry-After'])

    def test_codes(self):
        for error in (errors.OverQuota, errors.DuplicateZone, errors.IllegalChild,
                      errors.MissingProjectId, errors.InvalidZoneName):
            self.refused(error.code, error.type, self.fail(error()))
