# SPDX-License-Identifier: Apache-2.0
"""How the database finds what is asked most: through an index, in order, and no more of it.

Plans of MariaDB depend on what its tables hold, so of them only the order of a join is looked at.
"""
from collections.abc import Callable
from typing import Any

import sqlalchemy
import sqlalchemy.event

from designate_like import resources
from designate_like import store
from tests import base
from tests.functional import engines
from tests.functional.central import fixture

PAGE = store.Page(marker=None, limit=20)
SHARDS = (0, 341)


class PlansTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.store = fixture.database(self)

    def plan(self, ask: Callable[[sqlalchemy.Connection], Any], which: int = -1) -> str:
        """One statement of a question, the last, and what the database does for it."""
        asked: list[tuple[str, Any]] = []
        with self.store.read() as tx:
            sqlalchemy.event.listen(
                tx, 'before_cursor_execute',
                lambda _, cursor, statement, values, *more: asked.append((statement, values)))
            ask(tx)
            statement, values = asked[which]
            verb = 'EXPLAIN' if engines.IS_MARIADB else 'EXPLAIN QUERY PLAN'
            rows = tx.exec_driver_sql(f'{verb} {statement}', values).all()
        return '\n'.join([statement, *map(str, rows)])

    def test_sweeps_need_no_sorting(self):
        for name, ask in [
                ('healthy', lambda tx: store.sweeps.healthy(tx, SHARDS, '010', 100)),
                ('removed', lambda tx: store.sweeps.removed(tx, SHARDS, '010', 100))]:
            with self.subTest(name=name):
                plan = self.plan(ask)
                self.assertNotRegex(plan, 'TEMP B-TREE|filesort')

    def test_recordsets_are_looked_for_before_their_zones(self):
        plan = self.plan(lambda tx: store.recordsets.find(tx, None, 'alpha', {}, PAGE, False))
        self.assertRegex(plan, r'(?s)recordsets_of_a_project.*zones')
        if engines.IS_MARIADB:      # With few rows it would do so by itself.
            self.assertIn('SELECT STRAIGHT_JOIN', plan)
        self.assertNotRegex(plan, 'TEMP B-TREE|filesort')

    def test_a_name_is_looked_for_first_and_not_in_the_order_of_the_list(self):
        if engines.IS_MARIADB:      # It knows how many rows there are of a name.
            self.skipTest('SQLite alone guesses wrong')
        zone = resources.Zone(id='0', key='org.example.')
        exact = {'name': 'www.example.org.'}
        for plan in (
                self.plan(lambda tx: store.recordsets.find(tx, zone, None, exact, PAGE, False)),
                self.plan(lambda tx: store.zones.find(tx, 'alpha', exact, PAGE), -2)):
            self.assertRegex(plan, r'SEARCH (recordsets|zones) USING .*key=\?')

    def test_a_type_is_looked_for_in_the_order_of_the_list(self):
        zone = resources.Zone(id='0', key='org.example.')
        plan = self.plan(lambda tx: store.recordsets.find(
            tx, zone, None, {'type': 'MX'}, PAGE, False))
        self.assertIn('recordsets_of_a_type', plan)
        self.assertNotRegex(plan, 'TEMP B-TREE|filesort')

    def test_a_projects_zones_are_counted_in_an_index(self):
        plan = self.plan(lambda tx: store.zones.find(tx, 'alpha', {}, PAGE))
        self.assertRegex(plan, 'COVERING INDEX zones_of_a_project|zones_of_a_project.*Using index')

    def test_zones_are_counted_by_status_in_an_index(self):
        plan = self.plan(store.reports.census, -3)
        self.assertRegex(plan, 'USING INDEX zones_at_work|zones_at_work.*Using index')
        self.assertNotRegex(plan, 'TEMP B-TREE|filesort')
        self.assertRegex(self.plan(store.reports.census), 'USING INDEX zones_that_expire'
                         "|'range', 'zones_that_expire'")
