# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at any moment: every change that was accepted reaches the name server."""
import http.client
import threading

from tests import base
from tests.interop import standalone


class KilledTest(standalone.Mixin, base.TestCase):

    def burst(self, service: standalone.Standalone, zone_ids: list[str], accepted: list[str],
              round_: int) -> list[threading.Thread]:
        """Create recordsets from four clients until the service dies."""
        def work(number: int) -> None:
            client = service.client()
            try:
                for count in range(10_000):
                    name = f'r{round_}-{number}-{count}.zone{number}.example.'
                    client.record(zone_ids[number], name, '192.0.2.1')
                    accepted.append(name)
            except (OSError, http.client.HTTPException):
                pass        # It died.
            finally:
                client.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        return threads

    def test_every_accepted_change_is_served_in_the_end(self) -> None:
        named = self.bind()
        service = self.standalone(named)
        client = self.client(service)
        zone_ids = [client.zone(f'zone{number}.example.') for number in range(4)]
        accepted: list[str] = []
        for round_ in range(3):
            wanted = len(accepted) + 60
            threads = self.burst(service, zone_ids, accepted, round_)
            base.wait(lambda: len(accepted) > wanted, timeout=30)
            service.kill()
            for thread in threads:
                thread.join()
            service.start()
        client = self.client(service)
        for zone_id in zone_ids:
            client.active(f'/v2/zones/{zone_id}')
        missing = [name for name in accepted if named.answers(name, 'A') != ['192.0.2.1']]
        self.assertEqual([], missing)
        for number, zone_id in enumerate(zone_ids):
            shown = client('GET', f'/v2/zones/{zone_id}')
            self.assertEqual(shown['serial'], named.serial(f'zone{number}.example.'))

    def test_a_deletion_is_finished_after_a_restart(self) -> None:
        named = self.bind()
        service = self.standalone(named)
        client = self.client(service)
        zone_id = client.zone('gone.example.')
        client('DELETE', f'/v2/zones/{zone_id}')
        service.kill()
        service.start()
        self.client(service).gone(f'/v2/zones/{zone_id}')
        self.assertTrue(named.refuses('gone.example.'))
