# SPDX-License-Identifier: Apache-2.0
"""MariaDB, alone or as a Galera cluster: its sessions, and what its failures mean.

Writes and reads have sessions of their own, set up when they are made. A read begins when the
node has applied everything that was committed anywhere before (``wsrep_sync_wait``), so who was
told of a change sees it whichever node is asked. A node that has lost its cluster refuses that;
if ``wsrep_dirty_reads`` allows it, reads then show what the node has.
"""
import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import sqlalchemy
import sqlalchemy.event
import sqlalchemy.exc
import sqlalchemy.pool
from oslo_db import exception
from oslo_db.sqlalchemy import engines

from designate_like import metrics
from designate_like.store import commits
from designate_like.store import hosts

LOG = logging.getLogger(__name__)

_CONNECT = 3        # seconds
# Seconds for an answer: longer than a cluster takes to give up a silent node (6), so that what is
# committed meanwhile only takes long.
_ANSWER = 10
# Seconds that a statement waits for a row: less than the read_timeout, so that the server says
# that it was in vain.
_LOCK_WAIT = 5
_LOOK = 0.5         # seconds between two looks whether the node is back in its cluster
_SETTLING = 8       # seconds for finding out what has become of a transaction
_UNKNOWN = 1180     # Galera: the commit was under way when the node was cut off.
_NOT_READY = 1047   # Galera: the node does not take part in its cluster.
_ENDED = 'ended'    # What a session is marked with whose transaction has been committed.


class UnknownOutcome(Exception):
    """A transaction may have been committed or not, and nobody there could tell."""


class MariaDB:
    """The sessions of one database.

    :param reader_url: the one for reads, if that is another.
    :param dirty_reads: answer reads also while the node is cut off from its cluster.
    :param answer_timeout: seconds to wait for the server, unless a URL says otherwise.
    :param options: keyword arguments of oslo.db's ``create_engine``.
    """

    def __init__(self, url: str, reader_url: str | None = None, dirty_reads: bool = True,
                 answer_timeout: int = _ANSWER, **options: Any) -> None:
        options['max_retries'] = 0      # An engine connects when it is used.
        writer = reader = _Access(url, answer_timeout, options)
        if reader_url:
            reader = _Access(reader_url, answer_timeout, options)
        self.engine = writer.engine('READ COMMITTED')
        self._reader = reader.engine('REPEATABLE READ')
        self._dirty = reader.engine('REPEATABLE READ', 'wsrep_dirty_reads = 1', judged=False) \
            if dirty_reads else None
        self._lock = threading.Lock()
        self._cut_off = False
        self._disposed = threading.Event()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlalchemy.Connection]:
        """One consistent snapshot of everything that was committed before."""
        with self._snapshot() as connection:
            yield connection

    def _snapshot(self) -> sqlalchemy.Connection:
        if self._cut_off:
            return _begin(self._dirty)
        try:
            try:
                return _begin(self._reader)
            except exception.DBConnectionError as problem:
                if _is_cut_off(problem):
                    raise
                return _begin(self._reader)     # The first was a connection that had died.
        except (exception.DBConnectionError, exception.DBDeadlock) as problem:
            if self._dirty is None or not _is_cut_off(problem):
                raise
        self._leave_cluster()
        return _begin(self._dirty)

    def _leave_cluster(self) -> None:
        """Read what the node has, until one that takes part in its cluster is found."""
        with self._lock:
            if self._cut_off:
                return
            self._cut_off = True
        LOG.warning('The database node is cut off from its cluster; reads show what it has')
        threading.Thread(target=self._find_cluster, name='find-cluster', daemon=True).start()

    def _find_cluster(self) -> None:
        while not self._disposed.wait(_LOOK):
            try:
                _begin(self._reader).close()
            except (exception.DBError, sqlalchemy.exc.SQLAlchemyError):
                continue
            self._cut_off = False
            LOG.warning('The database node takes part in its cluster again')
            return

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction, of which it is known afterwards whether it was committed.

        :raises DBDeadlock: it was not, as another has won; it can be run again.
        :raises DBConnectionError: it was not, as the database cannot do it now.
        :raises UnknownOutcome: even that could not be found out.
        """
        with metrics.timed('database_wait_seconds', what='connection'):
            connected = self.engine.connect()
        with connected as connection, connection.begin() as transaction:
            yield connection
            mark = commits.sign(connection)
            try:
                transaction.commit()
            except exception.DBConnectionError as problem:
                if _is_cut_off(problem):        # The node has refused to begin with it.
                    raise
                self._settle(mark, problem)
            except sqlalchemy.exc.OperationalError as problem:
                if not problem.orig or problem.orig.args[:1] != (_UNKNOWN,):
                    raise
                self._settle(mark, problem)
            else:
                connection.info[_ENDED] = True

    def _settle(self, mark: commits.Mark, problem: Exception) -> None:
        """Return if a transaction was committed.

        :raises DBConnectionError: it was not.
        """
        LOG.warning('No answer to a COMMIT, looking what has become of it: %s',
                    str(problem).partition('\n')[0])
        deadline = time.monotonic() + _SETTLING
        while True:
            try:
                with self.engine.connect() as connection, connection.begin():
                    committed = commits.settle(connection, mark)
                break
            except (exception.DBConnectionError, exception.DBDeadlock,
                    sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError):
                if time.monotonic() > deadline:
                    raise UnknownOutcome from problem
                time.sleep(0.1)
        if not committed:
            raise exception.DBConnectionError(problem) from problem

    def dispose(self) -> None:
        """Close every idle connection."""
        self._disposed.set()
        for engine in (self.engine, self._reader, self._dirty):
            if engine is not None:
                engine.dispose()


def _begin(engine: sqlalchemy.Engine) -> sqlalchemy.Connection:
    """A connection of the engine, in a snapshot."""
    connection = engine.connect()
    try:
        connection.exec_driver_sql('START TRANSACTION WITH CONSISTENT SNAPSHOT')
    except BaseException:
        connection.close()
        raise
    return connection


def _tell_cases_apart(session: Any, *_: Any) -> None:
    """Have texts that no column holds compared as columns are; SQLAlchemy sets this before."""
    with session.cursor() as cursor:
        cursor.execute('SET collation_connection = utf8mb4_nopad_bin')


def _roll_back(session: Any, record: sqlalchemy.pool.ConnectionPoolEntry,
               state: sqlalchemy.PoolResetState) -> None:
    """End the transaction of a session that is given back, unless that was done just now."""
    if record.info.pop(_ENDED, False) or state.transaction_was_reset:
        return
    try:
        session.rollback()
    except Exception as problem:    # It has died, and its transaction with it.
        LOG.info('A session with the database is lost: %s', problem)
        record.invalidate(problem)


def _is_cut_off(problem: exception.DBError) -> bool:
    """Whether the node does not take part in its cluster, or has waited for it in vain."""
    cause = getattr(problem.inner_exception, 'orig', None)
    return isinstance(problem, exception.DBDeadlock) or cause is not None and cause.args[:1] == (
        _NOT_READY,)


class _Access:
    """A URL with what it does not say, and the nodes that it names."""

    def __init__(self, url: str, answer_timeout: int, options: Mapping[str, Any]) -> None:
        self._options = dict(options)
        parameters = self._options.pop('connection_parameters', None) or ''
        self._url, nodes = hosts.split(
            sqlalchemy.make_url(url).update_query_string(parameters, append=True))
        # Old files say charset=utf8, of which characters of four bytes are no part.
        self._url = self._url.update_query_dict({
            'connect_timeout': str(_CONNECT), 'read_timeout': str(answer_timeout),
            'write_timeout': str(answer_timeout), **self._url.query, 'charset': 'utf8mb4'})
        self._hosts = hosts.Hosts(nodes)

    def engine(self, isolation: str, *settings: str, judged: bool = True) -> sqlalchemy.Engine:
        """An engine whose sessions have these settings.

        :param judged: look for a node that takes part in its cluster.
        """
        # A thread that gives back its connection need not let the others run first.
        made = engines.create_engine(self._url, thread_checkin=False, **self._options)
        made.hide_parameters = True     # Logs are not to hold secrets.
        made.pool._reset_on_return = sqlalchemy.pool.base.reset_none
        sqlalchemy.event.listen(made, 'reset', _roll_back)
        # The name of the variable for the isolation depends on the version, the statement does not.
        sqlalchemy.event.listen(made, 'do_connect', self._hosts.listener((
            f'TRANSACTION ISOLATION LEVEL {isolation}',
            f'innodb_lock_wait_timeout = {_LOCK_WAIT}', *settings), judged))
        sqlalchemy.event.listen(made, 'connect', _tell_cases_apart)
        return made
