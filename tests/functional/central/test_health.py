# SPDX-License-Identifier: Apache-2.0
"""What is told to those who watch the service."""
from designate_like import errors
from designate_like import store
from designate_like.central import health
from tests.functional import engines
from tests.functional.central import fixture


class HealthTest(fixture.TestCase):

    def test_the_database(self):
        health.Health(self.collaborators).check(fixture.ADMIN)
        empty = engines.opened(self, engines.empty_url(self.directory()))
        object.__setattr__(self.collaborators, 'store', empty)
        health.Health(self.collaborators).check(fixture.ADMIN)      # No table is looked at.

    def test_the_database_is_away(self):
        broken = store.Store('sqlite:////nowhere/at/all.sqlite')
        self.addCleanup(broken.dispose)
        object.__setattr__(self.collaborators, 'store', broken)
        with self.assertRaises(errors.DatabaseUnavailable):
            health.Health(self.collaborators).check(fixture.ADMIN)

    def test_zones_by_status(self):
        def census() -> dict[str, int]:
            with self.store.read() as tx:
                return store.reports.census(tx)
        self.assertEqual({'ACTIVE': 0, 'PENDING': 0, 'ERROR': 0}, census())
        first, second, third = [self.zone(f'z{n}.org.') for n in range(3)]
        self.upkeep.settle(fixture.ADMIN, first.id, first.serial, 1, first.pool_id)
        self.upkeep.fail(fixture.ADMIN, second.id, second.serial, 'because')
        self.assertEqual({'ACTIVE': 1, 'PENDING': 1, 'ERROR': 1}, census())
