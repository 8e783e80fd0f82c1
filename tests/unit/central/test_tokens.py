# SPDX-License-Identifier: Apache-2.0
"""The caller's token, and where its catalog leads."""
from keystoneauth1 import exceptions
from keystoneauth1 import session

from designate_like import context
from designate_like.central import tokens
from tests import base

CATALOG = [{'type': 'network', 'name': 'neutron', 'endpoints': [
    {'region': region, 'publicURL': f'http://{region}.example.net:9696',
     'internalURL': f'http://10.0.0.{index}:9696'} for index, region in enumerate('ab')]}]


class TokenTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.session = session.Session()
        self.plugin = tokens.plugin_of(context.RequestContext(
            overwrite=False, project_id='p', auth_token='secret', service_catalog=CATALOG))

    def endpoint(self, **asked: str) -> str | None:
        """Where a service is, without asking there."""
        return self.plugin.get_endpoint(self.session, skip_discovery=True, **asked)

    def test_the_token_goes_along(self):
        self.assertEqual({'X-Auth-Token': 'secret'}, self.plugin.get_headers(self.session))

    def test_endpoints(self):
        self.assertEqual('http://b.example.net:9696',
                         self.endpoint(service_type='network', region_name='b'))
        self.assertEqual('http://10.0.0.0:9696', self.endpoint(
            service_type='network', region_name='a', interface='internal'))

    def test_what_is_in_no_catalog(self):
        for asked in ({'service_type': 'identity'},
                      {'service_type': 'network', 'region_name': 'c'}):
            with self.assertRaises(exceptions.EndpointNotFound):
                self.endpoint(**asked)

    def test_without_a_token(self):
        self.assertIsNone(tokens.plugin_of(context.admin()))
