# SPDX-License-Identifier: Apache-2.0
"""The service with each kind of DNS server as its pool, and with all of them in one."""
import time
from typing import ClassVar

from tests import base
from tests.interop import bind
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import server
from tests.interop import standalone
from tests.interop import zonefiles

ZONE = 'Example.org.'
NAME = f'www.{ZONE}'

# Seconds that an attempt at a zone lasts.
ATTEMPT = 2
HASTE = standalone.NO_LIMITS + f'''
[service:worker]
poll_timeout = {ATTEMPT}
threshold_percentage = %s
[producer_task:sweep]
interval = 0.5
[producer_task:verify]
interval = 2
'''


class Case(standalone.Mixin, base.TestCase):
    """A service in haste, with its pool."""

    def serve(self, *kinds: type[server.Server], threshold: int = 100) -> None:
        """Start servers and the service that has them as its pool."""
        self.servers = [self.run_server(kind) for kind in kinds]
        self.service = self.standalone(self.servers, HASTE % threshold)
        self.api = self.client(self.service)

    def serving(self, name: str, *records: str, by: list[server.Server] | None = None,
                timeout: float = 15) -> None:
        """Wait until the servers answer for a name with these records."""
        for each in self.servers if by is None else by:
            base.wait(lambda: each.answers(name, 'A') == list(records), timeout)


class OneServer:
    """What every kind of server does."""

    KIND: ClassVar[type[server.Server]]

    def test_the_life_of_a_zone(self):
        self.serve(self.KIND)
        it = self.servers[0]
        zone_id = self.api.zone(ZONE)
        shown = self.api('GET', f'/v2/zones/{zone_id}')
        self.assertEqual(shown['serial'], it.serial(ZONE))
        self.api.record(zone_id, ZONE, *[f'"{each * 250}"' for each in 'abcdef'], type_='TXT')
        self.api.active(f'/v2/zones/{zone_id}')
        so_far = len(it.log())
        for last in range(1, 4):
            recordset_id = self.api.record(zone_id, f'r{last}.{ZONE}', f'192.0.2.{last}')
            self.api.active(f'/v2/zones/{zone_id}/recordsets/{recordset_id}')
            self.assertEqual([f'192.0.2.{last}'], it.answers(f'r{last}.{ZONE}', 'A'))
        base.wait(lambda: it.has_taken_ixfr(ZONE, so_far))
        self.api('DELETE', f'/v2/zones/{zone_id}')
        self.api.gone(f'/v2/zones/{zone_id}')
        self.assertTrue(it.refuses(ZONE))
        # A zone of the same name has nothing of the first.
        self.api.zone(ZONE)
        self.assertEqual([], it.answers(f'r1.{ZONE}', 'A'))

    def test_serials_from_elsewhere(self):
        # A date, as some write them, and one after which serials begin anew (RFC 1982).
        self.serve(self.KIND)
        it = self.servers[0]
        for zone, serial in (('date.example.', 2026112101), ('end.example.', 2**32 - 3)):
            text = zonefiles.large(zone, 1).replace(' 1 2 3 4 5', f' {serial} 2 3 4 5')
            zone_id = zonefiles.ended(self.api, zonefiles.begin(self.service, text))['zone_id']
            for last in range(1, 7):
                path = f'/v2/zones/{zone_id}'
                self.api.active(path)
                shown = self.api('GET', path)['serial']
                self.assertGreaterEqual((it.serial(zone) - serial) % 2**32, last - 1)
                self.assertEqual(shown % 2**32, it.serial(zone))
                self.api.record(zone_id, f'r{last}.{zone}', f'192.0.2.{last}')
            self.serving(f'r6.{zone}', '192.0.2.6')
            self.assertEqual(serial > 2**31 + 2**30, it.serial(zone) < 2**30)

    def test_a_zone_that_is_removed_behind_our_back_comes_back(self):
        self.serve(self.KIND)
        zone_id = self.api.zone(ZONE)
        self.api.record(zone_id, NAME, '192.0.2.1')
        self.api.active(f'/v2/zones/{zone_id}')
        self.servers[0].forget(ZONE)
        base.wait(lambda: self.servers[0].refuses(ZONE))
        self.serving(NAME, '192.0.2.1')

    def test_a_server_that_is_killed_and_started_catches_up(self):
        self.serve(self.KIND)
        it = self.servers[0]
        kept, gone = self.api.zone(ZONE), self.api.zone('gone.example.')
        self.api.record(kept, NAME, '192.0.2.1')
        self.api.active(f'/v2/zones/{kept}')
        it.kill()
        self.api.record(kept, f'new.{ZONE}', '192.0.2.2')
        self.api('DELETE', f'/v2/zones/{gone}')
        new = self.api('POST', '/v2/zones', {'name': 'new.example.', 'email': 'me@example.org'})
        it.start()
        for zone_id in (kept, new['id']):
            self.api.active(f'/v2/zones/{zone_id}')
        self.api.gone(f'/v2/zones/{gone}')
        self.assertEqual(['192.0.2.1'], it.answers(NAME, 'A'))
        self.assertEqual(['192.0.2.2'], it.answers(f'new.{ZONE}', 'A'))
        self.assertIsNotNone(it.serial('new.example.'))
        self.assertTrue(it.refuses('gone.example.'))


class BindTest(OneServer, Case):
    KIND = bind.Bind


class KnotTest(OneServer, Case):
    KIND = knot.Knot


class NsdTest(OneServer, Case):
    KIND = nsd.Nsd


class PdnsTest(OneServer, Case):
    KIND = pdns.Pdns


class MixedPoolTest(Case):
    """One pool of all four."""

    KINDS = (bind.Bind, knot.Knot, nsd.Nsd, pdns.Pdns)

    def begin(self, threshold: int) -> str:
        """Have all four serve a zone, kill the last; returns the zone's id."""
        self.serve(*self.KINDS, threshold=threshold)
        zone_id = self.api.zone(ZONE)
        self.api.record(zone_id, NAME, '192.0.2.1')
        self.api.active(f'/v2/zones/{zone_id}')
        self.serving(NAME, '192.0.2.1')
        self.servers[-1].kill()
        return zone_id

    def test_one_dead_server_of_four_keeps_a_change_pending(self):
        zone_id = self.begin(threshold=100)
        recordset_id = self.api.record(zone_id, f'new.{ZONE}', '192.0.2.2')
        self.serving(f'new.{ZONE}', '192.0.2.2', by=self.servers[:-1], timeout=1)
        # Two attempts end meanwhile.
        end = time.monotonic() + 2 * ATTEMPT + 1
        while time.monotonic() < end:
            for path in ('', f'/recordsets/{recordset_id}'):
                self.assertEqual('PENDING', self.api('GET', f'/v2/zones/{zone_id}{path}')['status'])
        self.servers[-1].start()
        self.api.active(f'/v2/zones/{zone_id}')
        self.serving(f'new.{ZONE}', '192.0.2.2')

    def test_one_dead_server_of_four_is_made_up_for_by_the_threshold(self):
        zone_id = self.begin(threshold=75)
        start = time.monotonic()
        self.api.record(zone_id, f'new.{ZONE}', '192.0.2.2')
        self.api.active(f'/v2/zones/{zone_id}')
        self.assertLess(time.monotonic() - start, 1)
        self.api.zone('new.example.')
        self.servers[-1].start()
        self.serving(f'new.{ZONE}', '192.0.2.2')
        base.wait(lambda: self.servers[-1].serial('new.example.'), timeout=15)
