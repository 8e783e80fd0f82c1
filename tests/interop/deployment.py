# SPDX-License-Identifier: Apache-2.0
"""A site as an operator runs it: every role a program of its own, over RabbitMQ and MariaDB.

    site = deployment.Deployment(directory, servers)
    site.start()
    site.kill('central-1')          as if its host had lost its power
    site.start_role('central-1')
"""
import contextlib
import http.client
import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Sequence

import yaml

from tests import base
from tests.interop import mariadb
from tests.interop import rabbitmq
from tests.interop import server
from tests.interop import standalone

# A name is a role and, where there are several, a host.
ROLES = ('central-1', 'central-2', 'mdns-1', 'mdns-2', 'worker-1', 'worker-2', 'producer', 'api')

_CONFIGURATION = '''\
[DEFAULT]
transport_url = {bus}
state_path = {state}
host = {name}
quota_zones = -1
quota_zone_recordsets = -1
quota_zone_records = -1
[storage:sqlalchemy]
connection = {database}
[oslo_reports]
log_dir = {state}/{name}.reports
[service:{role}]
workers = {workers}
{settings}
'''


class Deployment:
    """The processes, their configuration files and their logs.

    :param servers: the name servers that are its pool; without one mdns-1 is.
    :param roles: their names, a central first.
    """

    def __init__(self, directory: pathlib.Path, servers: Sequence[server.Server] = (),
                 bus: str | None = None, database: str | None = None,
                 roles: Sequence[str] = ROLES) -> None:
        self.directory = directory
        self.roles = roles
        self.bus = bus or rabbitmq.shared().url()
        self.database = database or mariadb.shared().url()
        self.ports = {name: server.free_port() for name in roles if name.startswith('api')}
        self.port = next(iter(self.ports.values()), None)
        self.dns_ports = {name: server.free_port() for name in roles if name.startswith('mdns')}
        self.processes: dict[str, subprocess.Popen] = {}
        for name in self.roles:
            self.configure(name)
        masters = list(self.dns_ports.values())
        self.pools = directory / 'pools.yaml'
        self.pools.write_text(yaml.safe_dump([{
            'id': standalone.POOL_ID, 'name': 'default',
            'ns_records': [{'hostname': 'ns1.example.net.', 'priority': 1}],
            'nameservers': [{'host': '127.0.0.1', 'port': each.port} for each in servers]
            or [{'host': '127.0.0.1', 'port': masters[0]}],
            'targets': [each.target(*masters) for each in servers]}]))

    def file(self, name: str) -> pathlib.Path:
        """Return the configuration file of a role."""
        return self.directory / f'{name}.conf'

    def configure(self, name: str, workers: int = 1, more: str = '') -> None:
        """Write the configuration file of a role.

        :param more: text that follows it, beginning with options of the role's own section.
        """
        role = name.partition('-')[0]
        (self.directory / f'{name}.reports').mkdir(exist_ok=True)
        own = {'api': f'listen = 127.0.0.1:{self.ports.get(name)}\nauth_strategy = noauth',
               'mdns': f'listen = 127.0.0.1:{self.dns_ports.get(name)}'}
        self.file(name).write_text(_CONFIGURATION.format(
            bus=self.bus, state=self.directory, name=name, database=self.database, role=role,
            workers=workers, settings=f'{own.get(role, "")}\n{more}'))

    def manage(self, *arguments: str) -> str:
        """Run designate-like-manage; returns what it prints."""
        ran = subprocess.run(
            [sys.executable, '-m', 'designate_like.cmd.manage', '--config-file',
             self.file(self.roles[0]), *arguments], capture_output=True, text=True, check=False)
        if ran.returncode:
            raise AssertionError(ran.stderr)
        return ran.stdout

    def start(self) -> None:
        """Start everything, and return when the API has its pool."""
        self.manage('database', 'sync')
        for name in self.roles:
            self.start_role(name)
        # A broker that has never seen central has no queue for it, and drops what is sent there.
        base.wait(self.is_ready, 60, 0.05)
        self.manage('pool', 'update', '--file', str(self.pools))

    def start_role(self, name: str) -> None:
        """Start one program."""
        with (self.directory / f'{name}.log').open('ab') as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, '-m', f'designate_like.cmd.{name.partition("-")[0]}',
                 '--config-file', self.file(name)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def is_ready(self) -> bool:
        """Whether the API answers, and all that stands behind it."""
        with contextlib.closing(self.client()) as client, contextlib.suppress(
                OSError, http.client.HTTPException, standalone.Refused):
            client('GET', '/healthcheck/ready')
            return True
        return False

    def client(self) -> standalone.Client:
        """A new client of the API."""
        return standalone.Client(self.port)

    def send(self, name: str, number: signal.Signals) -> None:
        """Send a signal to all processes of a role."""
        os.killpg(self.processes[name].pid, number)

    def kill(self, name: str) -> None:
        """Let all processes of a role die at once."""
        with contextlib.suppress(ProcessLookupError):
            self.send(name, signal.SIGKILL)
        self.processes.pop(name).wait()

    def stop(self, name: str, timeout: float = 20) -> int:
        """Stop a role as an operator would; returns its exit code."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise AssertionError(f'{name} does not stop:\n{self.log(name)}') from None

    def kill_all(self) -> None:
        """Let everything die."""
        for name in list(self.processes):
            self.kill(name)

    def log(self, name: str) -> str:
        """Return all that a role has written."""
        return (self.directory / f'{name}.log').read_text(errors='replace')

    def logs(self) -> str:
        """Return the end of what each role has written, for a test that fails."""
        return '\n'.join(f'== {name}\n{self.log(name)[-3000:]}' for name in self.roles
                         if (self.directory / f'{name}.log').exists())
