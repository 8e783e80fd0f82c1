# SPDX-License-Identifier: Apache-2.0
"""Backends alone, with real servers that already have or have not the zone."""
import concurrent.futures
import contextlib
import threading
from typing import Any
from unittest import mock

from designate_like import backends
from designate_like import errors
from designate_like import resources
from designate_like.backends import knot as knot_backend
from tests import base
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import server
from tests.unit.dnsio import test_verbs

ZONE = test_verbs.zone(name='Example.org.')


class Case(server.Mixin, base.TestCase):
    """A server, and backends that tell it."""

    KIND: type[server.Server]

    def setUp(self) -> None:
        super().setUp()
        self.server: Any = self.run_server(self.KIND)

    def backend(self, *ports: int, **options: str) -> backends.Backend:
        raw = self.server.target(*ports, **options)
        return self.enterContext(contextlib.closing(backends.load(resources.Target(
            type=raw['type'], options=raw['options'],
            masters=[resources.Address(**each) for each in raw.get('masters', ())]))))


class PdnsTest(Case):
    KIND = pdns.Pdns

    def zone(self) -> dict[str, Any]:
        return self.server.api('GET', '/example.org.').json()

    def test_everything_twice(self):
        backend = self.backend(1053)
        for _ in range(2):
            backend.create(ZONE)
            self.assertEqual(('Slave', ['127.0.0.1:1053'], ''),
                             tuple(self.zone()[key] for key in ('kind', 'masters', 'soa_edit_api')))
            self.assertEqual(['1'], self.server.api(
                'GET', '/example.org./metadata/IXFR').json()['metadata'])
        for _ in range(2):
            backend.delete(ZONE)
            backend.fetch(ZONE)
            self.assertEqual(404, self.server.api('GET', '/example.org.').status_code)

    def test_update(self):
        for ports in (1053,), (1054, 53), (1054,):
            self.backend(*ports).update(ZONE)
            self.assertEqual([f'127.0.0.1:{port}'.removesuffix(':53') for port in ports],
                             self.zone()['masters'])

    def test_a_zone_with_content_from_elsewhere_is_replaced(self):
        self.server.api('POST', '', {'name': 'example.org.', 'kind': 'Native',
                                     'nameservers': ['ns1.example.org.']}).raise_for_status()
        self.backend(1053).create(ZONE)
        self.assertEqual(('Slave', []), (self.zone()['kind'], self.zone()['rrsets']))

    def test_what_a_failed_creation_leaves_is_put_right(self):
        self.assertRaises(errors.BackendError, self.backend(1053, tsigkey_name='none').create, ZONE)
        self.backend(1053).create(ZONE)
        self.assertEqual(['127.0.0.1:1053'], self.zone()['masters'])

    def test_unusual_names(self):
        backend = self.backend(1053)
        for name in '_x.example.org.', 'a-b.example.org.', 'UP.example.org.':
            wanted = ZONE.replace(name=name)
            backend.create(wanted)
            backend.update(wanted)
            backend.delete(wanted)
        self.assertEqual([], self.server.api('GET', '').json())

    def test_a_wrong_token(self):
        backend = self.backend(1053, api_token='wrong')
        for call in backend.create, backend.update, backend.delete, backend.fetch:
            self.assertRaisesRegex(errors.BackendError, '401', call, ZONE)


class KnotTest(Case):
    KIND = knot.Knot

    def masters(self) -> str:
        return self.server.knotc('conf-read', 'zone[example.org.].master').stdout

    def test_everything_twice(self):
        backend = self.backend(1053)
        for _ in range(2):
            backend.create(ZONE)
            self.assertIn('= designate_like-127.0.0.1-1053\n', self.masters())
        for _ in range(2):
            backend.delete(ZONE)
            backend.fetch(ZONE)
            self.assertIn('invalid identifier', self.masters())

    def test_update(self):
        for ports in (1053,), (1054, 1055), ():
            self.backend(*ports).update(ZONE)
            self.assertEqual(len(ports), self.masters().count('designate_like-'))
            for port in ports:
                self.assertIn(f'127.0.0.1-{port}', self.masters())

    def test_a_key(self):
        self.server.sign('ours.', 'c2VjcmV0')
        for name, remote in (('ours.', '1053-ours.'), ('', '1053')):
            self.backend(1053, tsigkey_name=name).update(ZONE)
            self.assertIn(f'= designate_like-127.0.0.1-{remote}\n', self.masters())
        self.assertIn('ours.', self.server.knotc(
            'conf-read', 'remote[designate_like-127.0.0.1-1053-ours.].key').stdout)
        self.assertRaises(errors.BackendError, self.backend(1053, tsigkey_name='none').create, ZONE)
        self.backend(1053).create(ZONE)

    def test_zones_and_remotes_outlive_a_restart(self):
        self.backend(1053).create(ZONE)
        self.server.restart()
        self.assertIn('designate_like-127.0.0.1-1053', self.masters())

    def test_a_template_that_is_not_there(self):
        self.assertRaisesRegex(errors.BackendError, 'not exists',
                               self.backend(1053, template='none').create, ZONE)
        # Nothing is left open.
        self.backend(1053).create(ZONE)
        self.assertIn('1053', self.masters())

    def test_many_at_once(self):
        backends_ = [self.backend(1053), self.backend(1054)]
        wanted = [(backends_[number % 2], ZONE.replace(name=f'z{number}.example.'))
                  for number in range(16)]
        threads = [threading.Thread(target=backend.create, args=(zone,))
                   for backend, zone in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(16, self.server.knotc('conf-read', 'zone.domain').stdout.count('example.'))

    def test_many_at_once_of_which_one_is_impossible(self):
        backend = self.backend(1053)
        wanted = [ZONE.replace(name=name) for name in ('z1.example.', 'in valid..', 'z2.example.')]
        with concurrent.futures.ThreadPoolExecutor(3) as threads:
            with backend._lock:     # They wait for somebody's transaction meanwhile.
                made = [threads.submit(backend.create, zone) for zone in wanted]
                base.wait(lambda: len(backend._waiting) == 3)
            self.assertEqual([True, False, True], [each.exception() is None for each in made])
        self.assertEqual(2, self.server.knotc('conf-read', 'zone.domain').stdout.count('example.'))

    def test_a_transaction_that_somebody_left_open(self):
        self.server.knotc('conf-begin').check_returncode()
        backend = self.backend(1053)
        with mock.patch.object(knot_backend, 'PATIENCE', 0.1):
            self.assertRaisesRegex(errors.BackendError, 'another transaction', backend.create, ZONE)
        with (mock.patch.object(knot_backend, 'ABANDONED', 1),
              self.assertLogs(knot_backend.LOG, 'WARNING')):
            backend.create(ZONE)
        self.assertIn('1053', self.masters())

    def test_a_server_that_is_away(self):
        backend = self.backend(1053)
        self.server.kill()
        self.assertRaisesRegex(errors.BackendError, 'connect', backend.delete, ZONE)


class NsdTest(Case):
    KIND = nsd.Nsd

    def status(self) -> str:
        return self.server.control('zonestatus', 'example.org').stdout

    def test_everything_twice(self):
        backend = self.backend(1053)
        for _ in range(2):
            backend.create(ZONE)
            backend.update(ZONE)
            self.assertIn('pattern: slave', self.status())
        for _ in range(2):
            backend.delete(ZONE)
            self.assertNotIn('pattern', self.status())

    def test_complaints(self):
        place = str(self.server.directory)
        for options in ({'pattern': 'none'}, {'check_hostname': 'true'}, {'ca_certs': ''},
                        {'certfile': f'{place}/nsd_server.pem',
                         'keyfile': f'{place}/nsd_control.key'}):
            with self.subTest(options):
                self.assertRaises(errors.BackendError, self.backend(1053, **options).create, ZONE)
        self.assertNotIn('pattern', self.status())
