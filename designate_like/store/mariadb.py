# SPDX-License-Identifier: Apache-2.0
"""MariaDB, alone or as a Galera cluster: its sessions, and what its failures mean.

Writes and reads have sessions of their own, set up when they are made. A read begins when the
node has applied everything that was committed anywhere before (``wsrep_sync_wait``), so who was
told of a change sees it whichever node is asked. A node that has lost its cluster refuses that;
if ``wsrep_dirty_reads`` allows it, reads then show what the node has.
"""
import contextlib
import logging
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import sqlalchemy
import sqlalchemy.event
import sqlalchemy.exc
from oslo_db import exception
from oslo_db.sqlalchemy import engines

from designate_like.store import commits
from designate_like.store import hosts

LOG = logging.getLogger(__name__)

# Seconds; a URL can have others. Longer than a cluster takes to give up a silent node (6), so
# that what is committed meanwhile only takes long.
_UNSAID = {'connect_timeout': '3', 'read_timeout': '10', 'write_timeout': '10',
           'charset': 'utf8mb4'}
# Seconds that a statement waits for a row: less than the read_timeout, so that the server says
# that it was in vain.
_LOCK_WAIT = 5
_CUT_OFF = 2        # seconds until a read asks again whether the node is back in its cluster
_SETTLING = 15      # seconds for finding out what has become of a transaction
_UNKNOWN = 1180     # Galera: the commit was under way when the node was cut off.


class UnknownOutcome(Exception):
    """A transaction may have been committed or not, and nobody there could tell."""


class MariaDB:
    """The sessions of one database.

    :param dirty_reads: answer reads also while the node is cut off from its cluster.
    :param options: keyword arguments of oslo.db's ``create_engine``.
    """

    def __init__(self, url: str, reader_url: str | None = None, dirty_reads: bool = True,
                 clock: Callable[[], float] = time.monotonic, **options: Any) -> None:
        options['max_retries'] = 0      # An engine connects when it is used.
        writer = reader = _Access(url, options)
        if reader_url:
            reader = _Access(reader_url, options)
        self.engine = writer.engine('READ-COMMITTED')
        self._reader = reader.engine('REPEATABLE-READ')
        self._dirty = reader.engine('REPEATABLE-READ', 'wsrep_dirty_reads = 1') \
            if dirty_reads else None
        self._clock = clock
        self._cut_off_until = 0.0

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlalchemy.Connection]:
        """One consistent snapshot of everything that was committed before."""
        with self._snapshot() as connection:
            yield connection

    def _snapshot(self) -> sqlalchemy.Connection:
        if self._dirty is not None and self._clock() < self._cut_off_until:
            return _begin(self._dirty)
        try:
            return _begin(self._reader)
        except (exception.DBConnectionError, exception.DBDeadlock) as problem:
            # A connection that has died, or a node that waited for its cluster in vain.
            LOG.debug('A read begins again: %s', problem)
        try:
            return _begin(self._reader)
        except (exception.DBConnectionError, exception.DBDeadlock):
            if self._dirty is None:
                raise
            connection = _begin(self._dirty)
        LOG.warning('The database node is cut off from its cluster; reads show what it has')
        self._cut_off_until = self._clock() + _CUT_OFF
        return connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction, of which it is known afterwards whether it was committed.

        :raises DBDeadlock: it was not, as another has won; it can be run again.
        :raises DBConnectionError: it was not, as the database cannot do it now.
        :raises UnknownOutcome: even that could not be found out.
        """
        with self.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            receipt = commits.sign(connection)
            try:
                transaction.commit()
            except exception.DBConnectionError as problem:
                self._settle(receipt, problem)
            except sqlalchemy.exc.OperationalError as problem:
                if not problem.orig or problem.orig.args[:1] != (_UNKNOWN,):
                    raise
                self._settle(receipt, problem)

    def _settle(self, receipt: commits.Receipt, problem: Exception) -> None:
        """Return if a transaction was committed.

        :raises DBConnectionError: it was not.
        """
        LOG.warning('No answer to a COMMIT, looking what has become of it: %s',
                    str(problem).partition('\n')[0])
        deadline = self._clock() + _SETTLING
        while True:
            try:
                with self.engine.connect() as connection, connection.begin():
                    committed = commits.settle(connection, receipt)
                break
            except (exception.DBConnectionError, exception.DBDeadlock,
                    sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError):
                if self._clock() > deadline:
                    raise UnknownOutcome from problem
                time.sleep(0.1)
        if not committed:
            raise exception.DBConnectionError(problem) from problem

    def dispose(self) -> None:
        """Close every idle connection."""
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


class _Access:
    """A URL with what it does not say, and the nodes that it names."""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self._options = dict(options)
        parameters = self._options.pop('connection_parameters', None) or ''
        self._url, nodes = hosts.split(
            sqlalchemy.make_url(url).update_query_string(parameters, append=True))
        self._url = self._url.update_query_dict({
            name: value for name, value in _UNSAID.items() if name not in self._url.query})
        self._hosts = hosts.Hosts(nodes)

    def engine(self, isolation: str, *settings: str) -> sqlalchemy.Engine:
        """An engine whose sessions have these settings."""
        made = engines.create_engine(self._url, **self._options)
        sqlalchemy.event.listen(made, 'do_connect', self._hosts.listener(', '.join((
            f"tx_isolation = '{isolation}'", f'innodb_lock_wait_timeout = {_LOCK_WAIT}',
            *settings))))
        return made
