# SPDX-License-Identifier: Apache-2.0
"""Asking Neutron: where it is, what it is asked, and what becomes of answers that are none."""
import socket
import threading
from typing import Any

from designate_like import conf
from designate_like import errors
from designate_like.central import network
from tests import base
from tests.functional import neutron
from tests.functional.central import fixture

ID = '00000000-0000-4000-8000-00000000000{}'


class TestCase(base.TestCase):
    """Two regions, and a member of project alpha."""

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.north, self.south = self.region(), self.region()
        self.ctx = fixture.user('alpha', auth_token='secret')
        self.north.lend(ID.format(1), 'alpha', '203.0.113.1')
        self.north.lend(ID.format(2), 'beta', '203.0.113.2')
        self.south.lend(ID.format(3), 'alpha', '2001:db8::3')

    def region(self, page: int = 1000) -> neutron.Neutron:
        """Start a Neutron."""
        server = neutron.Neutron(page)
        server.start()
        self.addCleanup(server.stop)
        return server

    def network(self, **options: Any) -> network.Network:
        """What central has, with these options."""
        if 'endpoints' not in options:
            options['endpoints'] = [f'north|{self.north.url}', f'south|{self.south.url}']
        for name, value in options.items():
            conf.CONF.set_override(name, value, 'network_api:neutron')
        return network.from_conf(conf.CONF)

    def found(self, *args: str, **options: Any) -> dict[str, str]:
        """Ids and addresses of the floating IPs that are found."""
        return {each.id: each.address
                for each in self.network(**options).floatingips(self.ctx, *args)}


class AskTest(TestCase):

    def test_all_regions(self):
        self.assertEqual({f'north:{ID.format(1)}': '203.0.113.1',
                          f'south:{ID.format(3)}': '2001:db8::3'}, self.found())
        path, query, token = self.north.asked[0]
        self.assertEqual(('/v2.0/floatingips', ['alpha'], 'secret'),
                         (path, query['project_id'], token))

    def test_regions_are_asked_at_the_same_time(self):
        both = threading.Barrier(2, timeout=10)
        for server in self.north, self.south:
            server.answer = lambda handler: (both.wait(), handler.reply(200, '{"floatingips": []}'))
        self.assertEqual({}, self.found())

    def test_one_floating_ip(self):
        self.assertEqual({f'north:{ID.format(1)}': '203.0.113.1'},
                         self.found('north', ID.format(1)))
        self.assertEqual([ID.format(1)], self.north.asked[0][1]['id'])
        self.assertEqual([], self.south.asked)

    def test_what_others_have_does_not_count(self):
        self.assertEqual({}, self.found('north', ID.format(2)))

    def test_pages(self):
        server = self.region(page=2)
        for number in range(5):
            server.lend(ID.format(number), 'alpha', f'203.0.113.{number}')
        self.assertEqual(5, len(self.found(endpoints=[f'east|{server.url}'])))
        self.assertEqual([None, ID.format(1), ID.format(3)],
                         [query.get('marker', [None])[0] for _, query, _ in server.asked])

    def test_without_a_token(self):
        self.ctx.auth_token = None
        self.assertEqual(2, len(self.found()))
        self.assertIsNone(self.north.asked[0][2])


class WhereTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.ctx.service_catalog = [
            {'type': 'identity', 'endpoints': [{'region': 'north', 'publicURL': 'http://none/'}]},
            {'type': 'network', 'endpoints': [
                {'region': 'north', 'publicURL': f'{self.north.url}/', 'internalURL': 'none'},
                {'region': 'south', 'internalURL': f'{self.south.url}/v2.0'}]}]

    def test_the_catalog(self):
        self.assertEqual({f'north:{ID.format(1)}'}, set(self.found(endpoints=[])))
        self.assertEqual('/v2.0/floatingips', self.north.asked[0][0])

    def test_another_interface(self):
        self.assertEqual({f'south:{ID.format(3)}'}, set(self.found(
            'south', endpoints=[], endpoint_type='internalURL')))
        self.assertEqual('/v2.0/floatingips', self.south.asked[0][0])

    def test_options_come_first(self):
        self.assertEqual({f'east:{ID.format(3)}'},
                         set(self.found(endpoints=[f'east|{self.south.url}'])))

    def test_nowhere(self):
        for args, options in ((), {'endpoints': [], 'endpoint_type': 'adminURL'}), (('west',), {}):
            with self.subTest(args=args), self.assertRaises(errors.NoEndpoint):
                self.found(*args, **options)
        self.ctx.service_catalog = []
        with self.assertRaises(errors.NoEndpoint):
            self.found(endpoints=[])

    def test_an_endpoint_that_is_none(self):
        for text in 'north', '|http://n', 'north|', 'north|host:9696':
            with self.subTest(text), self.assertRaises(errors.ConfigurationError) as caught:
                self.network(endpoints=[text])
            self.assertIn(f"'{text}'", caught.exception.message)


class FailureTest(TestCase):

    def failing(self, **options: Any) -> None:
        """Expect that the caller is told, and the log tells where."""
        with self.assertLogs('designate_like.central.network', 'WARNING') as log, \
                self.assertRaises(errors.NeutronCommunicationFailure):
            self.found(**options)
        self.assertIn(' south ', log.output[0])

    def test_answers_that_are_none(self):
        for code, text in ((500, '{}'), (401, '{}'), (404, '{}'), (200, 'no JSON'), (200, '[]'),
                           (200, '{}'), (200, '{"floatingips": [{"id": "x"}]}'),
                           (200, '{"floatingips": [], "floatingips_links": [{"rel": "next"}]}')):
            self.south.answer = lambda handler, code=code, text=text: handler.reply(code, text)
            with self.subTest(code=code, text=text):
                self.failing()

    def test_nobody_there(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
        self.failing(endpoints=[f'north|{self.north.url}', f'south|http://127.0.0.1:{port}'])

    def test_nobody_answers(self):
        with socket.create_server(('127.0.0.1', 0)) as silent:
            self.failing(endpoints=[f'south|http://127.0.0.1:{silent.getsockname()[1]}'],
                         timeout=1)
