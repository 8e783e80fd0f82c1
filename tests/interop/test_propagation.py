# SPDX-License-Identifier: Apache-2.0
"""How far zones have come at each of several BINDs: with TSIG keys, and with one that is dead.

What is kept of it, in MariaDB.
"""
import base64
import time
import unittest.mock
from typing import Any

import yaml

from designate_like import store
from designate_like.store import migrations
from tests import base
from tests.functional.central import fixture
from tests.functional.central import test_propagation
from tests.interop import mariadb
from tests.interop import standalone

ZONE = 'example.org.'
SETTINGS = standalone.NO_LIMITS + '''
[service:worker]
poll_timeout = 5
threshold_percentage = 60
[producer_task:sweep]
interval = 0.5
[producer_task:verify]
interval = 2
'''
RIGHT, WRONG = (base64.b64encode(each * 32).decode() for each in (b'r', b'w'))


class Case(standalone.Mixin, base.TestCase):

    def shown(self, zone_id: str) -> list[dict[str, Any]]:
        """What the API tells of each name server."""
        return self.api('GET', f'/v2/zones/{zone_id}/propagation')['nameservers']

    def states(self, zone_id: str, *wanted: str, timeout: float = 20) -> None:
        """Wait until the name servers are in those states."""
        base.wait(lambda: tuple(each['state'] for each in self.shown(zone_id)) == wanted, timeout)


class TsigTest(Case):

    def setUp(self) -> None:
        super().setUp()
        self.servers = [self.bind(
            f'key "ours" {{ algorithm hmac-sha256; secret "{RIGHT}"; }};',
            options='allow-query { key ours; }; allow-notify { key ours; };') for _ in range(2)]
        self.service = standalone.Standalone(self.directory(), self.servers, SETTINGS)
        self.addCleanup(self.service.kill)
        self.service.start()
        self.api = self.client(self.service)
        self.keys = [self.key(name, secret) for name, secret in (('ours', RIGHT),
                                                                 ('ours.wrong', WRONG))]
        self.service.stop()

    def key(self, name: str, secret: str) -> str:
        """Make a key; returns its id."""
        return self.api('POST', '/v2/tsigkeys', {
            'name': name, 'algorithm': 'hmac-sha256', 'secret': secret, 'scope': 'POOL',
            'resource_id': standalone.POOL_ID})['id']

    def serve(self, *keys: str) -> None:
        """Start the service, with those keys for its servers."""
        path = self.service.state / 'pools.yaml'
        pool, = yaml.safe_load(path.read_text())
        for place in (pool['targets'], pool['nameservers']):
            for each, key in zip(place, keys):
                each['tsigkey_id'] = key
        path.write_text(yaml.safe_dump([pool]))
        self.service.start()
        self.api = self.client(self.service)

    def test_keys_right_and_wrong_and_changed_and_gone(self):
        right, wrong = self.keys
        self.serve(right, wrong)
        created = self.api('POST', '/v2/zones', {'name': ZONE, 'email': 'me@example.org'})
        path = f"/v2/zones/{created['id']}"
        self.states(created['id'], 'CURRENT', 'SILENT')
        self.assertIn("didn't know the key", self.shown(created['id'])[1]['error'])
        self.assertEqual('PENDING', self.api('GET', path)['status'])
        self.assertRegex(self.servers[0].log(), "received notify for zone 'example.org': TSIG "
                                                "'ours'")
        # The keys change: now it is the second that is right.
        self.api('PATCH', f'/v2/tsigkeys/{right}', {'name': 'ours.first'})
        self.api('PATCH', f'/v2/tsigkeys/{wrong}', {'name': 'ours', 'secret': RIGHT})
        self.states(created['id'], 'SILENT', 'CURRENT')
        # It has the right name, but another secret.
        self.api('PATCH', f'/v2/tsigkeys/{wrong}', {'name': 'ours.second'})
        self.api('PATCH', f'/v2/tsigkeys/{right}', {'name': 'ours', 'secret': WRONG})
        self.states(created['id'], 'SILENT', 'SILENT')
        base.wait(lambda: 'signature' in self.shown(created['id'])[0]['error'], 20)
        self.api('DELETE', f'/v2/tsigkeys/{right}')
        missing = f'there is no TSIG key {right}'
        base.wait(lambda: self.shown(created['id'])[0]['error'] == missing, 20)
        self.api('PATCH', f'/v2/tsigkeys/{wrong}', {'name': 'ours'})
        self.states(created['id'], 'SILENT', 'CURRENT')


class DeadServerTest(Case):

    def test_one_dead_of_three_makes_no_error_and_delays_nobody(self):
        servers = [self.bind() for _ in range(3)]
        self.service = self.standalone(servers, SETTINGS)
        self.api = self.client(self.service)
        zone_id = self.api.zone(ZONE)
        self.states(zone_id, 'CURRENT', 'CURRENT', 'CURRENT')
        servers[2].kill()
        for number in range(20):
            name = f'r{number}.{ZONE}'
            started = time.monotonic()
            self.api.record(zone_id, name, '192.0.2.1')
            for each in servers[:2]:
                base.wait(lambda: each.answers(name, 'A'), 5, pause=0.01)
            self.api.active(f'/v2/zones/{zone_id}')
            # A time-out of a single request to the dead one takes longer.
            self.assertLess(time.monotonic() - started, 1.4)
        self.states(zone_id, 'CURRENT', 'CURRENT', 'SILENT')
        # Whole attempts go by with the server dead, with it and the zone.
        seen = set()
        deadline = time.monotonic() + 7
        base.wait(lambda: seen.add(self.api('GET', f'/v2/zones/{zone_id}')['status'])
                  or time.monotonic() > deadline, 10, pause=0.1)
        self.assertEqual({'ACTIVE'}, seen)
        new = self.api.zone('new.example.net.')
        self.states(new, 'CURRENT', 'CURRENT', 'SILENT')
        dead = self.shown(new)[2]
        self.assertEqual((None, None), (dead['serial'], dead['seen_at']))
        self.assertIn('refused', dead['error'].lower())
        servers[2].start()
        for each in (zone_id, new):
            self.states(each, 'CURRENT', 'CURRENT', 'CURRENT', timeout=30)
            self.assertEqual([(0, None)] * 3, [(shown['lag'], shown['error'])
                                               for shown in self.shown(each)])


def _database(test: base.TestCase) -> store.Store:
    """A migrated database of the test's own."""
    made = store.Store(mariadb.shared().url())
    test.addCleanup(made.dispose)
    migrations.upgrade(made)
    return made


class MariadbTest(test_propagation.ReportsTest):
    """Its statements are not those of SQLite."""

    def setUp(self) -> None:
        self.enterContext(unittest.mock.patch.object(fixture, 'database', _database))
        super().setUp()
