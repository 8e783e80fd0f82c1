# SPDX-License-Identifier: Apache-2.0
"""Standalone as a program: what it prints, how it stops, and what it says when it cannot start."""
import contextlib
import http.client
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from unittest import mock

import bcrypt
import dns.message
import dns.query

from tests import base
from tests.interop import bind
from tests.interop import cli
from tests.interop import standalone

SOME_ZONE = {'name': 'kept.example.', 'email': 'me@example.org'}


class ProgramTestCase(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        # A user sees no warnings of Python, which the settings of the tests show.
        self.enterContext(mock.patch.dict(os.environ))
        os.environ.pop('PYTHONWARNINGS', None)


class ProgramTest(ProgramTestCase):

    def ask(self, service: standalone.Standalone, name: str) -> list[str]:
        """The A records that mdns answers with."""
        answer = dns.query.udp(dns.message.make_query(name, 'A'), '127.0.0.1',
                               port=service.dns_port, timeout=5)
        return sorted(each.to_text() for rrset in answer.answer for each in rrset)

    def test_the_lines_that_it_prints_work_when_they_are_pasted(self) -> None:
        service = self.standalone()
        printed = []
        while not printed or not printed[-1].startswith('  dig '):
            printed.append(service.process.stdout.readline())
        self.assertIn(f'http://127.0.0.1:{service.port}', printed[0])
        self.assertIn(f'127.0.0.1:{service.dns_port}', printed[1])
        path = os.pathsep.join(str(pathlib.Path(base.require(program)).parent)
                               for program in ('openstack', 'dig'))
        said = [subprocess.run(line, shell=True, env={'PATH': path, 'HOME': str(service.state)},
                               capture_output=True, text=True, check=True).stdout
                for line in printed[-3:]]
        self.assertIn('example.org.', said[0])
        self.assertIn('www.example.org.', said[1])
        self.assertRegex(said[2], r'www\.example\.org\.\s+3600\s+IN\s+A\s+192\.0\.2\.1\n')
        self.assertEqual('', service.log())

    def test_a_second_start_finds_everything(self) -> None:
        service = self.standalone()
        client = self.client(service)
        zone_id = client.zone('kept.example.')
        client.record(zone_id, 'www.kept.example.', '192.0.2.1')
        client.active(f'/v2/zones/{zone_id}')
        client('PATCH', '/v2/quotas/noauth-project', {'zones': 77})
        before = client('GET', f'/v2/zones/{zone_id}'), client('GET', '/v2/recordsets')
        self.assertEqual(0, service.stop())
        service.start()
        self.assertEqual(['192.0.2.1'], self.ask(service, 'www.kept.example.'))
        client = self.client(service)
        self.assertEqual(
            before, (client('GET', f'/v2/zones/{zone_id}'), client('GET', '/v2/recordsets')))
        self.assertEqual(77, client('GET', '/v2/quotas')['zones'])

    def test_metrics(self) -> None:
        metrics = standalone.Metrics()
        service = self.standalone(settings=standalone.NO_LIMITS + metrics.settings)
        client = self.client(service)
        client.record(client.zone('measured.example.'), 'www.measured.example.', '192.0.2.1')
        for role in ('api', 'central', 'worker', 'producer', 'mdns'):
            lines = metrics.lines(role)
            self.assertIn('designate_like_api_request_seconds_count{code="202",method="POST"} 2.0',
                          lines)
            self.assertIn('designate_like_rpc_work_seconds_count{method="zones.create",'
                          'outcome="ok"} 1.0', lines)
        page = '\n'.join(metrics.lines('central'))
        self.assertIn('designate_like_zones{status="ACTIVE"} 1.0', page)
        self.assertIn('designate_like_database_wait_seconds_count{what="zone"} ', page)
        with urllib.request.urlopen(f'http://127.0.0.1:{service.port}/healthcheck/ready') as page:
            self.assertEqual({'bus': 'OK', 'central': 'OK', 'database': 'OK'},
                             json.loads(page.read()))
        self.assertEqual('', service.log())

    def test_it_can_move_to_another_port_of_dns(self) -> None:
        service = self.standalone()
        self.client(service).zone('before.example.')
        service.stop()
        service.dns_port = bind.free_port()
        service.command += ['--dns-listen', f'127.0.0.1:{service.dns_port}']
        service.start()
        self.client(service).zone('after.example.')


class StopTest(ProgramTestCase):

    def stopped(self, service: standalone.Standalone, number: signal.Signals) -> None:
        """Send a signal; fail unless it ends within two seconds with code 0."""
        process, began = service.process, time.monotonic()
        process.send_signal(number)
        self.assertEqual(0, process.wait(20), service.log())
        self.assertLess(time.monotonic() - began, 2)
        self.assertNotIn('Traceback', service.log())
        service.kill()

    def test_idle_connections_do_not_keep_it(self) -> None:
        service = self.standalone()
        for number in (signal.SIGINT, signal.SIGTERM):
            client = self.client(service)
            client('GET', '/v2/zones')
            with socket.create_connection(('127.0.0.1', service.dns_port)):
                self.stopped(service, number)
            service.start()

    def test_requests_that_are_being_handled_do_not_keep_it(self) -> None:
        service = self.standalone()
        for number in (signal.SIGINT, signal.SIGTERM):
            client = self.client(service)
            zone_id = client.zone(f'{number.name.lower()}.example.')
            accepted: list[str] = []
            threads = [threading.Thread(target=self.create, args=(
                service, zone_id, f'{which}.{number.name.lower()}.example.', accepted))
                for which in range(4)]
            for thread in threads:
                thread.start()
            base.wait(lambda: len(accepted) > 20)
            self.stopped(service, number)
            for thread in threads:
                thread.join()
            service.start()
            self.assert_kept(self.client(service), zone_id, accepted)

    def create(self, service: standalone.Standalone, zone_id: str, end: str,
               accepted: list[str]) -> None:
        """Create recordsets until the service is gone."""
        with contextlib.closing(service.client()) as client, \
                contextlib.suppress(OSError, http.client.HTTPException, standalone.Refused):
            for count in range(10_000):
                client.record(zone_id, f'r{count}.{end}', '192.0.2.1')
                accepted.append(f'r{count}.{end}')

    def assert_kept(self, client: standalone.Client, zone_id: str, accepted: list[str]) -> None:
        """Fail unless the zone has all these recordsets."""
        client.active(f'/v2/zones/{zone_id}')
        found = client('GET', f'/v2/zones/{zone_id}/recordsets?limit=20000')['recordsets']
        self.assertEqual([], sorted(set(accepted) - {each['name'] for each in found}))


class CrashTest(ProgramTestCase):

    def test_it_tells_where_the_interpreter_crashed(self) -> None:
        service = self.standalone()
        resource.prlimit(service.process.pid, resource.RLIMIT_CORE, (0, 0))     # It is large.
        service.process.send_signal(signal.SIGSEGV)
        self.assertEqual(-signal.SIGSEGV, service.process.wait(20))
        self.assertIn('Fatal Python error: Segmentation fault', service.log())
        self.assertIn('designate_like/cmd/standalone.py", line', service.log())


class RefusedTest(ProgramTestCase):

    def refused(self, *more: str, settings: str = '') -> str:
        """Start with such arguments; returns the one line about why it did not."""
        service = standalone.Standalone(self.directory(), None, settings)
        ended = subprocess.run([*service.command, *more], capture_output=True, text=True,
                               timeout=30, check=False)
        self.assertEqual((1, ''), (ended.returncode, ended.stdout), ended.stderr)
        self.assertEqual(1, ended.stderr.count('\n'), ended.stderr)
        self.assertTrue(ended.stderr.startswith('standalone.py: '), ended.stderr)
        return ended.stderr

    def test_a_taken_port(self) -> None:
        for kind, option in ((socket.SOCK_STREAM, '--listen'),
                             (socket.SOCK_STREAM, '--dns-listen'),
                             (socket.SOCK_DGRAM, '--dns-listen')):
            with self.subTest(option=option, kind=kind), socket.socket(type=kind) as taken:
                taken.bind(('127.0.0.1', 0))
                if kind == socket.SOCK_STREAM:
                    taken.listen()
                address = '{}:{}'.format(*taken.getsockname())
                self.assertIn(f'cannot listen at {address}: Address already in use',
                              self.refused(option, address))

    def test_a_second_instance(self) -> None:
        service = self.standalone()
        self.assertIn(f'cannot listen at 127.0.0.1:{service.port}',
                      self.refused(*service.command[3:]))
        self.assertIn(f'{service.state} is in use by another',
                      self.refused('--state-path', str(service.state)))
        self.client(service).zone('still.example.')

    def test_an_open_address_without_authentication(self) -> None:
        for address in ('0.0.0.0:0', '[::]:0', 'localhost.example:0'):
            with self.subTest(address):
                line = self.refused('--listen', address)
                self.assertIn(f'loopback only, not on {address}', line)
                self.assertIn('--insecure', line)

    def test_addresses_that_are_none(self) -> None:
        for option, group in (('--listen', 'service:api'), ('--dns-listen', 'service:mdns')):
            for address in ('127.0.0.1:99999', '127.0.0.1:http'):
                with self.subTest(option=option, address=address):
                    self.assertIn(f"[{group}] listen: '{address}' is not host:port",
                                  self.refused(option, address))

    def test_settings(self) -> None:
        nowhere = '/nowhere/htpasswd'
        for settings, sentence in (
                ('[service:api]\nthreads = many\n', 'standalone.conf: [service:api] threads: '),
                ('[DEFAULT]\ndefault_ttl = long\n', 'standalone.conf: [DEFAULT] default_ttl: '),
                ('[service:api]\nauth_strategy = magic\n', '[service:api] auth_strategy: '),
                ('[service:producer]\nenabled_tasks = sleep\n', 'enabled_tasks: no such task'),
                ('[service:api]\nauth_strategy = http_basic\n'
                 f'http_basic_auth_user_file = {nowhere}\n', f'auth_user_file: {nowhere} cannot'),
                ('no section\n', 'standalone.conf:1')):
            with self.subTest(settings):
                self.assertIn(sentence, self.refused(settings=settings))
        self.assertIn('/nowhere.conf', self.refused('--config-file', '/nowhere.conf'))

    def test_pools_files(self) -> None:
        path = self.directory() / 'pools.yaml'
        self.assertIn(f'{path}: No such file', self.refused('--pools', str(path)))
        for content, sentence in (
                ('- {name: default, nameserver: []}', "Keys ['nameserver'] are not valid for pool"),
                ('- {name: default, targets: [{type: abacus}]}', "type: 'abacus' is not one of"),
                ('- {name: [', 'line 1'),
                ('name: default', 'the file must hold a list of pools')):
            with self.subTest(content):
                path.write_text(content)
                line = self.refused('--pools', str(path))
                self.assertIn(f'{path}: ', line)
                self.assertIn(sentence, line)


class BasicTest(ProgramTestCase):

    def test_names_and_passwords(self) -> None:
        users = self.directory() / 'htpasswd'
        users.write_text('me:' + bcrypt.hashpw(b'secret', bcrypt.gensalt(4)).decode() + '\n')
        service = standalone.Standalone(self.directory(), settings=(
            '[service:api]\nauth_strategy = http_basic\n'
            f'http_basic_auth_user_file = {users}\n'))
        service.command += ['--listen', f'0.0.0.0:{service.port}']
        self.addCleanup(service.kill)
        service.start()
        with self.assertRaises(standalone.Refused) as caught:
            self.client(service)('POST', '/v2/zones', SOME_ZONE)
        self.assertEqual(401, caught.exception.code)
        endpoint = f'http://127.0.0.1:{service.port}/v2'
        with self.assertRaises(cli.Failed):
            self.openstack(endpoint, 'wrong')('zone list')
        openstack = self.openstack(endpoint, 'secret')
        openstack('zone create --email me@example.org kept.example.')
        self.assertEqual(['kept.example.'], [each['name'] for each in openstack('zone list')])

    def openstack(self, endpoint: str, password: str) -> cli.Cli:
        """The client of the user me."""
        return cli.Cli(endpoint, '--os-auth-type', 'http_basic', '--os-username', 'me',
                       '--os-password', password)
