# SPDX-License-Identifier: Apache-2.0
"""A pool whose servers, BIND and Knot, learn from a catalog zone what to carry (RFC 9432)."""
import base64
import time

import yaml

from tests import base
from tests.interop import bind
from tests.interop import knot
from tests.interop import server
from tests.interop import standalone

CATALOG = 'catalog.invalid.'
ZONE = 'example.org.'
SECOND, SECOND_CATALOG = '22222222-2222-4222-8222-222222222222', 'second.invalid.'
SECRETS = {name: base64.b64encode(name.encode() * 2).decode()
           for name in (CATALOG, 'pool-key.', SECOND_CATALOG, 'second-key.')}

# Nothing leaves without a key: the catalog goes by its own, the members by the pool's.
SETTINGS = standalone.NO_LIMITS + '''
[service:mdns]
query_enforce_tsig = true
[service:worker]
poll_timeout = 10
[producer_task:sweep]
interval = 0.5
[producer_task:verify]
interval = 2
'''

MANY = 200


class Bind(bind.Bind):
    """A named that consumes a catalog."""
    catalog, pool_key = CATALOG, 'pool-key.'

    def consume(self, port: int) -> None:
        """Configure it, before it starts, for a hidden primary at that port."""
        path = self.directory / 'named.conf'
        self._before = path.read_text()
        keys = ''.join(f'key "{name}" {{ algorithm hmac-sha256; secret "{secret}"; }};\n'
                       for name, secret in SECRETS.items())
        path.write_text(self._before.replace('    allow-new-zones yes;\n', f'''
    allow-new-zones yes;
    catalog-zones {{
        zone "{self.catalog}"
            default-primaries {{ 127.0.0.1 port {port} key "{self.pool_key}"; }}
            in-memory no min-update-interval 0;
    }};
''') + keys + f'''
zone "{self.catalog}" {{
    type secondary;
    file "catalog";
    primaries {{ 127.0.0.1 port {port} key "{self.catalog}"; }};
    allow-query {{ none; }};
}};
''')

    def forget_catalog(self) -> None:
        """Consume the catalog no more."""
        (self.directory / 'named.conf').write_text(self._before)
        self.rndc('reconfig').check_returncode()


class Knot(knot.Knot):
    """A knotd that consumes a catalog."""
    catalog, pool_key = CATALOG, 'pool-key.'

    def consume(self, port: int) -> None:
        """Configure it, before it starts, for a hidden primary at that port."""
        keys = ''.join(f'  - id: {name}\n    algorithm: hmac-sha256\n    secret: {secret}\n'
                       for name, secret in SECRETS.items())
        self.configure(f'''
key:
{keys}
remote:
  - id: catalog
    address: 127.0.0.1@{port}
    key: {self.catalog}
  - id: members
    address: 127.0.0.1@{port}
    key: {self.pool_key}
''', f'''
  - id: member
    storage: {self.directory}/zones
    zonefile-sync: -1
    zonefile-load: none
    journal-content: all
    refresh-max-interval: 10
    retry-max-interval: 2
    master: members
    acl: worker
zone:
  - domain: {self.catalog}
    master: catalog
    acl: worker
    catalog-role: interpret
    catalog-template: member
''')

    def forget_catalog(self) -> None:
        """Consume the catalog no more."""
        for command in (['conf-begin'], ['conf-unset', f'zone[{self.catalog}]'], ['conf-commit'],
                        ['zone-purge', '-f', self.catalog, '+orphan']):
            self.knotc(*command).check_returncode()


def described(name: str) -> dict[str, object]:
    """What pools.yaml says of a catalog."""
    return {'catalog_zone_fqdn': name, 'catalog_zone_refresh': 60,
            'catalog_zone_tsig_key': SECRETS[name], 'catalog_zone_tsig_algorithm': 'hmac-sha256'}


class MoveTest(standalone.Mixin, base.TestCase):
    """A zone that moves between two pools with a catalog each."""

    def setUp(self) -> None:
        super().setUp()
        self.first, self.second = Bind(self.directory()), Knot(self.directory())
        self.second.catalog, self.second.pool_key = SECOND_CATALOG, 'second-key.'
        self.service = standalone.Standalone(self.directory(), self.first, SETTINGS)
        self.addCleanup(self.service.kill)
        path = self.service.state / 'pools.yaml'
        pool, = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump([
            {**pool, 'catalog_zone': described(CATALOG)},
            {'id': SECOND, 'name': 'second', 'catalog_zone': described(SECOND_CATALOG),
             'ns_records': [{'hostname': 'ns9.example.net.', 'priority': 1}],
             'nameservers': [{'host': '127.0.0.1', 'port': self.second.port}],
             'targets': [self.second.target(self.service.dns_port)]}]))
        self.service.start()
        self.api = self.client(self.service)
        for each, pool_id in ((self.first, standalone.POOL_ID), (self.second, SECOND)):
            self.api('POST', '/v2/tsigkeys', {
                'name': each.pool_key, 'algorithm': 'hmac-sha256',
                'secret': SECRETS[each.pool_key], 'scope': 'POOL', 'resource_id': pool_id})
            each.consume(self.service.dns_port)
            self.addCleanup(each.kill)
            each.start()

    def test_there_and_back(self) -> None:
        zone_id = self.api.zone(ZONE)
        self.api.record(zone_id, f'www.{ZONE}', '192.0.2.1')
        self.assert_at(zone_id, self.first, gone=self.second)
        for pool_id, there, gone in ((SECOND, self.second, self.first),
                                     (standalone.POOL_ID, self.first, self.second)):
            self.api('POST', f'/v2/zones/{zone_id}/tasks/pool_move', {'pool_id': pool_id})
            self.assert_at(zone_id, there, gone)

    def assert_at(self, zone_id: str, there: server.Server, gone: server.Server) -> None:
        """Wait until the zone is at one server, whole, and at the other no more."""
        self.api.active(f'/v2/zones/{zone_id}', timeout=30)
        self.assertEqual(['192.0.2.1'], there.answers(f'www.{ZONE}', 'A'))
        base.wait(lambda: gone.refuses(ZONE), 30)


class CatalogTest(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.servers = [Bind(self.directory()), Knot(self.directory())]
        self.service = standalone.Standalone(self.directory(), self.servers, SETTINGS)
        self.addCleanup(self.service.kill)
        self.pool = self.service.state / 'pools.yaml'
        self.catalog(described(CATALOG))
        self.service.start()
        self.api = self.client(self.service)
        self.api('POST', '/v2/tsigkeys', {
            'name': 'pool-key.', 'algorithm': 'hmac-sha256', 'secret': SECRETS['pool-key.'],
            'scope': 'POOL', 'resource_id': standalone.POOL_ID})
        for each in self.servers:
            each.consume(self.service.dns_port)
            self.addCleanup(each.kill)
            each.start()

    def catalog(self, settings: dict | None) -> None:
        """Write what pools.yaml says of the catalog."""
        pool, = yaml.safe_load(self.pool.read_text())
        pool.pop('catalog_zone', None)
        self.pool.write_text(yaml.safe_dump([
            {**pool, **({'catalog_zone': settings} if settings else {})}]))

    def gone(self, zone_id: str, name: str) -> None:
        """Wait until a zone is gone, here and there."""
        self.api.gone(f'/v2/zones/{zone_id}', timeout=60)
        for each in self.servers:
            self.assertTrue(each.refuses(name), each)

    def test_the_life_of_a_zone(self):
        zone_id = self.api.zone(ZONE)
        for last in range(1, 4):
            recordset_id = self.api.record(zone_id, f'r{last}.{ZONE}', f'192.0.2.{last}')
            self.api.active(f'/v2/zones/{zone_id}/recordsets/{recordset_id}')
            for each in self.servers:
                self.assertEqual([f'192.0.2.{last}'], each.answers(f'r{last}.{ZONE}', 'A'))
        other = self.api.zone('other.example.')
        self.api('DELETE', f'/v2/zones/{zone_id}')
        self.gone(zone_id, ZONE)
        # A zone of the same name has nothing of the first.
        self.api.zone(ZONE)
        for each in self.servers:
            self.assertEqual([], each.answers(f'r1.{ZONE}', 'A'))
            self.assertIsNotNone(each.serial('other.example.'))
        self.api('DELETE', f'/v2/zones/{other}')
        self.gone(other, 'other.example.')

    def test_servers_that_are_killed_and_started_catch_up(self):
        kept, gone = self.api.zone(ZONE), self.api.zone('gone.example.')
        for each in self.servers:
            each.kill()
        new = self.api('POST', '/v2/zones', {'name': 'new.example.', 'email': 'me@example.org'})
        self.api('DELETE', f'/v2/zones/{gone}')
        self.api.record(kept, f'www.{ZONE}', '192.0.2.1')
        for each in self.servers:
            each.start()
        for zone_id in (kept, new['id']):
            self.api.active(f'/v2/zones/{zone_id}')
        self.gone(gone, 'gone.example.')
        for each in self.servers:
            self.assertEqual(['192.0.2.1'], each.answers(f'www.{ZONE}', 'A'))
            self.assertIsNotNone(each.serial('new.example.'))

    def test_a_zone_that_is_removed_behind_our_back_comes_back(self):
        self.api.zone(ZONE)
        named = self.servers[0]
        named.rndc('delzone', ZONE).check_returncode()
        self.assertTrue(named.refuses(ZONE))
        base.wait(lambda: named.serial(ZONE), timeout=60)

    def test_many_zones(self):
        start = time.monotonic()
        made = [self.api('POST', '/v2/zones', {'name': f'z{n}.example.', 'email': 'me@example.org'})
                for n in range(MANY)]
        created = time.monotonic() - start
        for each in made:
            self.api.active(f"/v2/zones/{each['id']}", timeout=60)
        print(f'{MANY} zones created in {created:.1f} s, served by BIND and Knot through their '
              f'catalog after {time.monotonic() - start:.1f} s')
        for each in self.servers:
            self.assertEqual([each.serial(zone['name']) for zone in made],
                             [self.api('GET', f"/v2/zones/{zone['id']}")['serial']
                              for zone in made])
        so_far = {each: len(each.log()) for each in self.servers}
        self.api.zone('one.more.example.')
        for each in self.servers:
            base.wait(lambda: each.has_taken_ixfr(CATALOG, so_far[each]))

    def test_the_catalog_is_given_up(self):
        self.api.zone(ZONE)
        self.service.stop()
        self.catalog(None)
        # Backends have servers transfer without a key.
        (self.service.state / 'standalone.conf').write_text(
            SETTINGS.replace('query_enforce_tsig = true', ''))
        # With the catalog the servers forget all that it named, and then are told of each zone.
        for each in self.servers:
            each.forget_catalog()
            base.wait(lambda: each.refuses(ZONE))
        self.service.start()
        self.client(self.service).zone('new.example.')
        for each in self.servers:
            base.wait(lambda: each.serial(ZONE), timeout=15)
