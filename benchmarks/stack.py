# SPDX-License-Identifier: Apache-2.0
"""What a measurement runs on: standalone in a process of its own, with a BIND if wanted."""
import contextlib
import http.client
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import yaml

from tests.interop import bind

POOL_ID = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
_NO_LIMITS = ''.join(f'quota_{name} = -1\n' for name in (
    'zones', 'zone_recordsets', 'zone_records', 'recordset_records', 'api_export_size'))


def free_port() -> int:
    """A port of the loopback address that is free for UDP and TCP just now."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(('127.0.0.1', 0))
        udp.bind(tcp.getsockname())
        return tcp.getsockname()[1]


class Client:
    """A client of the API that keeps its connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection('127.0.0.1', port)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The document of the answer.

        :raises RuntimeError: for an answer that is an error.
        """
        self._connection.request(method, path, None if body is None else json.dumps(body),
                                 {'Content-Type': 'application/json'})
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 400:
            raise RuntimeError(f'{method} {path}: {response.status} {content.decode()}')
        return json.loads(content) if content else None

    def zone(self, name: str) -> str:
        """Create a zone, wait until it is ACTIVE; returns its id."""
        zone_id = self('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})['id']
        self.active(f'/v2/zones/{zone_id}')
        return zone_id

    def active(self, path: str, timeout: float = 30) -> None:
        """Wait until what the path shows is ACTIVE."""
        deadline = time.monotonic() + timeout
        while self('GET', path)['status'] != 'ACTIVE':
            if time.monotonic() > deadline:
                raise RuntimeError(f'{path} is not ACTIVE after {timeout} seconds')
            time.sleep(0.002)


class Stack:
    """A running service."""

    def __init__(self, api: int, dns: int, process: subprocess.Popen, state: pathlib.Path,
                 named: bind.Bind | None) -> None:
        self.api = api
        self.dns = dns
        self.process = process
        self.state = state
        self.bind = named

    def client(self) -> Client:
        """A new client of the API."""
        return Client(self.api)

    def memory(self) -> int:
        """Bytes that the service has in memory."""
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith('VmRSS:'):
                return int(line.split()[1]) * 1024
        raise RuntimeError('the service is gone')


@contextlib.contextmanager
def running(with_bind: bool = True) -> Iterator[Stack]:
    """Standalone on an empty database, without quotas, and BIND as its pool if wanted."""
    with contextlib.ExitStack() as stack:
        state = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api, dns = free_port(), free_port()
        settings = state / 'standalone.conf'
        settings.write_text(f'[DEFAULT]\n{_NO_LIMITS}')
        command = [sys.executable, '-m', 'designate_like.cmd.standalone', '--config-file',
                   str(settings), '--state-path', str(state), '--listen', f'127.0.0.1:{api}',
                   '--dns-listen', f'127.0.0.1:{dns}']
        named = None
        if with_bind:
            named = stack.enter_context(bind.running())
            pools = state / 'pools.yaml'
            pools.write_text(yaml.safe_dump([pool(named, dns)]))
            command += ['--pools', str(pools)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        stack.callback(process.wait, 10)
        stack.callback(process.terminate)
        if process.stdout is None or 'is ready' not in process.stdout.readline():
            raise RuntimeError('the service did not start')
        yield Stack(api, dns, process, state, named)


def pool(named: bind.Bind, mdns_port: int) -> dict[str, Any]:
    """The default pool on one BIND, as pools.yaml has it."""
    return {
        'id': POOL_ID, 'name': 'default',
        'ns_records': [{'hostname': 'ns1.example.net.', 'priority': 1}],
        'nameservers': [{'host': '127.0.0.1', 'port': named.port}],
        'targets': [{
            'type': 'bind9', 'masters': [{'host': '127.0.0.1', 'port': mdns_port}],
            'options': {'host': '127.0.0.1', 'port': named.port, 'rndc_host': '127.0.0.1',
                        'rndc_port': named.rndc_port, 'rndc_key_file': str(named.rndc_key_file)}}]}
