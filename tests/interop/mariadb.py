# SPDX-License-Identifier: Apache-2.0
"""MariaDB as central uses it: one real server, which can die and come back with its data."""
import atexit
import functools
import itertools
import os
import pathlib
import subprocess
import tempfile

from tests import base
from tests.interop import server

# SQLAlchemy's name of what talks to it: mysqldb or pymysql.
DRIVER = os.environ.get('TEST_DRIVER', 'mysqldb')
_CONFIGURATION = '''\
[mysqld]
{user}
datadir={directory}/data
tmpdir={directory}
socket={directory}/socket
pid-file={directory}/pid
bind-address=127.0.0.1
port={port}
skip-name-resolve
character-set-server=utf8mb4
max_connections=500
innodb_buffer_pool_size=64M
innodb_log_file_size=16M
innodb_flush_log_at_trx_commit=2
performance_schema=OFF
'''


class Database:
    """A MariaDB server in a directory of its own, on a free port of 127.0.0.1.

    :param settings: lines of its configuration file that come after ours.
    """

    def __init__(self, directory: pathlib.Path, settings: str = '') -> None:
        self._mariadbd = base.require('mariadbd')
        self._mariadb = base.require('mariadb')
        self.port = server.free_port()
        self._directory = directory
        self._numbers = itertools.count()
        self.process: subprocess.Popen | None = None
        as_root = os.getuid() == 0
        if as_root:
            directory.chmod(0o755)      # The user mysql has to reach what is below.
        self._file = directory / 'mariadb.cnf'
        self._file.write_text(_CONFIGURATION.format(
            user='user=root' if as_root else '', directory=directory, port=self.port) + settings)
        made = subprocess.run(
            [base.require('mariadb-install-db'), f'--defaults-file={self._file}',
             '--skip-test-db', '--auth-root-authentication-method=normal',
             *(['--user=root'] if as_root else [])], capture_output=True, text=True, check=False)
        if made.returncode:
            raise AssertionError(made.stdout + made.stderr)

    def start(self) -> None:
        """Start it, and return when it answers."""
        with (self._directory / 'log').open('ab') as log:
            self.process = subprocess.Popen(
                [self._mariadbd, f'--defaults-file={self._file}'], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        base.wait(self._is_ready, timeout=30, pause=0.05)

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            log = (self._directory / 'log').read_text(errors='replace')
            raise AssertionError(f'MariaDB ended:\n{log[-5000:]}')
        return self._said('SELECT 1').returncode == 0

    def _said(self, statement: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self._mariadb, '--no-defaults', '-uroot', '-N', '-B', '-S',
             f'{self._directory}/socket', '-e', statement],
            capture_output=True, text=True, check=False)

    def sql(self, statement: str) -> str:
        """Return what it answers to its own root."""
        said = self._said(statement)
        if said.returncode:
            raise AssertionError(said.stderr)
        return said.stdout

    def url(self) -> str:
        """Return the URL of a new, empty database."""
        name = f'test{next(self._numbers)}'
        self.sql(f"CREATE DATABASE {name}; CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'secret'; "
                 f"GRANT ALL ON {name}.* TO {name}@'127.0.0.1'")
        return f'mysql+{DRIVER}://{name}:secret@127.0.0.1:{self.port}/{name}'

    def kill(self) -> None:
        """Let it die at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@functools.cache
def shared() -> Database:
    """The server of all tests of this process; a test that kills it starts it again."""
    directory = tempfile.TemporaryDirectory(prefix='mariadb-')
    atexit.register(directory.cleanup)
    database = Database(pathlib.Path(directory.name))
    atexit.register(database.kill)
    database.start()
    return database
