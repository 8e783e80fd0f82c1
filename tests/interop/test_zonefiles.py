# SPDX-License-Identifier: Apache-2.0
"""Imports and exports with BIND as the judge: its checker, and what it serves."""
import collections
import pathlib
import subprocess
import time

import dns.query
import dns.rdatatype
import dns.zone

from tests import base
from tests.interop import standalone
from tests.interop import zonefiles

RECORDS = 30_000
SECONDS = 20        # that the import of so many may take


class ZonefilesTest(standalone.Mixin, base.TestCase):

    def check(self, name: str, text: str) -> None:
        """Fail unless named-checkzone accepts a file."""
        path = self.directory() / 'zone'
        path.write_text(text)
        # Whether targets outside the zone exist is not asked: there is no resolver here.
        done = subprocess.run([base.require('named-checkzone'), '-i', 'local', '-k', 'ignore',
                               name, str(path)], capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout)

    def records(self, text: str) -> collections.Counter:
        """Every record of a file but the SOA and the NS at the top."""
        zone = dns.zone.from_text(text, relativize=False, check_origin=False)
        return collections.Counter(
            (name.to_text().lower(), ttl, data.to_digestable(zone.origin))
            for name, ttl, data in zone.iterate_rdatas()
            if name != zone.origin or data.rdtype not in (dns.rdatatype.SOA, dns.rdatatype.NS))

    def test_every_type_makes_the_round_trip(self) -> None:
        service = self.standalone()
        client = self.client(service)
        done = zonefiles.ended(client, zonefiles.begin(service, zonefiles.EVERY_TYPE))
        self.assertEqual('COMPLETE', done['status'], done['message'])
        text = zonefiles.exported(service, client, done['zone_id'])
        self.check('every.example.', text)
        self.assertEqual(self.records(zonefiles.EVERY_TYPE), self.records(text))
        client('DELETE', f"/v2/zones/{done['zone_id']}")
        client.gone(f"/v2/zones/{done['zone_id']}")
        again = zonefiles.ended(client, zonefiles.begin(service, text))
        self.assertEqual('COMPLETE', again['status'], again['message'])
        second = zonefiles.exported(service, client, again['zone_id'])
        first_soa, second_soa = (each.split('\n')[3].split() for each in (text, second))
        self.assertGreater(int(second_soa.pop(5)), int(first_soa.pop(5)))
        self.assertEqual(first_soa, second_soa)
        rest = [each.split('\n')[:3] + each.split('\n')[4:] for each in (text, second)]
        self.assertEqual(*rest)

    def test_what_was_imported_is_what_bind_serves(self) -> None:
        named = self.bind()
        service = self.standalone(named)
        client = self.client(service)
        done = zonefiles.ended(client, zonefiles.begin(service, zonefiles.EVERY_TYPE))
        client.active(f"/v2/zones/{done['zone_id']}")
        served = dns.zone.Zone('every.example.', relativize=False)
        dns.query.inbound_xfr('127.0.0.1', served, port=named.port)
        text = served.to_text(relativize=False, want_origin=True)
        self.assertEqual(self.records(zonefiles.EVERY_TYPE), self.records(text))

    def test_a_large_zone_is_imported_in_time(self) -> None:
        service = self.standalone()
        client = self.client(service)
        text = zonefiles.large('large.example.', RECORDS)
        started = time.monotonic()
        done = zonefiles.ended(client, zonefiles.begin(service, text), SECONDS)
        self.assertLess(time.monotonic() - started, SECONDS)
        client.active(f"/v2/zones/{done['zone_id']}")
        exported = zonefiles.exported(service, client, done['zone_id'])
        self.assertEqual(self.records(text), self.records(exported))
        self.check('large.example.', exported)

    def test_an_import_survives_a_killed_service(self) -> None:
        service = self.standalone()
        import_id = zonefiles.begin(service, zonefiles.large('killed.example.', RECORDS))
        for _ in range(2):
            service.kill()
            service.start()
            client = self.client(service)
            before = client('GET', f'/v2/zones/tasks/imports/{import_id}')
            self.assertEqual('PENDING', before['status'])
            self.assertEqual([], client('GET', '/v2/zones')['zones'])
            self._wait_for_work(service)
        done = zonefiles.ended(client, import_id, 60)
        self.assertEqual(('COMPLETE', 'killed.example. imported'),
                         (done['status'], done['message']))
        shown = client('GET', '/v2/zones')['zones']
        self.assertEqual([done['zone_id']], [zone['id'] for zone in shown])
        counted = client('GET', f"/v2/zones/{done['zone_id']}/recordsets?limit=1")
        self.assertEqual(RECORDS + 2, counted['metadata']['total_count'])

    @staticmethod
    def _wait_for_work(service: standalone.Standalone) -> None:
        """Return when the import has been taken up again: it keeps a processor busy."""
        def seconds() -> float:
            fields = pathlib.Path(f'/proc/{service.process.pid}/stat').read_text().split()
            return (int(fields[13]) + int(fields[14])) / 100
        calm = seconds()
        base.wait(lambda: seconds() > calm + 0.6, timeout=40, pause=0.05)
