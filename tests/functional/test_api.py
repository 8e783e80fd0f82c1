# SPDX-License-Identifier: Apache-2.0
"""The API as a server: its ports, the requests in flight when it stops, how soon it is gone."""
import http.client
import json
import threading
import time
import uuid
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import rpc
from designate_like.api import service
from tests import base


class Limits:
    """An endpoint of central that answers when it is told to."""
    namespace = 'limits'

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.answer = threading.Event()
        self.answer.set()

    def get(self, ctx: context.RequestContext) -> dict[str, int]:
        self.asked.set()
        self.answer.wait(5)
        return {'max_zones': 10}


class ServerTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project='designate_like', default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        rpc.set_transport_url(conf.CONF, f'inproc:///{uuid.uuid4()}')
        conf.CONF.set_override('emitter_type', 'noop', 'heartbeat_emitter')
        conf.CONF.set_override('auth_strategy', 'noauth', 'service:api')
        self.limits = Limits()
        transport = rpc.get_transport(conf.CONF)
        self.addCleanup(transport.cleanup)
        central = rpc.Server(transport, 'central', 'here', [self.limits], threads=4)
        central.start()
        self.addCleanup(central.stop)
        self.addCleanup(self.limits.answer.set)

    def api(self, *listen: str) -> service.Api:
        conf.CONF.set_override('listen', list(listen) or ['127.0.0.1:0'], 'service:api')
        role = service.Api(conf.CONF)
        self.addCleanup(role.stop)
        return role

    def connect(self, address: str) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(address, timeout=10)
        self.addCleanup(connection.close)
        return connection

    def get(self, address: str, **kwargs: Any) -> http.client.HTTPResponse:
        connection = self.connect(address)
        connection.request('GET', '/v2/limits', **kwargs)
        return connection.getresponse()

    def test_a_port_that_is_taken(self) -> None:
        address = self.api().addresses[0]
        with self.assertRaises(OSError) as caught:
            self.api(address)
        self.assertIn(address.rpartition(':')[2], str(caught.exception))

    def test_several_ports(self) -> None:
        role = self.api('127.0.0.1:0', '127.0.0.1:0')
        role.start()
        for address in role.addresses:
            response = self.get(address)
            self.assertEqual(200, response.status)
            self.assertIsNone(response.getheader('Server'))

    def test_clients_wait_for_the_start(self) -> None:
        role = self.api()
        connection = self.connect(role.addresses[0])
        connection.request('GET', '/v2/limits')
        role.start()
        self.assertEqual(200, connection.getresponse().status)

    def test_a_connection_serves_many_requests(self) -> None:
        role = self.api()
        role.start()
        connection = self.connect(role.addresses[0])
        connection.connect()
        socket = connection.sock
        for _ in range(3):
            connection.request('GET', '/v2/limits')
            response = connection.getresponse()
            self.assertEqual((200, 1000), (response.status,
                                           json.loads(response.read())['max_page_limit']))
        self.assertIs(socket, connection.sock)

    def test_stopping_finishes_what_was_begun(self) -> None:
        role = self.api()
        role.start()
        self.limits.answer.clear()
        connections = [self.connect(role.addresses[0]) for _ in range(3)]
        for connection in connections:
            connection.connect()
        connections[0].request('GET', '/v2/limits')
        self.assertTrue(self.limits.asked.wait(5))
        stopping = threading.Thread(target=role.stop)
        stopping.start()
        # Longer than stopping takes while nobody waits.
        stopping.join(service.LINGER + service.GRACE + 0.1)
        connections[1].request('GET', '/v2/limits')     # It was connected before.
        self.limits.answer.set()
        self.assertEqual(200, connections[0].getresponse().status)
        response = connections[1].getresponse()
        self.assertEqual((200, 'close'), (response.status, response.getheader('Connection')))
        stopping.join(5)
        self.assertFalse(stopping.is_alive())

    def test_stopping_does_not_wait_for_ever(self) -> None:
        role = self.api()
        role.start()
        self.limits.answer.clear()
        connection = self.connect(role.addresses[0])
        connection.request('GET', '/v2/limits')
        self.assertTrue(self.limits.asked.wait(5))
        conf.CONF.set_override('rpc_response_timeout', 1)
        begun = time.monotonic()
        with self.assertLogs('waitress', 'WARNING'):
            role.stop()
        self.assertLess(time.monotonic() - begun, 4)

    def test_an_idle_connection_does_not_hold_it_up(self) -> None:
        role = self.api()
        role.start()
        address = role.addresses[0]
        connection = self.connect(address)
        connection.request('GET', '/v2/limits')
        connection.getresponse().read()
        begun = time.monotonic()
        role.stop()
        self.assertLess(time.monotonic() - begun, 2)
        with self.assertRaises(ConnectionRefusedError):
            self.connect(address).connect()
