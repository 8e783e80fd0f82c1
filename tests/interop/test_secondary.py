# SPDX-License-Identifier: Apache-2.0
"""Secondary zones: a BIND as the master, another as the pool, the service between them."""
import pathlib
import subprocess

import yaml

from tests import base
from tests.interop import bind
from tests.interop import server
from tests.interop import standalone

ZONE = '''$TTL 300
@ IN SOA ns1.master.example. host\\.master.master.example. {serial} {refresh} 2 {expire} 60
@ IN NS ns1.master.example.
@ IN MX 10 mail
www IN A 192.0.2.{host}
www IN AAAA 2001:db8::1
txt IN TXT "one" "two"
{more}
'''
HASTE = standalone.NO_LIMITS + '''
[producer_task:periodic_secondary_refresh]
interval = 0.3
[service:worker]
serial_max_retries = 1
'''
SECRET = 'c2VjcmV0IG9mIHNvbWUgbGVuZ3RoIGhlcmU='


class SecondaryTest(standalone.Mixin, base.TestCase):

    def setUp(self):
        super().setUp()
        self.file = self.directory() / 'zone'
        self.pool = self.bind()

    def write(self, serial: int, host: int = 1, more: str = '', refresh: int = 3600,
              expire: int = 1209600) -> None:
        self.file.write_text(ZONE.format(serial=serial, host=host, more=more, refresh=refresh,
                                         expire=expire))

    def rewrite(self, master: bind.Bind, serial: int, host: int) -> None:
        """Have a master serve another version."""
        self.write(serial, host)
        master.rndc('reload', 'sec.example').check_returncode()
        base.wait(lambda: master.serial('sec.example.') == serial)

    def master(self, options: str = '') -> bind.Bind:
        return self.bind(more=f'zone "sec.example" {{ type primary; file "{self.file}"; '
                              f'ixfr-from-differences yes; journal "{self.file}.jnl"; {options} }};'
                         + (f'key "xfr" {{ algorithm hmac-sha256; secret "{SECRET}"; }};'
                            if 'xfr' in options else ''))

    def secondary(self, service: standalone.Standalone, master: bind.Bind) -> str:
        client = self.client(service)
        zone = client('POST', '/v2/zones', {'name': 'sec.example.', 'type': 'SECONDARY',
                                            'masters': [f'127.0.0.1:{master.port}']})
        return zone['id']

    def notify(self, service: standalone.Standalone) -> None:
        """Send the NOTIFY of a master."""
        subprocess.run([base.require('dig'), '@127.0.0.1', '-p', str(service.dns_port),
                        '+opcode=notify', '+norecurse', 'sec.example', 'SOA'], check=True,
                       capture_output=True)

    def test_what_the_master_has_is_served(self):
        self.write(2026112101)
        master = self.master()
        service = self.standalone(self.pool)
        client = self.client(service)
        path = f'/v2/zones/{self.secondary(service, master)}'
        client.active(path)
        shown = client('GET', path)
        self.assertEqual(2026112101, shown['serial'])
        self.assertEqual('host.master@master.example', shown['email'])
        self.assertIsNotNone(shown['transferred_at'])
        self.assertEqual(2026112101, self.pool.serial('sec.example.'))
        for name, type_ in (('www.sec.example.', 'A'), ('www.sec.example.', 'AAAA'),
                            ('txt.sec.example.', 'TXT'), ('sec.example.', 'MX'),
                            ('sec.example.', 'NS'), ('sec.example.', 'SOA')):
            self.assertEqual(master.answers(name, type_), self.pool.answers(name, type_), name)
        self.change_at_the_master(master, service, path)
        self.refused_to_users(client, path)

    def change_at_the_master(self, master: bind.Bind, service: standalone.Standalone,
                             path: str) -> None:
        """A change reaches the pool by NOTIFY, and costs what it changes."""
        self.write(2026112102, host=2, more='new IN A 192.0.2.9')
        master.rndc('reload', 'sec.example')
        base.wait(lambda: master.serial('sec.example.') == 2026112102)
        self.notify(service)
        base.wait(lambda: self.pool.answers('www.sec.example.', 'A') == ['192.0.2.2'])
        self.assertEqual(['192.0.2.9'], self.pool.answers('new.sec.example.', 'A'))
        self.client(service).active(path)
        self.assertIn('IXFR', master.log())
        records = self.client(service)('GET', f'{path}/recordsets')['recordsets']
        self.assertEqual([['192.0.2.2']], [each['records'] for each in records
                                           if (each['type'], each['name']) ==
                                           ('A', 'www.sec.example.')])

    def refused_to_users(self, client: standalone.Client, path: str) -> None:
        with self.assertRaises(standalone.Refused) as refused:
            client('POST', f'{path}/recordsets', {'name': 'sec.example.', 'type': 'SOA',
                                                  'records': []})
        self.assertEqual(400, refused.exception.code)

    def test_the_timers_of_the_master(self):
        self.write(7, refresh=2)
        master = self.master()
        service = self.standalone(self.pool, HASTE)
        path = f'/v2/zones/{self.secondary(service, master)}'
        self.client(service).active(path)
        master.stop()
        self.write(8, host=3, refresh=2)
        master.start()
        base.wait(lambda: self.pool.answers('www.sec.example.', 'A') == ['192.0.2.3'], timeout=20)
        self.assertEqual(8, self.client(service)('GET', path)['serial'])

    def test_a_zone_that_expires(self):
        self.write(7, refresh=2, expire=4)
        master = self.master()
        service = self.standalone(self.pool, HASTE)
        client = self.client(service)
        path = f'/v2/zones/{self.secondary(service, master)}'
        client.active(path)
        master.stop()
        base.wait(lambda: client('GET', path)['status'] == 'ERROR', timeout=20)
        self.assertIn('REFUSED', self.ask(service))
        self.assertEqual(['sec.example.'], [each['name'] for each in client(
            'GET', '/v2/zones?status=ERROR')['zones']])
        master.start()
        client.active(path)
        self.assertIn('NOERROR', self.ask(service))
        self.assertEqual('NONE', client('GET', path)['action'])

    def ask(self, service: standalone.Standalone) -> str:
        """What dig says when it asks mdns for the zone."""
        return subprocess.run([base.require('dig'), '@127.0.0.1', '-p', str(service.dns_port),
                               '+norecurse', 'sec.example', 'SOA'], check=True,
                              capture_output=True, text=True).stdout

    def test_a_serial_near_the_end(self):
        self.write(2**32 - 2)
        master = self.master()
        service = self.standalone(self.pool)
        path = f'/v2/zones/{self.secondary(service, master)}'
        self.client(service).active(path)
        self.assertEqual(2**32 - 2, self.pool.serial('sec.example.'))
        self.write(3, host=4)
        master.rndc('reload', 'sec.example')
        base.wait(lambda: master.serial('sec.example.') == 3)
        self.notify(service)
        base.wait(lambda: self.pool.answers('www.sec.example.', 'A') == ['192.0.2.4'])
        self.client(service).active(path)
        self.assertEqual(3, self.client(service)('GET', path)['serial'])

    def transferred(self, port: int) -> list[str]:
        """All records of the zone that a server has."""
        said = subprocess.run([base.require('dig'), '@127.0.0.1', '-p', str(port), '+noall',
                               '+answer', '+onesoa', 'sec.example', 'AXFR'], check=True,
                              capture_output=True, text=True).stdout
        return sorted(said.splitlines())

    def test_a_zone_that_its_master_signs(self):
        self.write(7)
        master = self.master('dnssec-policy default; inline-signing yes;')
        base.wait(lambda: any('DNSKEY 13' in each for each in self.transferred(master.port)))
        service = self.standalone(self.pool)
        path = f'/v2/zones/{self.secondary(service, master)}'
        self.client(service).active(path)
        for serial in (10, 20):
            self.write(serial, host=serial)
            master.rndc('reload', 'sec.example').check_returncode()
            base.wait(lambda: master.answers('www.sec.example.', 'A') == [f'192.0.2.{serial}'])
            self.notify(service)
            base.wait(lambda: self.transferred(master.port) == self.transferred(self.pool.port),
                      timeout=30)

    def test_signed_transfers(self):
        self.write(1)
        master = self.master('allow-transfer { key "xfr"; };')
        service = self.standalone(self.pool)
        client = self.client(service)
        zone_id = self.secondary(service, master)
        base.wait(lambda: 'No master of zone sec.example.' in service.log())
        client('POST', '/v2/tsigkeys', {'name': 'xfr', 'algorithm': 'hmac-sha256',
                                        'secret': SECRET, 'scope': 'ZONE',
                                        'resource_id': zone_id})
        client('POST', f'/v2/zones/{zone_id}/tasks/xfr')
        client.active(f'/v2/zones/{zone_id}')
        self.assertEqual(['192.0.2.1'], self.pool.answers('www.sec.example.', 'A'))

    def test_versions_of_ours_do_not_hide_those_of_the_master(self):
        self.write(7)
        master = self.master()
        service = self.standalone(self.pool)
        path = f'/v2/zones/{self.secondary(service, master)}'
        self.client(service).active(path)
        file = service.state / 'pools.yaml'
        pools = yaml.safe_load(file.read_text())
        pools[0]['ns_records'].append({'hostname': 'ns2.example.net.', 'priority': 2})
        file.write_text(yaml.safe_dump(pools))
        service.stop()
        service.start()
        base.wait(lambda: self.pool.serial('sec.example.') == 8)
        self.assertIn(' ns1.master.example. ', ' ' + self.pool.answers('sec.example.', 'SOA')[0])
        self.rewrite(master, 8, host=2)
        self.notify(service)
        base.wait(lambda: self.pool.answers('www.sec.example.', 'A') == ['192.0.2.2'])

    def test_several_masters(self):
        """One that is behind or away hides no news; another one with lower serials is followed."""
        self.write(500)
        behind, self.file = self.master(), self.directory() / 'zone'
        self.write(500)
        master = self.master()
        service = self.standalone(self.pool)
        client = self.client(service)
        path = f'/v2/zones/{self.secondary(service, master)}'
        client('PATCH', path, {'masters': [
            f'127.0.0.1:{port}' for port in (behind.port, master.port, server.free_port())]})
        client.active(path)
        for serial in range(501, 505):
            self.rewrite(master, serial, host=serial - 500)
            self.notify(service)
            base.wait(lambda: self.pool.answers('www.sec.example.', 'A')
                      == [f'192.0.2.{serial - 500}'], timeout=30)
        self.file = self.directory() / 'zone'
        self.write(5, host=9)
        client('PATCH', path, {'masters': [f'127.0.0.1:{self.master().port}']})
        base.wait(lambda: self.pool.answers('www.sec.example.', 'A') == ['192.0.2.9'], timeout=30)
        self.assertGreater(self.pool.serial('sec.example.'), 504)

    def test_a_master_that_is_away(self):
        service = self.standalone(self.pool)
        away = bind.Bind(pathlib.Path(self.directory()))
        zone_id = self.secondary(service, away)
        base.wait(lambda: 'No master of zone sec.example.' in service.log(), timeout=30)
        self.assertEqual('PENDING', self.client(service)('GET', f'/v2/zones/{zone_id}')['status'])
