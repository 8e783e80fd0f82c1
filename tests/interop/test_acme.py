# SPDX-License-Identifier: Apache-2.0
"""A certificate by ACME's DNS challenge: a client writes the record, pebble looks for it.

Debian builds lego without its own provider for this API, so lego hands the record to a script
that runs the openstack command.
"""
import json
import os
import pathlib
import ssl
import subprocess
import urllib.request

from tests import base
from tests.interop import cloud
from tests.interop import server
from tests.unit.backends import certificates

ZONE = 'acme.example.'

# lego calls it with "present" or "cleanup", the name, and what is to stand there.
HOOK = f'''#!/bin/sh -e
case $1 in
present) openstack recordset create {ZONE} "$2" --type TXT --record "\\"$3\\"" --ttl 10 ;;
cleanup) openstack recordset delete {ZONE} "$2" ;;
esac
'''


class AcmeTest(cloud.TestCase):

    def pebble(self, directory: pathlib.Path) -> tuple[str, str]:
        """Start an authority that asks our own name server.

        :returns: its URL, and the file with the certificate that it shows.
        """
        certificate, key = certificates.make(directory, 'localhost')
        port = server.free_port()
        (directory / 'pebble.json').write_text(json.dumps({'pebble': {
            'listenAddress': f'127.0.0.1:{port}',
            'managementListenAddress': f'127.0.0.1:{server.free_port()}',
            'certificate': certificate, 'privateKey': key,
            'httpPort': 1, 'tlsPort': 1, 'ocspResponderURL': ''}}))
        with (directory / 'log').open('wb') as log:
            process = subprocess.Popen(
                [base.require('pebble'), '-config', directory / 'pebble.json',
                 '-dnsserver', f'127.0.0.1:{self.service.dns_port}'],
                env={'PEBBLE_VA_NOSLEEP': '1', 'PEBBLE_WFE_NONCEREJECT': '0'},
                stdout=log, stderr=log)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.kill)
        url = f'https://localhost:{port}/dir'
        trust = ssl.create_default_context(cafile=certificate)

        def answers() -> bool:
            try:
                with urllib.request.urlopen(url, context=trust, timeout=5) as reply:
                    return reply.status == 200
            except OSError:
                return False
        base.wait(answers, 20, 0.05)
        return url, certificate

    def test_challenge(self):
        member = self.user('member')
        zone = member.zone(ZONE)
        directory = self.directory()
        authority, trust = self.pebble(directory)
        hook = directory / 'hook'
        hook.write_text(HOOK)
        hook.chmod(0o700)
        commands = pathlib.Path(base.require('openstack')).parent
        ended = subprocess.run(
            [base.require('lego'), '--server', authority, '--path', directory / 'lego',
             '--accept-tos', '--email', 'me@example.org', '--domains', 'www.acme.example',
             '--dns', 'exec', '--dns.resolvers', f'127.0.0.1:{self.service.dns_port}',
             '--dns.disable-cp', 'run'],
            env={'PATH': f'{commands}:{os.environ["PATH"]}', 'HOME': str(directory),
                 'LEGO_CA_CERTIFICATES': trust, 'EXEC_PATH': str(hook),
                 'EXEC_POLLING_INTERVAL': '1',
                 **{f'OS_{name.upper()}': text
                    for name, text in self.keystone.access('member').items()}},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        self.assertEqual(0, ended.returncode, ended.stdout)
        made = directory / 'lego' / 'certificates' / 'www.acme.example.crt'
        self.assertTrue(made.read_bytes().startswith(b'-----BEGIN CERTIFICATE'))
        # The record was there for the time of the challenge alone.
        self.assertIn('_acme-challenge.www.acme.example', ended.stdout)
        self.assertEqual([], member(
            'GET', f'/v2/zones/{zone}/recordsets?type=TXT')['recordsets'])
