# SPDX-License-Identifier: Apache-2.0
"""Quotas: exact whoever comes at the same time, given back, set and reset."""
import threading
from collections import Counter
from collections.abc import Callable

from designate_like import errors
from designate_like import store
from tests.functional.central import fixture


def at_once(count: int, call: Callable[[int], object]) -> Counter[str]:
    """Call from as many threads at the same moment; what became of the calls, by type."""
    outcomes: Counter[str] = Counter()
    lock, ready = threading.Lock(), threading.Barrier(count)

    def one(index: int) -> None:
        ready.wait()
        try:
            call(index)
            outcome = 'done'
        except errors.Error as error:
            outcome = error.type
        with lock:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return outcomes


class TogetherTest(fixture.TestCase):

    def test_zones(self):
        outcomes = at_once(100, lambda index: self.zone(f'z{index}.example.'))
        self.assertEqual({'done': 10, 'over_quota': 90}, outcomes)
        self.assertEqual(10, self.zones.find(self.alpha, {}, None, 20, 'name', 'asc')['total'])

    def test_zones_of_two_projects(self):
        self.set('quota_zones', 5)
        outcomes = at_once(20, lambda index: self.zone(
            f'z{index}.example.', self.alpha if index % 2 else self.beta))
        self.assertEqual({'done': 10, 'over_quota': 10}, outcomes)

    def test_zones_that_go_while_others_come(self):
        self.set('quota_zones', 5)
        old = [self.zone(f'old{index}.example.') for index in range(5)]
        outcomes = at_once(10, lambda index: self.remove(old[index]) if index < 5
                           else self.zone(f'new{index}.example.'))
        left = self.zones.find(self.alpha, {}, None, 20, 'name', 'asc')['total']
        self.assertEqual(outcomes['done'] - 5, left)
        for index in range(5 - left):
            self.zone(f'last{index}.example.')
        with self.refused(errors.OverQuota):
            self.zone('more.example.')

    def test_recordsets_of_a_zone(self):
        self.set('quota_zone_recordsets', 12)
        zone = self.zone()
        outcomes = at_once(40, lambda index: self.recordset(zone, f'r{index}.example.org.'))
        self.assertEqual({'done': 10, 'over_quota': 30}, outcomes)
        self.assertEqual(12, len(self.rows(zone)))
        self.assertEqual(zone.serial + 10, self.row(zone).serial)

    def test_records_of_a_zone(self):
        self.set('quota_zone_records', 10)
        zone = self.zone()
        outcomes = at_once(20, lambda index: self.recordset(
            zone, f'r{index}.example.org.', records=['192.0.2.1', '192.0.2.2', '192.0.2.3']))
        self.assertEqual({'done': 3, 'over_quota': 17}, outcomes)

    def test_one_name_is_made_once(self):
        zone = self.zone()
        outcomes = at_once(20, lambda index: self.recordset(zone))
        self.assertEqual({'done': 1, 'duplicate_recordset': 19}, outcomes)
        outcomes = at_once(20, lambda index: self.zone('one.example.'))
        self.assertEqual({'done': 1, 'duplicate_zone': 19}, outcomes)

    def test_parent_and_child_of_two_projects_never_slip_in_together(self):
        for turn in range(5):
            outcomes = at_once(2, lambda index: self.zone(
                f'{"www." if index else ""}turn{turn}.example.', (self.alpha, self.beta)[index]))
            self.assertEqual(1, outcomes['done'], outcomes)
            self.assertEqual(1, outcomes['illegal_child'] + outcomes['illegal_parent'])


class CountTest(fixture.TestCase):

    def test_a_zone_counts_until_its_servers_have_let_it_go(self):
        self.set('quota_zones', 1)
        zone = self.zone()
        self.zones.delete(self.alpha, zone.id)
        with self.refused(errors.OverQuota):
            self.zone('example.com.')
        for _ in range(3):      # The report may be repeated, the quota is given back once.
            self.upkeep.removed(fixture.ADMIN, zone.id)
        self.zone('example.com.')
        with self.refused(errors.OverQuota):
            self.zone('example.net.')

    def test_records_are_counted_through_updates(self):
        self.set('quota_zone_records', 3)
        self.set('quota_recordset_records', 3)
        zone = self.zone()
        made = self.recordset(zone)
        self.recordset(zone, 'b.example.org.')
        three = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
        with self.refused(errors.OverQuota, 'Quota exceeded for zone_records.'):
            self.change(made, records=three)
        self.change(made, records=three[:2])
        with self.refused(errors.OverQuota):
            self.recordset(zone, 'c.example.org.')
        self.change(made, records=[])
        self.recordset(zone, 'c.example.org.')

    def test_more_than_a_recordset_may_have(self):
        self.set('quota_recordset_records', 1)
        zone = self.zone()
        made = self.recordset(zone)
        with self.refused(errors.OverQuota, 'Quota exceeded for recordset_records.'):
            self.change(made, records=['192.0.2.1', '192.0.2.2'])

    def test_a_lower_quota_does_not_keep_what_is_there_from_changing(self):
        zone = self.zone()
        made = self.recordset(zone, records=['192.0.2.1', '192.0.2.2'])
        self.set('quota_zone_records', 1)
        self.set('quota_recordset_records', 1)
        self.change(made, ttl=5)
        self.change(made, records=['192.0.2.1'])

    def test_recordsets_are_charged_to_the_owner_of_the_zone(self):
        zone = self.zone()
        with self.store.write() as tx:
            store.quotas.set(tx, 'operators', {'zone_recordsets': 0})
        self.recordset(zone, ctx=fixture.ADMIN)
        with self.store.write() as tx:
            store.quotas.set(tx, 'alpha', {'zone_recordsets': 0})
        with self.refused(errors.OverQuota):
            self.recordset(zone, 'b.example.org.', ctx=fixture.ADMIN)

    def test_nothing_is_refused_without_a_limit(self):
        for name, value in [('quota_zones', -1), ('quota_zone_recordsets', -5),
                            ('quota_zone_records', -1), ('quota_recordset_records', -1)]:
            self.set(name, value)
        for index in range(3):
            zone = self.zone(f'z{index}.example.')
        self.recordset(zone, f'a.{zone.name}', records=[f'192.0.2.{n}' for n in range(30)])

    def test_the_driver_noop_refuses_nothing(self):
        self.set('quota_driver', 'noop')
        self.set('quota_zones', 0)
        self.set('quota_recordset_records', 0)
        self.recordset(self.zone())


class SetTest(fixture.TestCase):

    def test_defaults_overrides_and_back(self):
        defaults = {'zones': 10, 'zone_recordsets': 500, 'zone_records': 500,
                    'recordset_records': 20, 'api_export_size': 1000}
        self.assertEqual(defaults, self.quotas.get(self.alpha, 'alpha').view())
        admin = fixture.user('operators', 'admin')
        changed = {**defaults, 'zones': 1, 'zone_records': -1}
        self.assertEqual(changed, self.quotas.update(
            admin, 'alpha', {'zones': 1, 'zone_records': -1}).view())
        self.assertEqual({**changed, 'zones': 2},
                         self.quotas.update(admin, 'alpha', {'zones': 2}).view())
        self.assertEqual(defaults, self.quotas.get(self.beta, 'beta').view())
        self.quotas.delete(admin, 'alpha')
        self.assertEqual(defaults, self.quotas.get(self.alpha, 'alpha').view())
        self.quotas.delete(admin, 'alpha')

    def test_an_override_holds(self):
        self.quotas.update(fixture.ADMIN, 'alpha', {'zones': 1})
        self.zone()
        with self.refused(errors.OverQuota):
            self.zone('example.com.')
        self.zone('example.com.', self.beta)

    def test_who_may(self):
        member = self.alpha
        for call in (lambda: self.quotas.get(member, 'beta'),
                     lambda: self.quotas.update(member, 'alpha', {'zones': 99}),
                     lambda: self.quotas.delete(member, 'alpha')):
            with self.refused(errors.Forbidden):
                call()

    def test_limits(self):
        self.quotas.update(fixture.ADMIN, 'alpha', {'zones': 1})
        self.set('min_ttl', 60, 'service:central')
        self.assertEqual(
            {'max_zones': 1, 'max_zone_recordsets': 500, 'max_zone_records': 500,
             'max_recordset_records': 20, 'min_ttl': 60, 'max_zone_name_length': 255,
             'max_recordset_name_length': 255}, self.limits.get(self.alpha))
