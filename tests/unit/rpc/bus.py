# SPDX-License-Identifier: Apache-2.0
"""A message bus of its own for each test."""
import uuid
from typing import Any

from designate_like import conf
from designate_like import rpc
from tests import base


class TestCase(base.TestCase):
    """Has ``transport()``, all of which meet on a bus that no other test uses."""

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project='designate_like', default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        rpc.set_transport_url(conf.CONF, f'inproc:///{uuid.uuid4()}')
        self.addCleanup(conf.CONF.clear_override, 'transport_url')

    def transport(self) -> Any:
        transport = rpc.get_transport(conf.CONF)
        self.addCleanup(transport.cleanup)
        return transport

    def serve(self, *endpoints: Any, host: str = 'one', threads: int = 4) -> rpc.Server:
        server = rpc.Server(self.transport(), 'central', host, endpoints, threads)
        server.start()
        self.addCleanup(server.stop)
        return server

    def client(self, timeout: float | None = 5) -> rpc.Client:
        return rpc.Client(self.transport(), 'central', timeout)
