# SPDX-License-Identifier: Apache-2.0
"""What name servers show of a zone: reports in every order, and what is told of them."""
import datetime
import itertools
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import tsigkeys
from tests.functional.central import fixture

NAMESERVERS = [resources.Nameserver(host=f'192.0.2.{number}', port=53) for number in (1, 2, 3)]
SILENT = {'seen': False, 'error': 'no answer'}
GONE = {'serial': None, 'error': 'no such zone: REFUSED'}


class TestCase(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, {'nameservers': NAMESERVERS})
        self.made = self.zone()

    def receipt(self, number: int, serial: int | None = None, seen: bool = True,
                error: str | None = None, after: float = 0) -> resources.Receipt:
        """What a name server shows, so many seconds from now."""
        at = self.clock.now + datetime.timedelta(seconds=after)
        return resources.Receipt(
            zone_id=self.made.id, host=f'192.0.2.{number}', port=53, serial=serial,
            seen_at=at if seen else None, error=error, failed_at=at if error else None)

    def seen(self, *receipts: resources.Receipt) -> int:
        return self.propagation.seen(fixture.ADMIN, list(receipts))

    def shown(self, *names: str, ctx: Any = None) -> list[Any]:
        """Members of what is told of each name server."""
        found = self.propagation.propagation(ctx or self.alpha, self.made.id)
        return [tuple(getattr(each, name) for name in names) for each in found['nameservers']]


class ReportsTest(TestCase):

    def test_they_ride_with_the_others(self):
        first = self.receipt(1, self.made.serial)
        self.upkeep.settle(fixture.ADMIN, self.made.id, self.made.serial, 1, self.made.pool_id,
                           [first, self.receipt(2, **SILENT)])
        self.assertEqual([('CURRENT', None), ('SILENT', 'no answer'), ('UNKNOWN', None)],
                         self.shown('state', 'error'))
        self.assertEqual(first.seen_at, self.shown('seen_at')[0][0])
        self.upkeep.fail(fixture.ADMIN, self.made.id, self.made.serial, 'why',
                         [self.receipt(3, **GONE)])
        self.assertEqual('MISSING', self.shown('state')[2][0])

    def test_late_repeated_and_reordered_reports_make_nothing_older(self):
        serial = self.made.serial
        reports = [{'serial': serial - 1, 'after': 1}, {**SILENT, 'after': 2},
                   {'serial': serial, 'after': 3}, {**SILENT, 'error': 'late', 'after': 4}]
        for number, order in enumerate(itertools.permutations(reports), 1):
            with self.store.write() as tx:
                store.receipts.forget(tx, self.made.id)
                for each in order + order:
                    store.receipts.record(tx, [self.receipt(1, **each)])
            self.assertEqual([('SILENT', serial, 'late')],
                             self.shown('state', 'serial', 'error')[:1], order)

    def test_what_says_nothing_new_is_not_written(self):
        both = [self.receipt(1, self.made.serial), self.receipt(2, **SILENT)]
        self.assertEqual((2, 0), (self.seen(*both), self.seen(*both)))
        again = {'after': 1}
        self.assertEqual(0, self.seen(self.receipt(1, self.made.serial, **again),
                                      self.receipt(2, **SILENT, **again)))
        self.assertEqual(1, self.seen(self.receipt(1, **SILENT, **again)))
        self.assertEqual(1, self.seen(self.receipt(1, self.made.serial, after=2)))
        self.assertEqual(1, self.seen(self.receipt(1, self.made.serial - 1, after=3)))
        self.assertEqual(1, self.seen(self.receipt(2, **GONE, after=4)))
        self.assertEqual(0, self.seen(self.receipt(2, **GONE, after=5)))
        self.assertEqual(1, self.seen(self.receipt(2, **GONE, after=1000)))

    def test_many_zones_at_once_and_none_that_is_gone(self):
        other = self.zone('example.net.')
        there = self.receipt(1, 1)
        self.assertEqual(2, self.seen(there, there.replace(zone_id=other.id),
                                      there.replace(zone_id=fixture.OTHER_POOL)))

    def test_the_purge_takes_them(self):
        self.seen(self.receipt(1, 1))
        self.remove(self.made)
        self.clock.forward(10)
        self.upkeep.purge(fixture.ADMIN, fixture.ALL_SHARDS, 5)
        with self.store.read() as tx:
            self.assertEqual([], store.receipts.of_zone(tx, self.made.id))


class PropagationTest(TestCase):

    def test_lag_is_since_the_first_version_that_is_lacking(self):
        self.seen(self.receipt(1, self.made.serial), self.receipt(2, self.made.serial))
        self.clock.forward(10)
        last = self.recordset(self.made)
        self.clock.forward(10)
        self.recordset(self.made, 'other.example.org.')
        self.clock.forward(10)
        self.seen(self.receipt(2, last.serial), self.receipt(3, **GONE))
        self.assertEqual([('BEHIND', 20), ('BEHIND', 10), ('MISSING', None)],
                         self.shown('state', 'lag'))
        now = self.row(self.made)
        self.seen(self.receipt(1, now.serial))
        self.assertEqual(('CURRENT', 0, now.serial), self.shown('state', 'lag', 'serial')[0])

    def test_lag_that_the_journal_does_not_tell(self):
        self.seen(self.receipt(1, self.made.serial - 7))
        self.recordset(self.made)
        self.assertEqual(('BEHIND', None), self.shown('state', 'lag')[0])

    def test_every_name_server_of_the_pool_and_no_other(self):
        self.seen(self.receipt(1, 1), self.receipt(9, 1))
        self.assertEqual([(each.host, 53) for each in NAMESERVERS], self.shown('hostname', 'port'))

    def test_who_may_see_it(self):
        self.shown('state', ctx=fixture.ADMIN)
        with self.refused(errors.ZoneNotFound):
            self.shown('state', ctx=self.beta)
        with self.refused(errors.Forbidden):
            self.shown('state', ctx=fixture.user('alpha', 'nobody'))
        self.shared_zones.create(self.alpha, zone_id=self.made.id,
                                 values={'target_project_id': 'beta'})
        self.assertEqual(3, len(self.shown('state', ctx=self.beta)))


class KeysTest(TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.keys = tsigkeys.Tsigkeys(self.collaborators)
        self.key = self.keys.create(fixture.ADMIN, {
            'name': 'key', 'algorithm': 'hmac-sha256', 'secret': 'c2VjcmV0', 'scope': 'POOL',
            'resource_id': fixture.DEFAULT_POOL})
        self.pools.update(fixture.ADMIN, fixture.DEFAULT_POOL, {
            'nameservers': [NAMESERVERS[0].replace(tsigkey_id=self.key.id)]})

    def version(self, pool_id: str = fixture.DEFAULT_POOL) -> int:
        return self.pools.get(fixture.ADMIN, pool_id).version

    def test_keys_of_servers(self):
        found = self.keys.of_servers(fixture.ADMIN, fixture.DEFAULT_POOL)
        self.assertEqual([self.key], found)

    def test_a_changed_key_makes_a_new_version_of_the_pools_that_use_it(self):
        self.pool()
        before = self.version()
        self.keys.update(fixture.ADMIN, {'scope': 'POOL'}, tsigkey_id=self.key.id)
        self.assertEqual(before, self.version())
        self.keys.update(fixture.ADMIN, {'secret': 'b3RoZXI='}, tsigkey_id=self.key.id)
        self.assertEqual(before + 1, self.version())
        self.keys.delete(fixture.ADMIN, tsigkey_id=self.key.id)
        self.assertEqual(before + 2, self.version())
        self.assertEqual(1, self.version(fixture.OTHER_POOL))
        self.assertEqual([], self.keys.of_servers(fixture.ADMIN, fixture.DEFAULT_POOL))
