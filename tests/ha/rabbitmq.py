# SPDX-License-Identifier: Apache-2.0
"""A cluster of real RabbitMQ nodes, each of which can be killed and started again."""
import pathlib
from collections.abc import Sequence

from tests import base
from tests.ha import places

_CONFIGURATION = '''
listeners.tcp.default = 5672
default_user = dns
default_pass = secret
loopback_users = none
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.discovery_retry_limit = 1
vm_memory_high_watermark.absolute = 256MB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 33554432
log.console = true
log.console.level = info
log.file = false
'''
# How soon a silent node is given up, in place of a minute.
_TICK = 8


class Node:
    """One RabbitMQ of a cluster, with the epmd that tells the others where it is."""

    def __init__(self, directory: pathlib.Path, cluster: Sequence[places.Place],
                 place: places.Place) -> None:
        self.place = place
        base.require('rabbitmq-server')
        # The one in PATH would change to the user rabbitmq.
        self._server = str(base.require_file('/usr/lib/rabbitmq/bin/rabbitmq-server',
                                             'rabbitmq-server'))
        self._epmd = base.require('epmd')
        self.directory = directory / place.name / 'rabbitmq'
        self.directory.mkdir(parents=True)
        members = ''.join(
            f'cluster_formation.classic_config.nodes.{number} = rabbit@{each.address}\n'
            for number, each in enumerate(cluster, 1))
        (self.directory / 'rabbitmq.conf').write_text(_CONFIGURATION + members)
        (self.directory / 'advanced.config').write_text('[{aten, [{poll_interval, 1000}]}].\n')
        (self.directory / 'enabled_plugins').write_text('[].\n')
        cookie = self.directory / '.erlang.cookie'
        cookie.write_text('TESTS')
        cookie.chmod(0o400)
        self._log = self.directory.parent / 'rabbitmq.log'
        self.process: places.Process | None = None
        self._names: places.Process | None = None

    def start(self) -> None:
        """Start it; :meth:`ready` tells when it can be used."""
        if self._names is None:     # It goes on when the node dies.
            self._names = places.Process(self.place, self.directory.parent / 'epmd.log',
                                         [self._epmd])
        self._log.write_bytes(b'')
        here = self.directory
        self.process = places.Process(self.place, self._log, [self._server], {
            'HOME': str(here), 'RABBITMQ_USE_LONGNAME': 'true',
            'RABBITMQ_NODENAME': f'rabbit@{self.place.address}',
            'RABBITMQ_MNESIA_BASE': f'{here}/mnesia', 'RABBITMQ_LOG_BASE': f'{here}/log',
            'RABBITMQ_CONFIG_FILE': f'{here}/rabbitmq.conf',
            'RABBITMQ_ADVANCED_CONFIG_FILE': f'{here}/advanced.config',
            'RABBITMQ_ENABLED_PLUGINS_FILE': f'{here}/enabled_plugins',
            'RABBITMQ_PID_FILE': f'{here}/pid', 'RABBITMQ_CONF_ENV_FILE': '/dev/null',
            'RABBITMQ_ALLOW_INPUT': '1', 'ERL_CRASH_DUMP': f'{here}/erl_crash.dump',
            'LANG': 'C.UTF-8',
            'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS':
                f'-noinput -start_epmd false -kernel net_ticktime {_TICK} '
                '+S 1:1 +SDcpu 1:1 +sbwt none +sbwtdcpu none +sbwtdio none'})

    def ready(self) -> bool:
        """Whether it has started."""
        self.process.check()
        return 'Server startup complete' in self._log.read_text(errors='replace')

    def wait(self) -> None:
        """Return when it is ready."""
        try:
            base.wait(self.ready, timeout=90, pause=0.1)
        except AssertionError as problem:
            raise AssertionError(self.process.end_of_log()) from problem

    def kill(self) -> None:
        """Let it die at once."""
        if self.process is not None:
            self.process.kill()

    def restart(self) -> None:
        """Start it after it died, and return when it takes part again."""
        self.start()
        self.wait()


class Cluster:
    """Nodes with one bus or, if they are not together, each with its own."""

    def __init__(self, directory: pathlib.Path, where: Sequence[places.Place],
                 together: bool) -> None:
        self._together = together
        self.nodes = [Node(directory, where if together else [place], place) for place in where]

    def start(self) -> None:
        """Start the first, which the others may join; return when all are ready."""
        self.nodes[0].start()
        if self._together:
            self.nodes[0].wait()
        for node in self.nodes[1:]:
            node.start()
        for node in self.nodes:
            node.wait()

    def kill(self) -> None:
        """Let all nodes die."""
        for node in self.nodes:
            node.kill()
            if node._names is not None:
                node._names.kill()

    def url(self, nearest: int = 0) -> str:
        """The bus for somebody who is nearest to that node."""
        others = [*self.nodes[nearest + 1:], *self.nodes[:nearest]] if self._together else []
        ordered = [self.nodes[nearest], *others]
        return 'rabbit://' + ','.join(f'dns:secret@{node.place.address}:5672'
                                      for node in ordered) + '//'
