# SPDX-License-Identifier: Apache-2.0
"""A Galera cluster of real MariaDB nodes, each of which can be killed and started again."""
import os
import pathlib
import re
import shutil
import subprocess
from collections.abc import Sequence

from tests import base
from tests.ha import places
from tests.interop import mariadb

PASSWORD = 'secret'
_PROVIDER = '/usr/lib/galera/libgalera_smm.so'
# How soon a silent node is given up; the defaults are two to three times as long.
_EVS = ';'.join(('evs.keepalive_period=PT0.3S', 'evs.suspect_timeout=PT2S',
                 'evs.inactive_check_period=PT0.3S', 'evs.inactive_timeout=PT5S',
                 'evs.install_timeout=PT5S', 'gmcast.peer_timeout=PT2S', 'gmcast.time_wait=PT2S'))
_CONFIGURATION = '''
[mysqld]
{user}
datadir={data}
socket={data}/socket
pid-file={data}/pid
bind-address={place.address}
port=3306
skip-name-resolve
character-set-server=utf8mb4
max_connections=500
innodb_buffer_pool_size=32M
innodb_log_file_size=16M
innodb_flush_log_at_trx_commit=2
innodb_autoinc_lock_mode=2
binlog_format=ROW
performance_schema=OFF
wsrep_on=ON
wsrep_provider={provider}
wsrep_cluster_name=tests
wsrep_cluster_address=gcomm://{addresses}
wsrep_node_name={place.name}
wsrep_node_address={place.address}
wsrep_sst_method=rsync
wsrep_slave_threads=2
wsrep_retry_autocommit=0
wsrep_provider_options="base_host={place.address};gmcast.listen_addr=tcp://{place.address}:4567;\
ist.recv_addr={place.address}:4568;gcache.size=16M;gmcast.segment={number};{evs}"
'''


class Node:
    """One MariaDB of a cluster."""

    def __init__(self, directory: pathlib.Path, cluster: Sequence[places.Place],
                 place: places.Place) -> None:
        self.place = place
        self.data = directory / place.name / 'mariadb'
        self.data.parent.mkdir(exist_ok=True)
        self._mariadbd = base.require('mariadbd')
        self._mariadb = base.require('mariadb')
        base.require('rsync')
        self._log = self.data.parent / 'mariadb.log'
        self._file = self.data.parent / 'mariadb.cnf'
        self._file.write_text(_CONFIGURATION.format(
            # As root, rsync turns into "nobody" and cannot write what it has fetched.
            user='user=mysql' if os.getuid() == 0 else '', data=self.data, place=place, evs=_EVS,
            provider=base.require_file(_PROVIDER, 'galera-4'), number=cluster.index(place) + 1,
            addresses=','.join(each.address for each in cluster)))
        self.process: places.Process | None = None

    def url(self, *others: 'Node') -> str:
        """The database for somebody who knows this node, and others."""
        hosts = '&'.join(f'host={node.place.address}:3306' for node in (self, *others))
        return f'mysql+{mariadb.DRIVER}://dns:{PASSWORD}@/designate?{hosts}'

    def start(self, *arguments: str) -> None:
        """Start it; :meth:`ready` tells when it can be used."""
        if '--wsrep-new-cluster' not in arguments and re.search(
                r'seqno: *-1', (self.data / 'grastate.dat').read_text()):
            # It was killed. Told where it was, it catches up, and needs no copy of everything.
            arguments += (f'--wsrep_start_position={self._position()}',)
        self.process = places.Process(self.place, self._log, [
            self._mariadbd, f'--defaults-file={self._file}', *arguments])

    def _position(self) -> str:
        log = self.data.parent / 'recovery.log'
        log.unlink(missing_ok=True)
        recovery = places.Process(self.place, log, [
            self._mariadbd, f'--defaults-file={self._file}', '--wsrep-recover'])
        try:
            return base.wait(lambda: re.search(
                r'Recovered position: *(\S+)', log.read_text()), timeout=30)[1]
        finally:
            recovery.kill()     # It may hang at its end.

    def sql(self, statement: str) -> str:
        """What the server answers as its own root; empty while it does not answer."""
        ran = subprocess.run([self._mariadb, '--no-defaults', '-uroot', '-N', '-B', '-S',
                              f'{self.data}/socket', '-e', statement],
                             capture_output=True, text=True)
        return ran.stdout

    def ready(self) -> bool:
        """Whether it takes part in the cluster."""
        self.process.check()
        return 'Synced' in self.sql("SHOW STATUS LIKE 'wsrep_local_state_comment'") \
            and 'ON' in self.sql("SHOW STATUS LIKE 'wsrep_ready'")

    def wait(self) -> None:
        """Return when it is ready."""
        try:
            base.wait(self.ready, timeout=60, pause=0.1)
        except AssertionError as problem:
            raise AssertionError(self.process.end_of_log()) from problem

    def kill(self) -> None:
        """Let it die at once."""
        if self.process is not None:
            self.process.kill()

    def restart(self) -> None:
        """Start it after it died, and return when it has caught up."""
        self.start()
        self.wait()


class Cluster:
    """Nodes with one database; ``start`` returns when all are ready."""

    def __init__(self, directory: pathlib.Path, where: Sequence[places.Place]) -> None:
        directory.chmod(0o755)      # The user mysql has to reach what is below.
        self.nodes = [Node(directory, where, place) for place in where]

    def start(self) -> None:
        """Make a database on the first node, copy it while it is stopped, start all."""
        first = self.nodes[0]
        ran = subprocess.run(
            [base.require('mariadb-install-db'), '--no-defaults', f'--datadir={first.data}',
             '--skip-test-db', '--auth-root-authentication-method=normal',
             '--innodb-log-file-size=16M', *(['--user=mysql'] if os.getuid() == 0 else [])],
            capture_output=True, text=True)
        ran.check_returncode()
        first.start('--wsrep-new-cluster')
        first.wait()
        first.sql(f"CREATE DATABASE designate; CREATE USER dns@'%' IDENTIFIED BY '{PASSWORD}'; "
                  "GRANT ALL ON *.* TO dns@'%'")
        first.process.stop()
        # With the first one's position, in its files and in InnoDB, the others need no copy.
        for name in ('galera.cache', 'gvwstate.dat'):
            (first.data / name).unlink(missing_ok=True)
        for node in self.nodes[1:]:
            shutil.copytree(first.data, node.data, ignore=shutil.ignore_patterns('socket', 'pid'))
            if os.getuid() == 0:
                subprocess.run(['chown', '-R', 'mysql:', str(node.data)], check=True)
        first.start('--wsrep-new-cluster')
        first.wait()
        for node in self.nodes[1:]:
            node.start()
        for node in self.nodes[1:]:
            node.wait()

    def kill(self) -> None:
        """Let all nodes die."""
        for node in self.nodes:
            node.kill()

    def url(self, nearest: int = 0) -> str:
        """The database for somebody who is nearest to that node."""
        node = self.nodes[nearest]
        return node.url(*[each for each in self.nodes if each is not node])
