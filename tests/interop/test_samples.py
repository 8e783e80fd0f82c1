# SPDX-License-Identifier: Apache-2.0
"""What etc/designate_like has for HAProxy and systemd, given to the real programs.

uwsgi.ini and apache.conf have tests of their own in test_wsgi_servers, haproxy_database.cfg in
tests.ha.test_galera.
"""
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests import base
from tests.interop import deployment
from tests.interop import server
from tests.interop import standalone

SAMPLES = pathlib.Path(__file__).parents[2] / 'etc/designate_like'
ROLES = ('api', 'central', 'worker', 'producer', 'mdns', 'sink')

# What stands before the sample on a Debian host.
_GLOBAL = 'global\n    log stdout format raw local0\n'

_PROXIED = '[oslo_middleware]\nenable_proxy_headers_parsing = true\n'


def certificate(path: pathlib.Path) -> None:
    """Write a key and a certificate for 127.0.0.1, which signs itself, as HAProxy reads them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, '127.0.0.1')])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now,
        now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))


class HaproxyTestCase(base.TestCase):
    """Has an HAProxy that runs as the sample says; ``port`` and ``tls_port`` are its own."""

    def setUp(self) -> None:
        super().setUp()
        self.haproxy = base.require('haproxy')
        self.port, self.tls_port = server.free_port(), server.free_port()

    def site(self, *roles: str, database: str | None = None) -> deployment.Deployment:
        """A region with its own message bus, whose APIs believe a proxy; nothing runs yet."""
        made = deployment.Deployment(self.directory(), database=database, roles=roles)
        self.addCleanup(made.kill_all)
        made.configure('api-1', more=_PROXIED)
        return made

    def proxy(self, ports: Mapping[str, int]) -> None:
        """Start HAProxy.

        :param ports: the ports of 127.0.0.1 for servers of the sample; others are left out.
        """
        place = self.directory()
        certificate(place / 'dns.pem')
        sample = (SAMPLES / 'haproxy.cfg').read_text()
        sample = re.sub(r'(?m)^    bind :9001$', f'    bind 127.0.0.1:{self.port}', sample)
        sample = re.sub(r'(?m)^    # bind :9443 ssl crt \S+',
                        f'    bind 127.0.0.1:{self.tls_port} ssl crt {place}/dns.pem', sample)
        sample = re.sub(r'(?m)^    server (\S+) \S+', lambda found: (
            f'    server {found[1]} 127.0.0.1:{ports[found[1]]}' if found[1] in ports
            else f'    # {found[1]}'), sample)
        (place / 'global.cfg').write_text(_GLOBAL)
        (place / 'haproxy.cfg').write_text(sample)
        command = [self.haproxy, '-f', str(place / 'global.cfg'), '-f', str(place / 'haproxy.cfg')]
        checked = subprocess.run([*command, '-c'], capture_output=True, text=True, check=False)
        self.assertEqual((0, 'Configuration file is valid\n'), (checked.returncode,
                                                                checked.stdout), checked.stderr)
        self.log = place / 'log'
        with self.log.open('wb') as log:
            process = subprocess.Popen([*command, '-db'], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.kill)

    def client(self) -> standalone.Client:
        """A client of HAProxy, closed after the test."""
        return self.enterContext(contextlib.closing(standalone.Client(self.port)))

    def answers(self, *apis: str) -> bool:
        """Whether HAProxy has passed on a request, lately, to each of these."""
        with contextlib.closing(standalone.Client(self.port)) as client, contextlib.suppress(
                OSError, http.client.HTTPException, ValueError, standalone.Refused):
            client('GET', '/')
        said = self.log.read_text().splitlines()[-10:]
        return all(any(f'/{api} ' in line and ' 200 ' in line for line in said) for api in apis)


class HaproxyTest(HaproxyTestCase):
    """One region, two APIs."""

    def setUp(self) -> None:
        super().setUp()
        self.region = self.site('central-1', 'mdns-1', 'api-1', 'api-2')
        other = server.free_port()
        self.region.configure('api-2', more=f'listen = 127.0.0.1:{other}\n{_PROXIED}')
        self.region.start()
        self.proxy({'one-a': self.region.port, 'one-b': other})
        base.wait(lambda: self.answers('one-a', 'one-b'), 30, 0.05)

    def test_an_api_is_killed(self) -> None:
        read: list[Any] = []
        written: list[Any] = []
        failed: list[Any] = []
        enough = threading.Event()

        def work(ask: Callable[[standalone.Client, int], Any], done: list[Any]) -> None:
            client = standalone.Client(self.port)
            while not enough.is_set():
                try:
                    done.append(ask(client, len(done)))
                except (OSError, http.client.HTTPException, ValueError,     # HAProxy has HTML.
                        standalone.Refused) as problem:
                    failed.append((done is read, problem))
                    client.close()
            client.close()

        def create(client: standalone.Client, number: int) -> str:
            return client('POST', '/v2/zones', {'name': f'zone{number}-{len(failed)}.example.',
                                                'email': 'me@example.org'})['id']

        threads = [threading.Thread(target=work, args=each) for each in (
            (lambda client, number: client('GET', '/v2/zones?limit=1'), read), (create, written))]
        for thread in threads:
            thread.start()
        try:
            base.wait(lambda: len(read) > 20 and len(written) > 20, 30)
            self.region.kill('api-1')
            then = len(read), len(written)
            base.wait(lambda: len(read) > then[0] + 40 and len(written) > then[1] + 40, 30)
        finally:
            enough.set()
            for thread in threads:
                thread.join()
        # Only changes that had come to the API when it died have no answer, or one that is no
        # success: that which it worked on, and that which waited in its socket.
        self.assertNotIn(True, [reading for reading, _ in failed], failed)
        self.assertLessEqual(len(failed), 2, failed)
        known = self.client()('GET', '/v2/zones?limit=1000')['zones']
        self.assertLessEqual(set(written), {each['id'] for each in known})

        self.region.start_role('api-1')
        base.wait(lambda: self.answers('one-a', 'one-b'), 30, 0.05)

    def test_links_are_what_the_client_used(self) -> None:
        lies = {'X-Forwarded-Proto': 'gopher', 'X-Forwarded-Host': 'elsewhere.example',
                'X-Forwarded-Prefix': '/elsewhere', 'Forwarded': 'host=elsewhere.example'}
        unverified = ssl.create_default_context()
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        for connection, url in (
                (http.client.HTTPConnection('127.0.0.1', self.port, timeout=30),
                 f'http://127.0.0.1:{self.port}/v2'),
                (http.client.HTTPSConnection('127.0.0.1', self.tls_port, timeout=30,
                                             context=unverified),
                 f'https://127.0.0.1:{self.tls_port}/v2')):
            with contextlib.closing(connection):
                connection.request('GET', '/v2/zones', headers=lies)
                document = json.loads(connection.getresponse().read())
            self.assertEqual(f'{url}/zones', document['links']['self'])


class RegionsTest(HaproxyTestCase):
    """Two regions with one database, and the HAProxy of the first."""

    def test_other_regions_stand_in_for_this_one(self) -> None:
        here = self.site('central-1', 'mdns-1', 'api-1')
        here.configure('api-1', more=f'{_PROXIED}[DEFAULT]\nrpc_response_timeout = 3\n')
        there = self.site('central-1', 'mdns-1', 'api-1', database=here.database)
        for region in (here, there):
            region.start()
        self.proxy({'one-a': here.port, 'two-a': there.port})
        base.wait(lambda: self.answers('one-a'), 30, 0.05)
        self.assertNotIn('/two-a ', self.log.read_text())

        here.kill('central-1')
        base.wait(lambda: self.answers('two-a'), 60, 0.05)
        made = self.client()('POST', '/v2/zones', {'name': 'one.example.',
                                                   'email': 'me@example.org'})

        # With nobody left, the API that is nearest says so, in the way of the API.
        there.kill('central-1')
        base.wait(lambda: 'backend designate_like_everything has no server' in
                  self.log.read_text(), 60, 0.05)
        with self.assertRaises(standalone.Refused) as caught:
            self.client()('GET', f'/v2/zones/{made["id"]}')
        self.assertEqual('timeout', caught.exception.document['type'])

        here.start_role('central-1')
        base.wait(lambda: self.answers('one-a'), 60, 0.05)


class SystemdTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.analyze = base.require('systemd-analyze')
        self.place = self.directory()
        for role in ROLES:
            program = self.place / f'designate-like-{role}'
            program.touch(0o755)
        self.unit = self.place / 'designate-like@.service'
        self.unit.write_text((SAMPLES / 'systemd' / self.unit.name).read_text().replace(
            '/opt/designate_like/bin', str(self.place)))

    def test_a_unit_of_each_role(self) -> None:
        for role in ROLES:
            made = subprocess.run([self.analyze, 'verify', str(self.place / f'designate-like@{role}'
                                                               '.service')],
                                  capture_output=True, text=True, check=False)
            # It reads the units of the host as well.
            ours = [line for line in made.stderr.splitlines() if str(self.place) in line
                    or 'designate-like' in line]
            self.assertEqual((0, []), (made.returncode, ours), made.stderr)

    def test_no_privileges(self) -> None:
        made = subprocess.run([self.analyze, 'security', '--offline=true', '--threshold=20',
                               str(self.unit)], capture_output=True, text=True, check=False)
        self.assertEqual(0, made.returncode, made.stdout + made.stderr)

    def test_a_role_reports_that_it_is_ready(self) -> None:
        site = deployment.Deployment(self.place, bus='inproc://', database='sqlite://',
                                     roles=('api', 'mdns'))
        self.addCleanup(site.kill_all)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.place / 'notify'))
            manager.settimeout(30)
            with mock.patch.dict(os.environ, NOTIFY_SOCKET=str(self.place / 'notify')):
                site.start_role('api')
            self.assertEqual(b'READY=1', manager.recv(100))
        self.assertEqual(0, site.stop('api'))
