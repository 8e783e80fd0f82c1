# SPDX-License-Identifier: Apache-2.0
"""Calls over a real broker while those who answer them come and go."""
import concurrent.futures
import threading

from designate_like import conf
from designate_like import context
from designate_like import rpc
from tests import base
from tests.interop import rabbitmq

CTX = context.RequestContext(user_id='u', project_id='p', overwrite=False)


class Zones:
    """An endpoint."""
    namespace = 'zones'

    def echo(self, ctx: context.RequestContext, number: int) -> int:
        return number


class BusTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project='designate_like', default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        rpc.set_transport_url(conf.CONF, rabbitmq.shared().url())
        self.addCleanup(conf.CONF.clear_override, 'transport_url')

    def server(self, host: str) -> rpc.Server:
        transport = rpc.get_transport(conf.CONF)
        self.addCleanup(transport.cleanup)
        server = rpc.Server(transport, 'central', host, [Zones()], threads=4)
        server.start()
        return server

    def test_a_server_that_stops_answers_what_it_took(self) -> None:
        stays = self.server('one')
        self.addCleanup(stays.stop)
        transport = rpc.get_transport(conf.CONF)
        self.addCleanup(transport.cleanup)
        client = rpc.Client(transport, 'central', timeout=10)
        self.assertEqual(0, client.zones.echo(CTX, number=0))
        enough = threading.Event()

        def ask(first: int) -> int:
            number = first
            while not enough.is_set():
                self.assertEqual(number, client.zones.echo(CTX, number=number))
                number += 1
            return number - first
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            asking = [pool.submit(ask, 1000 * each) for each in range(6)]
            for _ in range(10):
                self.server('two').stop()
            enough.set()
            self.assertTrue(all(each.result() for each in asking))
