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
import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import sqlalchemy
import sqlalchemy.exc
from oslo_config import cfg
from oslo_db import api
from oslo_db import exception

from designate_like import errors
from designate_like.store import mariadb
from designate_like.store import sqlite

LOG = logging.getLogger(__name__)

# SQLite: another process writes for longer than that, or the disk is full, broken or read-only.
_SQLITE_AWAY = ('SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY')
# Seconds for which writes wait for a database that is away: a cluster that loses a node is back by
# then. Afterwards they are refused at once, so that reads have the threads.
_PATIENCE = 8


class _Lost(errors.DatabaseUnavailable):
    """A transaction was not committed; another try may find the database back."""


class Store:
    """A database, SQLite or MariaDB.

    :param url: an SQLAlchemy URL; for MariaDB it may name several hosts, see :mod:`hosts`.
    :param options: what :class:`mariadb.MariaDB` takes.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.url = url
        self.is_sqlite = sqlalchemy.make_url(url).get_backend_name() == 'sqlite'
        self._database = sqlite.SQLite(url) if self.is_sqlite else mariadb.MariaDB(url, **options)
        self.engine = self._database.engine
        self._lock = threading.Lock()
        self._away_since: float | None = None       # by the monotonic clock

    @classmethod
    def from_conf(cls, conf: cfg.ConfigOpts, **more: Any) -> 'Store':
        """The database of ``[storage:sqlalchemy]``.

        :param more: what :class:`mariadb.MariaDB` takes besides.
        :raises ConfigurationError: when ``connection`` is not set.
        """
        options = conf['storage:sqlalchemy']
        if not options.connection:
            raise errors.ConfigurationError('[storage:sqlalchemy] connection must be set')
        names = ('mysql_sql_mode', 'mysql_wsrep_sync_wait', 'connection_recycle_time',
                 'connection_debug', 'max_pool_size', 'max_overflow', 'pool_timeout',
                 'connection_trace', 'connection_parameters')
        return cls(options.connection,
                   reader_url=None if options.synchronous_reader else options.slave_connection,
                   dirty_reads=options.mysql_wsrep_dirty_reads,
                   **{name: options[name] for name in names}, **more)

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlalchemy.Connection]:
        """One consistent snapshot.

        :raises DatabaseUnavailable: when the database cannot be reached.
        """
        try:
            with self._database.read() as connection:
                yield connection
        except exception.DBDeadlock as problem:     # A cluster that did not get ready in time.
            raise errors.DatabaseUnavailable() from problem
        except Exception as problem:
            if not _is_away(problem):
                raise
            raise errors.DatabaseUnavailable() from problem

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction; it commits at the end of the block, or rolls back.

        :raises DatabaseUnavailable: when the database cannot be reached, or refuses writes.
        """
        try:
            with self._database.write() as connection:
                yield connection
        except mariadb.UnknownOutcome as problem:
            raise errors.DatabaseUnavailable(
                'The database went away; whether this was done is not known') from problem
        except Exception as problem:
            if not _is_away(problem):
                raise
            raise self._patiently(problem)() from problem
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is not None:
            LOG.warning('The database is back')

    def _patiently(self, problem: Exception) -> type[errors.DatabaseUnavailable]:
        """What to raise when the database is away: an error that is tried again, or the last."""
        now = time.monotonic()
        with self._lock:
            since, self._away_since = self._away_since, self._away_since or now
        if since is None:
            LOG.warning('The database is away: %s', str(problem).partition('\n')[0])
        if self.is_sqlite or since is not None and now > since + _PATIENCE:
            return errors.DatabaseUnavailable
        return _Lost

    def dispose(self) -> None:
        """Close every idle connection."""
        self._database.dispose()


def _is_away(problem: Exception) -> bool:
    """Whether an error says that the database cannot be reached, or does not take writes."""
    if isinstance(problem, (exception.DBConnectionError, exception.DBNonExistentDatabase,
                            sqlalchemy.exc.TimeoutError)):
        return True
    return isinstance(problem, sqlalchemy.exc.OperationalError) and getattr(
        problem.orig, 'sqlite_errorname', '').startswith(_SQLITE_AWAY)


_RETRY = api.wrap_db_retry(
    max_retries=30, retry_interval=0.01, inc_retry_interval=True, max_retry_interval=0.5,
    jitter=True, retry_on_deadlock=True, exception_checker=lambda each: isinstance(each, _Lost))


def retried(function: Callable) -> Callable:
    """Run a function that holds whole transactions again when one of them was not committed.

    It has lost a race against another, or the database was away for a moment.

    :raises DatabaseUnavailable: when retries run out.
    """
    again = _RETRY(function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return again(*args, **kwargs)
        except (exception.DBDeadlock, _Lost) as problem:
            raise errors.DatabaseUnavailable() from problem
    return call
