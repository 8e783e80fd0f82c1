# SPDX-License-Identifier: Apache-2.0
"""Tokens of a real Keystone: what is asked of it, what is remembered, what if it is away."""
import http.client
import json
import pathlib
import subprocess
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like.central import projects
from tests import base
from tests.interop import cloud
from tests.interop import keystone
from tests.interop import standalone


class TestCase(cloud.TestCase):

    def ask(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, Any]:
        """The answer to a GET, whatever it is, and its document."""
        connection = http.client.HTTPConnection('127.0.0.1', self.service.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request('GET', path, headers={name.replace('_', '-'): headers[name]
                                                 for name in headers})
        answer = connection.getresponse()
        content = answer.read()
        return answer, json.loads(content) if content.startswith(b'{') else content

    def assert_unauthorized(self, **headers: str) -> None:
        """Expect keystonemiddleware's own answer."""
        answer, document = self.ask('/v2/zones', **headers)
        self.assertEqual(401, answer.status, document)
        self.assertEqual(f'Keystone uri="{self.keystone.url}"',
                         answer.headers['WWW-Authenticate'])
        self.assertEqual({'error': {
            'code': 401, 'title': 'Unauthorized',
            'message': 'The request you have made requires authentication.'}}, document)
        self.assertRegex(answer.headers['X-Openstack-Request-Id'], '^req-')


class TokenTest(TestCase):

    def test_none_and_none_that_is_known(self):
        self.assert_unauthorized()
        self.assert_unauthorized(X_Auth_Token='nonsense')

    def test_who_one_is_cannot_be_said_oneself(self):
        self.assert_unauthorized(X_Identity_Status='Confirmed', X_Roles='admin',
                                 X_Project_Id=self.keystone.projects['demo'])

    def test_what_needs_none(self):
        for path in ('/', '/healthcheck'):
            self.assertEqual(200, self.ask(path)[0].status)

    def test_an_unknown_path_tells_nothing_without_one(self):
        self.assertEqual(401, self.ask('/v2/nonsense')[0].status)

    def test_tokens_are_remembered(self):
        token = self.keystone.token('member')
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=token)[0].status)
        known = self.memcached.items()
        self.assertGreater(known, 0)
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=token)[0].status)
        self.assertEqual(known, self.memcached.items())

    def test_of_a_service_beside_the_users(self):
        user = self.keystone.token('member')
        answer, _ = self.ask('/v2/zones', X_Auth_Token=user,
                             X_Service_Token=self.keystone.token('designate'))
        self.assertEqual(200, answer.status)
        self.assert_unauthorized(X_Auth_Token=user, X_Service_Token='nonsense')
        # An ordinary user's is no service's: it lacks the role.
        self.assert_unauthorized(X_Auth_Token=user,
                                 X_Service_Token=self.keystone.token('admin'))

    def test_the_word_of_a_service_prolongs_a_token(self):
        """As Neutron's requests come when they have waited for long."""
        self.keystone.stop()
        self.keystone.start(expiration=1)
        self.addCleanup(self.keystone.start)
        self.addCleanup(self.keystone.stop)
        token = self.keystone.token('member')
        base.wait(lambda: self.ask('/v2/zones', X_Auth_Token=token)[0].status == 401, 20, 0.2)
        answer, document = self.ask('/v2/zones', X_Auth_Token=token,
                                    X_Service_Token=self.keystone.token('designate'))
        self.assertEqual(200, answer.status, document)

    def test_keystone_is_away(self):
        known, unknown = self.keystone.token('member'), self.keystone.token('member')
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=known)[0].status)
        self.keystone.stop()
        # What memcached has is good for token_cache_time.
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=known)[0].status)
        answer, document = self.ask('/v2/zones', X_Auth_Token=unknown)
        self.assertEqual((503, 'unavailable', '1'), (
            answer.status, document['type'], answer.headers['Retry-After']))
        self.assertNotIn(str(self.keystone.port), json.dumps(document))
        self.assert_unauthorized()
        self.keystone.start()
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=unknown)[0].status)


class ForgottenTest(TestCase):
    """Without memcached the service goes on, and asks Keystone each time."""

    def test_memcached_is_away(self):
        token = self.keystone.token('member')
        self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=token)[0].status)
        self.memcached.stop()
        for _ in range(2):
            self.assertEqual(200, self.ask('/v2/zones', X_Auth_Token=token)[0].status)


class SettingsTest(standalone.Mixin, base.TestCase):
    """Settings with which no token could be checked."""

    def complaint(self, text: str) -> str:
        """What standalone says before it ends."""
        service = standalone.Standalone(
            self.directory(), settings='[service:api]\nauth_strategy = keystone\n' + text)
        ended = subprocess.run(service.command, capture_output=True, text=True, timeout=60,
                               check=False)
        self.assertEqual((1, ''), (ended.returncode, ended.stdout))
        return ended.stderr.splitlines()[-1].partition(': ')[2]

    def test_incomplete(self):
        self.assertEqual(
            '[keystone_authtoken]: auth_type must be set for auth_strategy keystone',
            self.complaint(''))
        self.assertEqual(
            '[keystone_authtoken]: auth_url, username or user_id, password must be set for '
            'auth_strategy keystone',
            self.complaint('[keystone_authtoken]\nauth_type = password\n'))
        self.assertEqual(
            '[elsewhere]: password must be set for auth_strategy keystone',
            self.complaint('[keystone_authtoken]\nauth_section = elsewhere\n[elsewhere]\n'
                           'auth_type = password\nauth_url = http://127.0.0.1\nusername = me\n'))

    def test_unknown(self):
        self.assertIn('[keystone_authtoken] auth_type: The plugin passwort could not be found',
                      self.complaint('[keystone_authtoken]\nauth_type = passwort\n'))


class ProjectsTest(TestCase):
    """Whether there is such a project."""

    @classmethod
    def configuration(cls, directory: pathlib.Path) -> str:
        return standalone.NO_LIMITS + '[service:api]\nquotas_verify_project_id = true\n'

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)

    def set(self, **options: Any) -> None:
        """Set options of [keystone] for the test."""
        for name, value in options.items():
            conf.CONF.set_override(name, value, 'keystone')
            self.addCleanup(conf.CONF.clear_override, name, 'keystone')

    def check(self, user: str, project_id: str, url: str | None = None) -> None:
        """Check with a user's token; ``url`` is Keystone's in the catalog, ``''`` for none."""
        url = self.keystone.url if url is None else url
        catalog = [{'type': 'identity', 'name': 'keystone', 'endpoints': [
            {'region': keystone.REGION, 'publicURL': url}]}]
        projects.check(conf.CONF, context.RequestContext(
            overwrite=False, auth_token=self.keystone.token(user),
            service_catalog=catalog if url else []), project_id)

    def test_quotas(self):
        admin = self.user('admin')
        demo = self.keystone.projects['demo']
        self.assertEqual(7, admin('PATCH', f'/v2/quotas/{demo}', {'zones': 7})['zones'])
        for unknown in ('0' * 32, demo.upper(), '..'):
            with self.assertRaises(standalone.Refused) as caught:
                admin('PATCH', f'/v2/quotas/{unknown}', {'zones': 7})
            self.assertEqual((400, 'invalid_project'), (
                caught.exception.code, caught.exception.document['type']))

    def test_known(self):
        self.check('admin', self.keystone.projects['alt_demo'])
        self.check('member', self.keystone.projects['demo'])
        self.check('admin', self.keystone.projects['demo'], self.keystone.url + '/v3')

    def test_unknown(self):
        with self.assertRaises(errors.InvalidProject):
            self.check('admin', 'nonsense')

    def test_one_that_the_caller_may_not_see(self):
        self.check('member', self.keystone.projects['alt_demo'])

    def test_keystone_is_elsewhere(self):
        self.set(endpoint_override=self.keystone.url + '/v3')
        with self.assertRaises(errors.InvalidProject):
            self.check('admin', 'nonsense', '')

    def test_the_version_is_set(self):
        self.set(version='3')
        with self.assertRaises(errors.InvalidProject):
            self.check('admin', 'nonsense')

    def test_keystone_is_away(self):
        with self.assertLogs('designate_like.central.projects', 'WARNING'):
            self.check('admin', 'nonsense', 'http://127.0.0.1:1')

    def test_keystone_is_in_no_catalog(self):
        with self.assertLogs('designate_like.central.projects', 'ERROR'), \
                self.assertRaises(errors.KeystoneCommunicationFailure):
            self.check('admin', 'nonsense', '')

    def test_without_a_token(self):
        projects.check(conf.CONF, context.admin(), 'nonsense')
