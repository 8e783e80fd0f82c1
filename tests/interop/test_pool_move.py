# SPDX-License-Identifier: Apache-2.0
"""Zones that move between two pools of real BIND servers, also when something dies meanwhile."""
import base64
import secrets

import yaml

from tests import base
from tests.interop import bind
from tests.interop import standalone
from tests.interop import test_bind

SECOND = '22222222-2222-4222-8222-222222222222'
NAME = 'moved.example.'
KEY = '''
key "second" {{ algorithm hmac-sha256; secret "{secret}"; }};
server 127.0.0.1 {{ keys {{ "second"; }}; }};
'''


class PoolMoveTest(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        secret = base64.b64encode(secrets.token_bytes(32)).decode()
        self.old, self.new = self.bind(), self.bind(KEY.format(secret=secret))
        self.service = standalone.Standalone(self.directory(), self.old, test_bind.IMPATIENT)
        self.addCleanup(self.service.kill)
        self.configure(SECOND, self.new)
        self.start()
        self.api('POST', '/v2/tsigkeys', {
            'name': 'second', 'algorithm': 'hmac-sha256', 'secret': secret, 'scope': 'POOL',
            'resource_id': SECOND})
        self.zone_id = self.api.zone(NAME)
        self.api.record(self.zone_id, f'www.{NAME}', '192.0.2.1')
        self.api.active(f'/v2/zones/{self.zone_id}')

    def start(self) -> None:
        self.service.start()
        self.api = self.client(self.service)

    def configure(self, second_id: str, *servers: bind.Bind) -> None:
        """Add a pool of these servers to the file of pools."""
        path = self.service.state / 'pools.yaml'
        path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text())[:1] + [{
            'id': second_id, 'name': 'second',
            'ns_records': [{'hostname': 'ns9.example.net.', 'priority': 1}],
            'nameservers': [{'host': '127.0.0.1', 'port': each.port} for each in servers],
            'targets': [each.target(self.service.dns_port) for each in servers]}]))

    def move(self, pool_id: str) -> None:
        self.assertEqual('', self.api('POST', f'/v2/zones/{self.zone_id}/tasks/pool_move',
                                      {'pool_id': pool_id}))

    def assert_at(self, there: bind.Bind, gone: bind.Bind) -> None:
        """Wait until the zone is at one server, whole, and at the other no more."""
        self.api.active(f'/v2/zones/{self.zone_id}')
        self.assertEqual(['192.0.2.1'], there.answers(f'www.{NAME}', 'A'))
        base.wait(lambda: gone.refuses(NAME), 20)

    def test_there_and_back(self) -> None:
        self.move(SECOND)
        self.assert_at(self.new, gone=self.old)
        self.assertEqual(['ns9.example.net.'], self.new.answers(NAME, 'NS'))
        self.move(standalone.POOL_ID)
        self.assert_at(self.old, gone=self.new)
        self.assertEqual(['ns1.example.net.'], self.old.answers(NAME, 'NS'))

    def test_the_old_server_answers_until_the_new_one_does(self) -> None:
        self.new.stop()
        self.move(SECOND)
        base.wait(lambda: 'No server could be told' in self.service.log(), 20)
        self.assertEqual(['192.0.2.1'], self.old.answers(f'www.{NAME}', 'A'))
        self.new.start()
        self.assert_at(self.new, gone=self.old)

    def test_the_service_dies_in_between(self) -> None:
        self.old.stop()
        self.move(SECOND)
        self.api.active(f'/v2/zones/{self.zone_id}')
        self.service.kill()
        self.old.start()
        self.assertFalse(self.old.refuses(NAME))
        self.start()
        self.assert_at(self.new, gone=self.old)

    def test_the_service_dies_at_once(self) -> None:
        self.move(SECOND)
        self.service.kill()
        self.start()
        self.assert_at(self.new, gone=self.old)

    def test_an_abandoned_zone_stays_at_its_server(self) -> None:
        self.api('POST', f'/v2/zones/{self.zone_id}/tasks/abandon')
        self.api.gone(f'/v2/zones/{self.zone_id}')
        again = self.api.zone('next.example.')
        self.api('DELETE', f'/v2/zones/{again}')
        base.wait(lambda: self.old.refuses('next.example.'), 20)
        self.assertEqual(['192.0.2.1'], self.old.answers(f'www.{NAME}', 'A'))
