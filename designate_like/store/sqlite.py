# SPDX-License-Identifier: Apache-2.0
"""SQLite: one file, one writer at a time, many snapshots."""
import contextlib
import pathlib
import threading
from collections.abc import Iterator
from typing import Any

import sqlalchemy
import sqlalchemy.event
import sqlalchemy.pool
from oslo_db.sqlalchemy import exc_filters

from designate_like import metrics

_BUSY_TIMEOUT = 10      # seconds that SQLite waits for another process's write


class SQLite:
    """The connections to one file: write-ahead log, and every commit on disk."""

    def __init__(self, url: str) -> None:
        self._writer = threading.Lock()     # Fairer, and far faster, than SQLite's busy wait.
        _create(url)
        self.engine = _engine(url)

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlalchemy.Connection]:
        """One consistent snapshot."""
        with self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction."""
        with contextlib.ExitStack() as stack:
            with metrics.timed('database_wait_seconds', what='writer'):
                stack.enter_context(self._writer)
            connection = stack.enter_context(self.engine.connect())
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()


def _create(url: str) -> None:
    """Make the file, if it is not there, for its owner alone: it holds the secrets of keys."""
    path = sqlalchemy.make_url(url).database
    if path and path != ':memory:':
        with contextlib.suppress(OSError):      # Whoever connects says what is wrong.
            pathlib.Path(path).touch(mode=0o600)


def _engine(url: str) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        url, hide_parameters=True,      # Logs are not to hold secrets.
        poolclass=sqlalchemy.pool.QueuePool, pool_size=20, max_overflow=300,
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
