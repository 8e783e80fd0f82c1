# SPDX-License-Identifier: Apache-2.0
"""Which node of a database cluster a connection is made to.

A URL names its nodes in order, the nearest first, the way SQLAlchemy writes several hosts::

    mysql+mysqldb://user:password@/designate?host=near:3306&host=far:3306&host=farther:3306

A new connection goes to the first that takes part in its cluster. One that does not, as it was
cut off or still fetches what it has missed, is used only where there is no better: its answer
is then the truth about the cluster. One that could not be reached is left out for a while.
"""
import logging
import threading
import time
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

import sqlalchemy

from designate_like.resources import addresses

LOG = logging.getLogger(__name__)

_PORT = 3306
_FORGIVEN = 30      # seconds until a node that could not be reached is tried again
_SYNCED = '4'       # wsrep_local_state
_STATE = ("SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state', "
          "'wsrep_provider_name')")


def split(url: sqlalchemy.URL) -> tuple[sqlalchemy.URL, list[tuple[str, int]]]:
    """The URL without its hosts, and those."""
    named = url.query.get('host', ())
    hosts = [addresses.split(each, _PORT) for each in ((named,) if isinstance(named, str)
                                                       else named)]
    if url.host:
        hosts.insert(0, (url.host, url.port or _PORT))
    return sqlalchemy.URL.create(
        url.drivername, url.username, url.password, database=url.database,
        query=url.difference_update_query(['host']).query), hosts


class Hosts:
    """The nodes of one URL, and which of them could not be reached lately."""

    def __init__(self, hosts: Sequence[tuple[str, int]],
                 clock: Callable[[], float] = time.monotonic) -> None:
        """Take the nodes in the order in which they are wanted."""
        self._hosts = hosts
        self._clock = clock
        self._lock = threading.Lock()
        self._away: dict[tuple[str, int], float] = {}   # and until when it is left out

    def listener(self, settings: Sequence[str], judged: bool = True) -> Callable[..., Any]:
        """Return what makes the connections of an engine, for its event ``do_connect``.

        :param settings: what ``SET SESSION`` is to set for every new connection, one by one.
        :param judged: pass over nodes that do not take part in their cluster.
        """
        judged = judged and len(self._hosts) > 1

        def connect(dialect: Any, record: Any, args: Any, kwargs: Any) -> Any:
            return self._connect(settings, judged, dialect, args, kwargs)
        return connect

    def _connect(self, settings: Sequence[str], judged: bool, dialect: Any, args: Any,
                 kwargs: Any) -> Any:
        """Connect to the best node that there is.

        :raises OperationalError: of the driver, when none can be reached.
        """
        spare, failure = None, None
        for host, port in self._order():
            try:
                connection = dialect.connect(*args, **{**kwargs, 'host': host, 'port': port})
                takes_part = _prepare(connection, settings, judged)
            except dialect.loaded_dbapi.Error as problem:
                failure = problem
                self._failed((host, port), problem)
                continue
            if takes_part or spare is None:
                connection, spare = spare, connection
            if connection is not None:
                connection.close()
            if takes_part:
                return spare
        if spare is None:
            raise failure
        return spare

    def _order(self) -> list[tuple[str, int]]:
        """Those to try: without the unreachable ones, unless there are no others."""
        now = self._clock()
        with self._lock:
            there = [each for each in self._hosts if self._away.get(each, now) <= now]
        return there or list(self._hosts)

    def _failed(self, host: tuple[str, int], problem: Exception) -> None:
        now = self._clock()
        with self._lock:
            known = self._away.get(host, now) > now
            self._away[host] = now + _FORGIVEN
        if len(self._hosts) > 1 and not known:
            LOG.warning('The database node %s is left out for %d seconds: %s',
                        addresses.join(*host), _FORGIVEN, problem)


def _prepare(connection: Any, settings: Sequence[str], judged: bool) -> bool:
    """Set up a new connection; returns whether its node is one to stay with."""
    with connection.cursor() as cursor:
        for each in settings:
            cursor.execute(f'SET SESSION {each}')
        if not judged:
            return True
        cursor.execute(_STATE)
        state = dict(cursor.fetchall())
    return not state.get('wsrep_provider_name') or (
        state['wsrep_ready'] == 'ON' and state['wsrep_local_state'] == _SYNCED)
