# SPDX-License-Identifier: Apache-2.0
"""Paste files: those that name the factories of OpenStack Designate, and broken ones."""
import textwrap

from designate_like import errors
from tests.unit.api import site

# As an operator has it, with a filter of his own in the pipeline.
FORMER = """
    [composite:osapi_dns]
    use = egg:Paste#urlmap
    /: versions
    /healthcheck: healthcheck
    /v2: v2
    /admin: admin

    [composite:versions]
    use = call:designate.api.somewhere:a_pipeline
    noauth = http_proxy_to_wsgi cors maintenance faultwrapper versionsapp
    keystone = http_proxy_to_wsgi cors maintenance faultwrapper versionsapp

    [composite:v2]
    use = call:designate.api.somewhere:a_pipeline
    noauth = http_proxy_to_wsgi cors request_id faultwrapper validation_API_v2 sizelimit \
osprofiler noauthcontext maintenance site normalizeuri v2app
    keystone = http_proxy_to_wsgi cors request_id faultwrapper validation_API_v2 sizelimit \
osprofiler authtoken keystonecontext maintenance site normalizeuri v2app

    [composite:admin]
    use = call:designate.api.somewhere:a_pipeline
    noauth = http_proxy_to_wsgi request_id faultwrapper sizelimit noauthcontext adminapp
    keystone = http_proxy_to_wsgi request_id faultwrapper sizelimit authtoken adminapp

    [app:versionsapp]
    paste.app_factory = designate.api.versions:factory

    [app:v2app]
    paste.app_factory = designate.api.v2:factory

    [app:adminapp]
    paste.app_factory = designate.api.admin:factory

    [app:healthcheck]
    paste.app_factory = oslo_middleware:Healthcheck.app_factory
    backends = disable_by_file
    disable_by_file_path = /nowhere/healthcheck_disable

    [filter:http_proxy_to_wsgi]
    paste.filter_factory = oslo_middleware:HTTPProxyToWSGI.factory

    [filter:cors]
    paste.filter_factory = oslo_middleware.cors:filter_factory
    oslo_config_project = designate

    [filter:request_id]
    paste.filter_factory = oslo_middleware:RequestId.factory

    [filter:faultwrapper]
    paste.filter_factory = designate.api.somewhere:Faults.factory

    [filter:validation_API_v2]
    paste.filter_factory = designate.api.somewhere:Validation.factory

    [filter:sizelimit]
    paste.filter_factory = oslo_middleware:RequestBodySizeLimiter.factory

    [filter:osprofiler]
    paste.filter_factory = osprofiler.web:WsgiMiddleware.factory

    [filter:authtoken]
    paste.filter_factory = keystonemiddleware.auth_token:filter_factory

    [filter:keystonecontext]
    paste.filter_factory = designate.api.somewhere:Keystone.factory

    [filter:noauthcontext]
    paste.filter_factory = designate.api.somewhere:NoAuth.factory

    [filter:maintenance]
    paste.filter_factory = designate.api.somewhere:Maintenance.factory

    [filter:normalizeuri]
    paste.filter_factory = designate.api.somewhere:Normalize.factory

    [filter:site]
    paste.filter_factory = designate.api.of_the_site:Special.factory
"""


class FormerFileTest(site.TestCase):

    def use(self, text: str) -> None:
        path = self.directory() / 'api-paste.ini'
        path.write_text(textwrap.dedent(text))
        self.set('api_paste_config', str(path))

    def test_the_file_of_a_designate(self):
        self.use(FORMER)
        self.central.answers['zones.get'] = site.zone()
        with self.assertLogs('designate_like.api.paste', 'WARNING') as logged:
            response = self.request('GET', f'/v2/zones/{site.ZONE_ID}')
        self.assertEqual((200, 'example.com.'), (response.status_int, response.json['name']))
        self.assertRegex(logged.output[0], 'filter site .* designate.api.of_the_site:Special')
        self.assertEqual(1, len(logged.output))

    def test_all_of_its_applications(self):
        self.use(FORMER.replace(' site ', ' ').replace('[filter:site]', '[filter:unused]'))
        with self.assertLogs('designate_like.api.paste', 'WARNING'):
            self.assertEqual('v2', self.request('GET', '/').json['versions'][0]['id'])
        self.assertEqual('OK', self.request('GET', '/healthcheck').text)
        self.assertEqual(404, self.request('GET', '/admin/quotas/a').status_int)
        self.refused(400, 'invalid_uuid', self.request('GET', '/v2/zones/x'))

    def test_broken_files(self):
        for text, sentence in (
                ('[composite:main]\nuse = egg:Paste#urlmap\n/ = gone\n', "'gone'"),
                ('[app:a]\npaste.app_factory = x:y\n', r'\[composite:main\]'),
                ('no section\n', 'no section'),
                ('[composite:main]\nuse = egg:Paste#urlmap\n/v1 = v1\n'
                 '[app:v1]\npaste.app_factory = designate.api.v1:factory\n',
                 r'\[app:v1\]: there is no designate.api.v1:factory here')):
            with self.subTest(text):
                self.use(text)
                with self.assertRaisesRegex(errors.ConfigurationError,
                                            rf'api-paste\.ini: .*{sentence}'):
                    self.request('GET', '/')

    def test_a_strategy_without_a_pipeline(self):
        self.use(FORMER.replace('noauth = ', 'other = '))
        with self.assertLogs('designate_like.api.paste', 'WARNING'), \
                self.assertRaisesRegex(errors.ConfigurationError, "no pipeline 'noauth'"):
            self.request('GET', '/')
