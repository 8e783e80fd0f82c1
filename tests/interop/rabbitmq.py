# SPDX-License-Identifier: Apache-2.0
"""RabbitMQ as roles use it: one real node, which can die and come back with its queues."""
import atexit
import functools
import json
import os
import pathlib
import subprocess
import tempfile

from tests import base
from tests.interop import server

# Virtual hosts that are there from the start: making one later takes seconds.
VIRTUAL_HOSTS = 24

_CONFIGURATION = '''\
loopback_users = none
load_definitions = {directory}/definitions.json
log.console = true
log.file = false
vm_memory_high_watermark.absolute = 256MB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 33554432
'''
_PERMISSION = {'user': 'guest', 'configure': '.*', 'write': '.*', 'read': '.*'}


class Broker:
    """A RabbitMQ node in a directory of its own, on free ports of 127.0.0.1."""

    def __init__(self, directory: pathlib.Path) -> None:
        # The one in PATH would change to the user rabbitmq.
        self._command = str(base.require_file('/usr/lib/rabbitmq/bin/rabbitmq-server',
                                              'rabbitmq-server'))
        self.port, epmd = server.free_port(), server.free_port()
        self._directory = directory
        self._taken = 0
        names = [f'test{number}' for number in range(VIRTUAL_HOSTS)]
        (directory / 'plugins').write_text('[].')
        (directory / 'rabbitmq.conf').write_text(_CONFIGURATION.format(directory=directory))
        (directory / 'definitions.json').write_text(json.dumps({
            'users': [{'name': 'guest', 'password': 'guest', 'tags': 'administrator'}],
            'vhosts': [{'name': name} for name in names],
            'permissions': [{**_PERMISSION, 'vhost': name} for name in names]}))
        self._environment = {
            **os.environ, 'HOME': str(directory), 'RABBITMQ_NODENAME': f'test{self.port}@localhost',
            'RABBITMQ_MNESIA_BASE': str(directory / 'mnesia'), 'RABBITMQ_ALLOW_INPUT': '1',
            'RABBITMQ_LOG_BASE': str(directory), 'RABBITMQ_CONF_ENV_FILE': '/dev/null',
            'RABBITMQ_CONFIG_FILE': str(directory / 'rabbitmq.conf'),
            'RABBITMQ_ENABLED_PLUGINS_FILE': str(directory / 'plugins'),
            'RABBITMQ_PID_FILE': str(directory / 'pid'),
            'RABBITMQ_NODE_IP_ADDRESS': '127.0.0.1', 'RABBITMQ_NODE_PORT': str(self.port),
            'RABBITMQ_DIST_PORT': str(server.free_port()), 'ERL_EPMD_PORT': str(epmd),
            'ERL_EPMD_ADDRESS': '127.0.0.1', 'LANG': 'C.UTF-8',
            'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS':
                '-noinput -start_epmd false +S 1:1 +SDcpu 1:1 +sbwt none +sbwtdcpu none'}
        self._names = self._run(base.require('epmd'), '-port', str(epmd))
        self.process: subprocess.Popen | None = None

    def _run(self, *command: str) -> subprocess.Popen:
        with (self._directory / 'log').open('ab') as log:
            return subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log)

    def url(self) -> str:
        """Return the URL of a virtual host that nobody has used."""
        self._taken += 1
        return f'rabbit://guest:guest@127.0.0.1:{self.port}/test{self._taken - 1}'

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        (self._directory / 'log').write_bytes(b'')
        self.process = self._run(self._command)
        base.wait(self._is_ready, timeout=90, pause=0.1)

    def _is_ready(self) -> bool:
        log = (self._directory / 'log').read_text(errors='replace')
        if self.process.poll() is not None:
            raise AssertionError(f'RabbitMQ ended:\n{log[-5000:]}')
        return 'Server startup complete' in log

    def kill(self) -> None:
        """Let it die at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def end(self) -> None:
        """Let it die for good."""
        self.kill()
        self._names.kill()
        self._names.wait()


@functools.cache
def shared() -> Broker:
    """The broker of all tests of this process; a test that kills it starts it again."""
    directory = tempfile.TemporaryDirectory(prefix='rabbitmq-')
    atexit.register(directory.cleanup)
    broker = Broker(pathlib.Path(directory.name))
    atexit.register(broker.end)
    broker.start()
    return broker
