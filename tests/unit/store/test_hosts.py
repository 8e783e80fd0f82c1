# SPDX-License-Identifier: Apache-2.0
"""Which node a connection is made to, by what each node does when it is asked."""
import types
from typing import Any

import sqlalchemy

from designate_like.store import hosts
from tests import base

SYNCED = (('wsrep_provider_name', 'Galera'), ('wsrep_ready', 'ON'), ('wsrep_local_state', '4'))
JOINING = (('wsrep_provider_name', 'Galera'), ('wsrep_ready', 'ON'), ('wsrep_local_state', '1'))
CUT_OFF = (('wsrep_provider_name', 'Galera'), ('wsrep_ready', 'OFF'), ('wsrep_local_state', '0'))
ALONE = (('wsrep_provider_name', ''), ('wsrep_ready', 'OFF'), ('wsrep_local_state', '0'))


class Connection:
    """To one node, of that state."""

    def __init__(self, host: str, state: Any) -> None:
        self.host = host
        self.open = True
        self.said: list[str] = []
        self.fetchall = lambda: state

    def cursor(self) -> 'Connection':
        return self

    def __enter__(self) -> 'Connection':
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def execute(self, statement: str) -> None:
        self.said.append(statement)

    def close(self) -> None:
        self.open = False


class Dialect:
    """Nodes by name: their states, or None for one that cannot be reached."""
    loaded_dbapi = types.SimpleNamespace(Error=ConnectionError)

    def __init__(self, **nodes: Any) -> None:
        self.nodes = nodes
        self.made: list[Connection] = []
        self.asked: list[str] = []

    def connect(self, host: str, port: int, **kwargs: Any) -> Connection:
        self.asked.append(host)
        if self.nodes[host] is None:
            raise ConnectionError(host)
        self.made.append(Connection(host, self.nodes[host]))
        return self.made[-1]


class SplitTest(base.TestCase):

    def test_hosts_of_urls(self) -> None:
        for text, found in [
                ('mysql+pymysql://u:p@one/d', [('one', 3306)]),
                ('mysql+pymysql://u:p@one:1/d', [('one', 1)]),
                ('mysql+pymysql://u:p@/d?host=one&host=two:2', [('one', 3306), ('two', 2)]),
                ('mysql+pymysql://u:p@one/d?host=two', [('one', 3306), ('two', 3306)]),
                ('mysql+pymysql://u:p@/d?host=[::1]:7&host=::2', [('::1', 7), ('::2', 3306)])]:
            with self.subTest(url=text):
                url, nodes = hosts.split(sqlalchemy.make_url(text))
                self.assertEqual(found, nodes)
                self.assertEqual('mysql+pymysql://u:p@/d', url.render_as_string(False))


class ConnectTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.now = 0.0
        self.hosts = hosts.Hosts([('a', 1), ('b', 2), ('c', 3)], lambda: self.now)

    def connect(self, dialect: Dialect) -> Connection:
        return self.hosts.listener(['x = 1'])(dialect, None, [], {'user': 'u'})

    def test_the_nearest_that_takes_part(self) -> None:
        for states, chosen in [((SYNCED, SYNCED, SYNCED), 'a'), ((CUT_OFF, SYNCED, SYNCED), 'b'),
                               ((JOINING, CUT_OFF, SYNCED), 'c'), ((ALONE, SYNCED, SYNCED), 'a'),
                               ((CUT_OFF, JOINING, CUT_OFF), 'a')]:
            with self.subTest(states=states):
                dialect = Dialect(**dict(zip('abc', states)))
                connection = self.connect(dialect)
                self.assertEqual(chosen, connection.host)
                self.assertEqual([connection], [each for each in dialect.made if each.open])
                self.assertEqual('SET SESSION x = 1', connection.said[0])

    def test_one_that_cannot_be_reached_is_left_out_for_a_while(self) -> None:
        dialect = Dialect(a=None, b=SYNCED, c=SYNCED)
        with self.assertLogs(level='WARNING') as log:
            self.assertEqual('b', self.connect(dialect).host)
        self.assertIn('a:1', log.output[0])
        self.assertEqual(['a', 'b'], dialect.asked)
        self.assertEqual('b', self.connect(dialect).host)
        self.assertEqual(['a', 'b', 'b'], dialect.asked)
        self.now, dialect.nodes['a'] = 31, SYNCED
        self.assertEqual('a', self.connect(dialect).host)

    def test_when_none_can_be_reached_all_are_asked_each_time(self) -> None:
        dialect = Dialect(a=None, b=None, c=None)
        with self.assertLogs(level='WARNING') as log:
            for _ in range(2):
                with self.assertRaises(ConnectionError):
                    self.connect(dialect)
        self.assertEqual(list('abcabc'), dialect.asked)
        self.assertEqual(3, len(log.output))

    def test_the_only_one_is_not_judged(self) -> None:
        dialect = Dialect(a=CUT_OFF)
        connection = hosts.Hosts([('a', 1)]).listener(['x = 1', 'y = 2'])(dialect, None, [], {})
        self.assertEqual(['SET SESSION x = 1', 'SET SESSION y = 2'], connection.said)
