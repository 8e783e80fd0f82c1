# SPDX-License-Identifier: Apache-2.0
"""A pool of real BIND servers: what reaches them, what they lose, and what the status says."""
import re
from typing import Any

import dns.query
import dns.zone
import yaml

from tests import base
from tests.interop import bind
from tests.interop import standalone

# What an operator would not wait for: sweeps that come at once, attempts that end soon.
IMPATIENT = standalone.NO_LIMITS + '''
[service:worker]
poll_timeout = 1
[producer_task:sweep]
interval = 0.3
[producer_task:verify]
interval = 1
'''


def transfer(port: int, name: str) -> list[str]:
    """Every line of a zone as a server transfers it."""
    zone = dns.zone.Zone(name)
    dns.query.inbound_xfr('127.0.0.1', zone, port=port, timeout=10)
    return sorted(zone.to_text(relativize=False).splitlines())


class BindTestCase(standalone.Mixin, base.TestCase):

    def configure(self, service: standalone.Standalone, *servers: bind.Bind,
                  ns: str = 'ns1.example.net.') -> None:
        """Write a pool of these servers, which a start of the service reads."""
        (service.state / 'pools.yaml').write_text(yaml.safe_dump([{
            'id': standalone.POOL_ID, 'name': 'default',
            'ns_records': [{'hostname': ns, 'priority': 1}],
            'nameservers': [{'host': '127.0.0.1', 'port': each.port} for each in servers],
            'targets': [each.target(service.dns_port) for each in servers]}]))

    def assert_same(self, service: standalone.Standalone, named: bind.Bind, name: str) -> None:
        """Fail unless BIND holds exactly what mdns does."""
        self.assertEqual(transfer(service.dns_port, name), transfer(named.port, name))


class ChangeTest(BindTestCase):

    def setUp(self) -> None:
        super().setUp()
        self.named = self.bind()
        self.service = self.standalone(self.named)
        self.api = self.client(self.service)

    def records(self, name: str) -> list[int]:
        """How many records each transfer of a zone to BIND had."""
        return [int(count) for count in re.findall(
            rf"transfer of '{name}/IN' from \S+: Transfer completed: \d+ messages, (\d+) records",
            self.named.log())]

    def test_a_zone_comes_whole_and_then_by_differences(self) -> None:
        zone_id = self.api.zone('example.org.')
        self.assertEqual(0, self.named.rndc('zonestatus', 'example.org.').returncode)
        self.assertEqual(['ns1.example.net.'], self.named.answers('example.org.', 'NS'))
        many = [self.api.record(zone_id, f'r{count}.example.org.', '192.0.2.1')
                for count in range(200)]
        self.api.active(f'/v2/zones/{zone_id}')
        path = f'/v2/zones/{zone_id}/recordsets'
        for change in (
                lambda: self.api('POST', path, {'name': 'www.example.org.', 'type': 'A',
                                                'records': ['192.0.2.7', '192.0.2.8']}),
                lambda: self.api('PUT', f'{path}/{many[0]}', {'records': ['192.0.2.9']}),
                lambda: self.api('PUT', f'{path}/{many[1]}', {'ttl': 77}),
                lambda: self.api('DELETE', f'{path}/{many[2]}')):
            before = len(self.records('example.org'))
            change()
            self.api.active(f'/v2/zones/{zone_id}')
            base.wait(lambda: len(self.records('example.org')) > before)
            self.assertLess(self.records('example.org')[-1], 10)
        self.assertEqual(['192.0.2.7', '192.0.2.8'],
                         self.named.answers('www.example.org.', 'A'))
        self.assertEqual([], self.named.answers('r2.example.org.', 'A'))
        self.assert_same(self.service, self.named, 'example.org.')

    def test_active_means_served(self) -> None:
        zone_id = self.api.zone('example.org.')
        for count in range(20):
            name = f'r{count}.example.org.'
            id_ = self.api.record(zone_id, name, '192.0.2.1')
            self.api.active(f'/v2/zones/{zone_id}/recordsets/{id_}')
            self.assertEqual(['192.0.2.1'], self.named.answers(name, 'A'))
        zone = self.api('GET', f'/v2/zones/{zone_id}')
        self.assertEqual(zone['serial'], self.named.serial('example.org.'))

    def test_every_type_arrives_as_it_is(self) -> None:
        zone_id = self.api.zone('example.org.')
        for name, type_, record in (
                ('a', 'AAAA', '2001:DB8::1'), ('b', 'CNAME', 'www.example.net.'),
                ('c', 'MX', '10 mail.example.org.'), ('_sip._tcp', 'SRV', '1 2 3 sip.example.net.'),
                ('e', 'TXT', '"with \\" and ; in it"'), ('e', 'SPF', '"v=spf1 -all"'),
                ('f', 'SSHFP', f"2 1 {'ab' * 20}"), ('g', 'NAPTR', '0 0 "S" "SIP+D2U" "" b.test.'),
                ('h', 'CAA', '0 issue ca.example.net'), ('i', 'CERT', '1 0 0 MTIzNA=='),
                ('j', 'HTTPS', '1 t.test. alpn=h3,h2 port=443'), ('k', 'SVCB', '1 t.test.'),
                ('_443._tcp', 'TLSA', f"3 1 1 {'cd' * 32}"), ('*.l', 'PTR', 'host.example.net.'),
                ('sub', 'NS', 'ns.example.net.')):
            self.api.record(zone_id, f'{name}.example.org.', record, type_=type_)
        self.api.active(f'/v2/zones/{zone_id}')
        self.assert_same(self.service, self.named, 'example.org.')
        self.assertEqual(['"with \\" and ; in it"'], self.named.answers('e.example.org.', 'TXT'))
        self.assertEqual(['host.example.net.'], self.named.answers('x.l.example.org.', 'PTR'))

    def test_a_deleted_zone_is_gone_and_can_come_again(self) -> None:
        for count in range(3):
            zone_id = self.api.zone('example.org.')
            self.api.record(zone_id, f'r{count}.example.org.', '192.0.2.1')
            self.api.active(f'/v2/zones/{zone_id}')
            deleted = self.api('DELETE', f'/v2/zones/{zone_id}')
            self.assertEqual(('DELETE', 'PENDING'), (deleted['action'], deleted['status']))
            self.api.gone(f'/v2/zones/{zone_id}')
            self.assertTrue(self.named.refuses('example.org.'))
        self.api.zone('example.org.')
        self.assertEqual([], self.named.answers('r2.example.org.', 'A'))


class LossTest(BindTestCase):

    def setUp(self) -> None:
        super().setUp()
        self.named = self.bind()
        self.service = self.standalone(self.named, IMPATIENT)
        self.api = self.client(self.service)

    def test_a_zone_that_is_deleted_behind_our_back_comes_again(self) -> None:
        zone_id = self.api.zone('example.org.')
        serial = self.named.serial('example.org.')
        self.assertEqual(0, self.named.rndc('delzone', '-clean', 'example.org.').returncode)
        base.wait(lambda: self.named.serial('example.org.') == serial, timeout=20)
        self.api.active(f'/v2/zones/{zone_id}')

    def test_a_server_that_has_lost_everything_is_filled_again(self) -> None:
        for count in range(10):
            self.api.zone(f'z{count}.example.')
        self.named.kill()
        for path in self.named.directory.iterdir():
            if path.name not in ('named.conf', 'rndc.key', 'log'):
                path.unlink()
        self.named.start()
        base.wait(lambda: all(self.named.serial(f'z{count}.example.') for count in range(10)),
                  timeout=30, pause=0.05)

    def test_a_server_that_is_away(self) -> None:
        zone_id = self.api.zone('example.org.')
        deleted_id = self.api.zone('deleted.example.')
        served = self.named.serial('example.org.')
        self.named.kill()
        recordset_id = self.api.record(zone_id, 'www.example.org.', '192.0.2.1')
        created = self.api('POST', '/v2/zones', {'name': 'new.example.', 'email': 'me@example.org'})
        self.api('DELETE', f'/v2/zones/{deleted_id}')
        waiting = {f'/v2/zones/{zone_id}': 'UPDATE', f"/v2/zones/{created['id']}": 'CREATE',
                   f'/v2/zones/{zone_id}/recordsets/{recordset_id}': 'CREATE'}
        self.assertEqual('PENDING', created['status'])
        for path, action in {**waiting, f'/v2/zones/{deleted_id}': 'DELETE'}.items():
            shown = base.wait(lambda: self.error(path), timeout=20, pause=0.05)
            self.assertEqual(action, shown['action'])
        self.named.start()
        for path in waiting:
            self.api.active(path)
            self.assertEqual('NONE', self.api('GET', path)['action'])
        self.api.gone(f'/v2/zones/{deleted_id}')
        self.assertEqual(['192.0.2.1'], self.named.answers('www.example.org.', 'A'))
        self.assertTrue(self.named.refuses('deleted.example.'))
        zone = self.api('GET', f'/v2/zones/{zone_id}')
        self.assertGreater(zone['serial'], served)
        for name, id_ in (('example.org.', zone_id), ('new.example.', created['id'])):
            self.assertEqual(self.api('GET', f'/v2/zones/{id_}')['serial'],
                             self.named.serial(name))

    def error(self, path: str) -> Any:
        """What the path shows, once its status is ERROR."""
        shown = self.api('GET', path)
        self.assertIn(shown['status'], ('PENDING', 'ERROR'))
        return shown if shown['status'] == 'ERROR' else None


class PoolTest(BindTestCase):

    def setUp(self) -> None:
        super().setUp()
        self.named = self.bind()
        self.service = self.standalone(self.named, IMPATIENT)
        api = self.client(self.service)
        self.zones = {f'z{count}.example.': api.zone(f'z{count}.example.') for count in range(5)}
        self.before = {name: self.named.serial(name) for name in self.zones}
        self.assertEqual(0, self.service.stop())

    def test_new_ns_records_reach_every_zone(self) -> None:
        self.configure(self.service, self.named, ns='ns9.example.net.')
        self.service.start()
        api = self.client(self.service)
        for name, zone_id in self.zones.items():
            base.wait(lambda: self.named.answers(name, 'NS') == ['ns9.example.net.'])
            self.assertTrue(self.named.answers(name, 'SOA')[0].startswith('ns9.example.net. '))
            self.assertGreater(self.named.serial(name), self.before[name])
            api.active(f'/v2/zones/{zone_id}')
            self.assertEqual([{'hostname': 'ns9.example.net.', 'priority': 1}],
                             api('GET', f'/v2/zones/{zone_id}/nameservers')['nameservers'])
            found = api('GET', f'/v2/zones/{zone_id}/recordsets?type=NS')['recordsets']
            self.assertEqual(['ns9.example.net.'], found[0]['records'])

    def test_a_new_server_gets_every_zone(self) -> None:
        second = self.bind()
        self.configure(self.service, self.named, second)
        self.service.start()
        api = self.client(self.service)
        for name, zone_id in self.zones.items():
            base.wait(lambda: second.serial(name) is not None)
            api.active(f'/v2/zones/{zone_id}')
            self.assertEqual(self.named.serial(name), second.serial(name))
        api.record(zone_id, f'www.{name}', '192.0.2.1')
        api.active(f'/v2/zones/{zone_id}')
        for server in (self.named, second):
            self.assertEqual(['192.0.2.1'], server.answers(f'www.{name}', 'A'))

    def test_mdns_moves(self) -> None:
        self.service.dns_port = bind.free_port()
        self.service.command += ['--dns-listen', f'127.0.0.1:{self.service.dns_port}']
        self.configure(self.service, self.named)
        self.service.start()
        api = self.client(self.service)
        for name, zone_id in self.zones.items():
            api.record(zone_id, f'www.{name}', '192.0.2.1')
            api.active(f'/v2/zones/{zone_id}')
            self.assertEqual(['192.0.2.1'], self.named.answers(f'www.{name}', 'A'))
