# SPDX-License-Identifier: Apache-2.0
"""The door to the database: transactions, snapshots, and what happens when it is away.

    with store.write() as tx:       # one transaction, committed at the end of the block
        zone = zones.lock(tx, zone_id)

    with store.read() as tx:        # one consistent snapshot
        ...

A function that writes is decorated with :func:`retried`, outermost, so that a transaction
which loses at certification or deadlocks is run again whole.
"""
import contextlib
import functools
import threading
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import sqlalchemy
import sqlalchemy.event
import sqlalchemy.exc
import sqlalchemy.pool
from oslo_config import cfg
from oslo_db import api
from oslo_db import exception
from oslo_db.sqlalchemy import engines
from oslo_db.sqlalchemy import exc_filters

from designate_like import errors

_BUSY_TIMEOUT = 10      # seconds that SQLite waits for another process's write
_UNKNOWN_OUTCOME = 1180     # Galera: the commit was under way when the node was cut off.
# SQLite: another process writes for longer than that, or the disk is full, broken or read-only.
_SQLITE_AWAY = ('SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY')


class Store:
    """A database, SQLite or MariaDB.

    :param url: an SQLAlchemy URL.
    :param options: keyword arguments of oslo.db's ``create_engine``, for MariaDB.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.url = url
        self.is_sqlite = sqlalchemy.make_url(url).get_backend_name() == 'sqlite'
        self._writer: contextlib.AbstractContextManager = contextlib.nullcontext()
        if self.is_sqlite:
            self._writer = threading.Lock()     # Fairer, and far faster, than SQLite's busy wait.
            self.engine = _sqlite(url)
            self._reading, self._writing = {}, {'immediate': True}
        else:
            self.engine = engines.create_engine(url, **options)
            self._reading = {'isolation_level': 'REPEATABLE READ'}
            self._writing = {'isolation_level': 'READ COMMITTED'}

    @classmethod
    def from_conf(cls, conf: cfg.ConfigOpts) -> 'Store':
        """The database of ``[storage:sqlalchemy]``.

        :raises ConfigurationError: when ``connection`` is not set.
        """
        options = conf['storage:sqlalchemy']
        if not options.connection:
            raise errors.ConfigurationError('[storage:sqlalchemy] connection must be set')
        names = ('mysql_sql_mode', 'mysql_wsrep_sync_wait', 'connection_recycle_time',
                 'connection_debug', 'max_pool_size', 'max_overflow', 'pool_timeout',
                 'connection_trace', 'max_retries', 'retry_interval', 'connection_parameters')
        return cls(options.connection, **{name: options[name] for name in names})

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlalchemy.Connection]:
        """One consistent snapshot.

        :raises DatabaseUnavailable: when the database cannot be reached.
        """
        with _translated(), self.engine.connect() as connection:
            yield connection.execution_options(**self._reading)

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction; it commits at the end of the block, or rolls back.

        :raises DatabaseUnavailable: when the database cannot be reached, or refuses writes.
        """
        with _translated(), self._writer, self.engine.connect() as connection:
            connection = connection.execution_options(**self._writing)
            with connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (exception.DBConnectionError, exception.DBNonExistentDatabase,
            sqlalchemy.exc.TimeoutError) as problem:
        raise errors.DatabaseUnavailable() from problem
    except sqlalchemy.exc.OperationalError as problem:
        if problem.orig and problem.orig.args[:1] == (_UNKNOWN_OUTCOME,) \
                or getattr(problem.orig, 'sqlite_errorname', '').startswith(_SQLITE_AWAY):
            raise errors.DatabaseUnavailable() from problem
        raise


def _sqlite(url: str) -> sqlalchemy.Engine:
    """An engine on an SQLite file: write-ahead log, and every commit on disk."""
    engine = sqlalchemy.create_engine(
        url, poolclass=sqlalchemy.pool.QueuePool, pool_size=20, max_overflow=300,
        connect_args={'check_same_thread': False, 'timeout': _BUSY_TIMEOUT,
                      'isolation_level': None})
    exc_filters.register_engine(engine)

    @sqlalchemy.event.listens_for(engine, 'connect')
    def prepare(connection: Any, record: Any) -> None:
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA synchronous = FULL')

    @sqlalchemy.event.listens_for(engine, 'begin')
    def begin(connection: sqlalchemy.Connection) -> None:
        immediate = connection.get_execution_options().get('immediate')
        connection.exec_driver_sql('BEGIN IMMEDIATE' if immediate else 'BEGIN')

    return engine


_RETRY = api.wrap_db_retry(max_retries=20, retry_interval=0.01, inc_retry_interval=True,
                           max_retry_interval=0.5, jitter=True, retry_on_deadlock=True)


def retried(function: Callable) -> Callable:
    """Run a function that holds whole transactions again when one of them loses a race.

    :raises DatabaseUnavailable: when retries run out.
    """
    again = _RETRY(function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return again(*args, **kwargs)
        except exception.DBDeadlock as problem:
            raise errors.DatabaseUnavailable() from problem
    return call
