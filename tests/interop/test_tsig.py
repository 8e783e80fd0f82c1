# SPDX-License-Identifier: Apache-2.0
"""Pools whose servers must sign what they ask of mdns, on each kind of DNS server."""
import base64
from typing import ClassVar

from tests import base
from tests.interop import bind
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import server
from tests.interop import standalone

ZONE, NAME, OTHER = 'example.org.', 'www.example.org.', 'other.example.'
KEY = 'transfers.'
SETTINGS = standalone.NO_LIMITS + '''
[service:mdns]
query_enforce_tsig = true
[service:worker]
poll_timeout = 2
[producer_task:sweep]
interval = 0.5
'''
RIGHT, WRONG, NEW = (base64.b64encode(each * 32).decode() for each in (b'r', b'w', b'n'))


class Case(standalone.Mixin, base.TestCase):

    def serve(self, kind: type[server.Server], secret: str) -> None:
        """Start a server that signs with a secret, and the service that has it as its pool."""
        self.it = self.run_server(kind)
        self.it.sign(KEY, secret)
        self.service = self.standalone(self.it, SETTINGS)
        self.api = self.client(self.service)

    def key(self, scope: str, resource_id: str) -> str:
        """Make the key, with the right secret; returns its path."""
        made = self.api('POST', '/v2/tsigkeys', {
            'name': KEY, 'algorithm': 'hmac-sha256', 'secret': RIGHT, 'scope': scope,
            'resource_id': resource_id})
        return f"/v2/tsigkeys/{made['id']}"

    def create(self, name: str) -> str:
        """Create a zone and do not wait; returns its id."""
        return self.api('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})['id']

    def refused(self, zone_id: str, problem: str, state: str) -> None:
        """Wait until mdns has a problem with a key, and the API tells that the zone is not there.

        :param state: what the API is to say of the name server.
        """
        seen = len(self.service.log())
        base.wait(lambda: problem in self.service.log()[seen:], timeout=20)
        base.wait(lambda: self.api('GET', f'/v2/zones/{zone_id}/propagation')
                  ['nameservers'][0]['state'] == state)
        self.assertNotEqual('ACTIVE', self.api('GET', f'/v2/zones/{zone_id}')['status'])


class OneServer:
    """What every kind of server does."""

    KIND: ClassVar[type[server.Server]]

    def test_a_key_of_the_pool(self):
        self.serve(self.KIND, WRONG)
        path = self.key('POOL', standalone.POOL_ID)
        zone_id = self.create(ZONE)
        self.refused(zone_id, f'the signature of {KEY} is wrong', 'MISSING')
        self.assertIsNone(self.it.serial(ZONE))
        self.it.sign(KEY, RIGHT)
        self.api.active(f'/v2/zones/{zone_id}')
        since = len(self.it.log())
        self.api.record(zone_id, NAME, '192.0.2.1')
        self.api.active(f'/v2/zones/{zone_id}')
        self.assertEqual(['192.0.2.1'], self.it.answers(NAME, 'A'))
        base.wait(lambda: self.it.has_taken_ixfr(ZONE, since))
        # The secret changes, here before there.
        self.api('PATCH', path, {'secret': NEW})
        self.api.record(zone_id, f'new.{ZONE}', '192.0.2.2')
        self.refused(zone_id, f'the signature of {KEY} is wrong', 'BEHIND')
        self.assertEqual(['192.0.2.1'], self.it.answers(NAME, 'A'))
        self.it.sign(KEY, NEW)
        self.api.active(f'/v2/zones/{zone_id}')
        self.assertEqual(['192.0.2.2'], self.it.answers(f'new.{ZONE}', 'A'))

    def test_a_key_of_one_zone(self):
        self.serve(self.KIND, RIGHT)
        zone_id, other = self.create(ZONE), self.create(OTHER)
        self.refused(zone_id, f'there is no key {KEY}', 'MISSING')
        self.key('ZONE', zone_id)
        self.api.active(f'/v2/zones/{zone_id}')
        self.assertIsNotNone(self.it.serial(ZONE))
        self.assertIsNone(self.it.serial(OTHER))
        self.assertNotEqual('ACTIVE', self.api('GET', f'/v2/zones/{other}')['status'])


class BindTest(OneServer, Case):
    KIND = bind.Bind


class KnotTest(OneServer, Case):
    KIND = knot.Knot


class NsdTest(OneServer, Case):
    KIND = nsd.Nsd


class PdnsTest(OneServer, Case):
    KIND = pdns.Pdns
