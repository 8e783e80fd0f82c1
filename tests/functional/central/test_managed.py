# SPDX-License-Identifier: Apache-2.0
"""Records with owners: they come, share recordsets, and go with the last who wants them."""
import threading
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.resources import names
from designate_like.store import tables
from tests.functional.central import fixture

WWW = 'www.example.org.'
MANAGER = fixture.user('alpha', 'admin', edit_managed_records=True)


def owner(id_: str = 'one', **more: Any) -> dict[str, Any]:
    return {'plugin_type': 'handler', 'plugin_name': 'nova_fixed', 'resource_type': 'instance',
            'resource_id': id_, **more}


def body(*records: str, name: str = WWW, type: str = 'A', **more: Any) -> dict[str, Any]:
    return {'name': name, 'type': type, 'records': list(records), **more}


class TestCase(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.example = self.zone()
        self.worker.casts.clear()

    def want(self, id_: str, *bodies: Mapping[str, Any], zone: resources.Zone | None = None,
             when: str | None = None) -> None:
        """Say what an owner wants."""
        self.managed.manage(fixture.ADMIN, (zone or self.example).id, owner(id_), list(bodies),
                            when)

    def drop(self, id_: str, zone: resources.Zone | None = None, when: str | None = None) -> None:
        """Say that an owner wants nothing."""
        self.managed.unmanage(fixture.ADMIN, owner(id_), zone and zone.id, when)

    def at(self, name: str = WWW, type_: str = 'A',
           zone: resources.Zone | None = None) -> resources.Recordset | None:
        """The recordset of that name and type."""
        with self.store.read() as tx:
            return store.recordsets.named(tx, (zone or self.example).id, names.key(name), type_)

    def owners(self) -> int:
        """How many owners are remembered."""
        with self.store.read() as tx:
            return tx.execute(sqlalchemy.select(
                sqlalchemy.func.count()).select_from(tables.owners)).scalar_one()


class OneOwnerTest(TestCase):

    def test_a_record_comes_and_goes(self):
        before = self.content(self.example)
        self.want('one', body('192.0.2.1'))
        made = self.at()
        self.assertEqual((WWW, ['192.0.2.1'], True, 'alpha', None, 'CREATE', 'PENDING'), (
            made.name, made.records, made.managed, made.project_id, made.ttl, *made.state))
        now = self.row(self.example)
        self.assertGreater(now.serial, self.example.serial)
        self.assertEqual([now], [each['zone'] for each in self.worker.told('deploy')])
        self.drop('one')
        self.assertIsNone(self.at())
        self.assertEqual(1, len(self.worker.told('deploy')))
        # The SOA's serial aside, all is as it was.
        self.assertEqual(1, sum((self.content(self.example) - before).values()))
        self.assertEqual((2, 0), (self.row(self.example).recordset_count,
                                  self.row(self.example).record_count))

    def test_what_is_asked_twice_changes_nothing(self):
        for ask in (lambda: self.want('one', body('192.0.2.1')), lambda: self.drop('one')):
            ask()
            serial = self.row(self.example).serial
            self.worker.casts.clear()
            ask()
            self.assertEqual(serial, self.row(self.example).serial)
            self.assertEqual([], self.worker.casts)

    def test_other_wishes_take_the_place_of_the_former(self):
        self.want('one', body('192.0.2.1', '192.0.2.2'), body('::1', type='AAAA'))
        self.want('one', body('192.0.2.2', '192.0.2.3'), body('x.', name='b.example.org.',
                                                              type='CNAME'))
        self.assertEqual(['192.0.2.2', '192.0.2.3'], self.at().records)
        self.assertIsNone(self.at(type_='AAAA'))
        self.assertEqual(['x.'], self.at('b.example.org.', 'CNAME').records)
        self.want('one', body())
        self.assertIsNone(self.at())

    def test_zones_of_any_project(self):
        other = self.zone('example.net.', ctx=self.beta)
        self.want('one', body('192.0.2.1'))
        self.want('one', body('192.0.2.1', name='www.example.net.'), zone=other)
        self.assertEqual('beta', self.at('www.example.net.', zone=other).project_id)
        self.drop('one', zone=other)
        self.assertIsNone(self.at('www.example.net.', zone=other))
        self.assertIsNotNone(self.at())
        self.want('one', body('192.0.2.1', name='www.example.net.'), zone=other)
        self.drop('one')
        self.assertEqual([None, None], [self.at(), self.at('www.example.net.', zone=other)])

    def test_a_zone_that_is_gone_takes_its_records_along(self):
        self.want('one', body('192.0.2.1'))
        self.remove(self.example)
        with self.refused(errors.ZoneNotFound):
            self.want('one', body('192.0.2.1'))
        self.drop('one')
        self.assertEqual([], self.worker.told('deploy'))

    def test_a_zone_on_its_way_out_is_left_alone(self):
        self.want('one', body('192.0.2.1'))
        self.zones.delete(self.alpha, self.example.id)
        with self.refused(errors.BadRequest, 'is being deleted'):
            self.want('one', body('192.0.2.2'))
        self.worker.casts.clear()
        serial = self.row(self.example).serial
        self.drop('one')
        self.assertEqual(serial, self.row(self.example).serial)

    def test_notifications_name_the_owner(self):
        self.publisher.enabled = True
        self.want('one', body('192.0.2.1'))
        self.want('two', body('192.0.2.2'))
        self.drop('one')
        self.drop('two')
        told = [(event, [(each['data'], each['managed_resource_id'])
                         for each in payload['records']])
                for event, payload in self.publisher.told() if 'recordset' in event]
        self.assertEqual([
            ('dns.recordset.create', [('192.0.2.1', 'one')]),
            ('dns.recordset.update', [('192.0.2.1', 'one'), ('192.0.2.2', 'two')]),
            ('dns.recordset.update', [('192.0.2.2', 'two')]),
            ('dns.recordset.delete', [('192.0.2.2', 'two')])], told)


class SharedTest(TestCase):
    """Several who want something in one recordset."""

    def test_owners_share_a_recordset(self):
        self.want('one', body('192.0.2.1', '192.0.2.3'))
        self.want('two', body('192.0.2.2', '192.0.2.3'))
        self.assertEqual(['192.0.2.1', '192.0.2.3', '192.0.2.2'], self.at().records)
        self.drop('one')
        self.assertEqual(['192.0.2.3', '192.0.2.2'], self.at().records)
        self.drop('two')
        self.assertIsNone(self.at())

    def test_what_a_user_has_stays(self):
        self.recordset(self.example, records=['192.0.2.9', '192.0.2.1'], ttl=60)
        self.want('one', body('192.0.2.1', '192.0.2.2'))
        found = self.at()
        self.assertEqual((['192.0.2.9', '192.0.2.1', '192.0.2.2'], True, 60),
                         (found.records, found.managed, found.ttl))
        self.assertEqual(2, self.row(self.example).record_count)
        with self.refused(errors.BadRequest, 'Managed records may not be updated'):
            self.change(found, records=['192.0.2.9'])
        self.drop('one')
        left = self.at()
        self.assertEqual((['192.0.2.9', '192.0.2.1'], False), (left.records, left.managed))
        self.assertEqual(2, self.row(self.example).record_count)
        self.change(left, records=['192.0.2.8'])
        self.assertEqual(1, self.row(self.example).record_count)

    def test_a_record_that_is_there_already_is_no_new_version(self):
        self.recordset(self.example)
        serial = self.row(self.example).serial
        self.want('one', body('192.0.2.1'))
        self.assertTrue(self.at().managed)
        self.drop('one')
        self.assertEqual((['192.0.2.1'], False), (self.at().records, self.at().managed))
        self.assertEqual(serial, self.row(self.example).serial)

    def test_another_spelling_is_the_same_record(self):
        self.recordset(self.example, type='AAAA', records=['2001:DB8::0:1'])
        self.want('one', body('2001:db8::1', type='AAAA'))
        self.assertEqual(['2001:DB8::0:1'], self.at(type_='AAAA').records)
        self.drop('one')
        self.assertEqual(['2001:DB8::0:1'], self.at(type_='AAAA').records)

    def test_a_name_in_another_case_is_the_same_record(self):
        self.recordset(self.example, type='MX', records=['10 Mail.example.net.'])
        self.want('one', body('10 mail.example.net.', type='MX'))
        self.assertEqual(['10 Mail.example.net.'], self.at(type_='MX').records)

    def test_an_administrator_may_change_what_is_managed(self):
        self.want('one', body('192.0.2.1', '192.0.2.2'))
        self.change(self.at(), MANAGER, records=['192.0.2.2', '192.0.2.7'])
        self.assertEqual(1, self.row(self.example).record_count)
        self.drop('one')
        self.assertEqual((['192.0.2.7'], False), (self.at().records, self.at().managed))

    def test_a_recordset_that_an_administrator_has_deleted(self):
        self.want('one', body('192.0.2.1'))
        self.recordsets.delete(MANAGER, self.example.id, self.at().id)
        self.drop('one')
        self.want('one', body('192.0.2.1'))
        self.assertEqual(['192.0.2.1'], self.at().records)

    def test_all_at_once(self):
        problems = []

        def work(number: int) -> None:
            try:
                for _ in range(5):
                    self.want(f'owner-{number}', body(f'192.0.2.{number}'))
                    self.drop(f'owner-{number}')
                self.want(f'owner-{number}', body(f'192.0.2.{number}'))
            except Exception as problem:
                problems.append(problem)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual([], problems)
        self.assertEqual({f'192.0.2.{number}' for number in range(4)}, set(self.at().records))


class OrderTest(TestCase):
    """News that come late."""

    def test_a_creation_after_the_deletion(self):
        self.clock.forward(100)
        self.want('one', body('192.0.2.1'), when='2026-11-21T03:00:10.000000')
        self.drop('one', when='2026-11-21T03:00:30.000000')
        with self.assertLogs('designate_like.central.managed', 'INFO'):
            self.want('one', body('192.0.2.1'), when='2026-11-21T03:00:20.000000')
        self.assertIsNone(self.at())

    def test_a_creation_of_which_only_the_deletion_was_heard(self):
        self.drop('one', when='2026-11-21T02:00:30.000000')
        self.want('one', body('192.0.2.1'), when='2026-11-21T02:00:20.000000')
        self.assertIsNone(self.at())

    def test_a_deletion_after_the_next_creation(self):
        self.want('one', body('192.0.2.1'), when='2026-11-21T02:00:30.000000')
        self.drop('one', when='2026-11-21T02:00:20.000000')
        self.assertEqual(['192.0.2.1'], self.at().records)

    def test_a_clock_that_is_ahead_does_not_shut_later_news_out(self):
        self.want('one', body('192.0.2.1'), when='2036-11-21T00:00:00.000000')
        self.clock.forward(1)
        self.drop('one')
        self.assertIsNone(self.at())

    def test_owners_without_records_are_forgotten(self):
        self.want('one', body('192.0.2.1'))
        self.want('two', body('192.0.2.2'))
        self.drop('two')
        self.clock.forward(100)
        self.assertEqual(0, self.managed.trim_owners(fixture.ADMIN, older_than=101))
        self.assertEqual(1, self.managed.trim_owners(fixture.ADMIN, older_than=99))
        self.assertEqual(1, self.owners())


class RulesTest(TestCase):
    """What holds for owners as it does for users; a refusal leaves everything as it was."""

    def refuse(self, kind: type[errors.Error], sentence: str, *bodies: Mapping[str, Any]) -> None:
        before = self.content(self.example)
        with self.refused(kind, sentence):
            self.want('one', body('192.0.2.1', name='first.example.org.'), *bodies)
        self.assertEqual(before, self.content(self.example))
        self.assertEqual(0, self.owners())

    def test_where_names_may_stand(self):
        self.recordset(self.example, 'alias.example.org.', 'CNAME', ['x.example.org.'])
        self.refuse(errors.InvalidRecordsetLocation, 'is not in zone',
                    body('192.0.2.1', name='www.example.net.'))
        self.refuse(errors.InvalidRecordsetLocation, 'must stand alone',
                    body('192.0.2.1', name='alias.example.org.'))

    def test_what_is_no_recordset(self):
        self.refuse(errors.InvalidObject, '', body('192.0.2'))
        self.refuse(errors.InvalidObject, '', body('192.0.2.1', name='www.example.org'))

    def test_what_the_service_itself_makes(self):
        self.refuse(errors.BadRequest, 'are made by the service',
                    body('ns.example.org.', name='example.org.', type='NS'))

    def test_quotas_of_the_zone(self):
        self.set('quota_recordset_records', 1)
        self.refuse(errors.OverQuota, 'recordset_records', body('192.0.2.1', '192.0.2.2'))
        self.set('quota_zone_recordsets', 3)
        self.refuse(errors.OverQuota, 'zone_recordsets', body('192.0.2.1'))

    def test_records_of_owners_are_not_those_that_quotas_count(self):
        self.set('quota_zone_records', 1)
        self.want('one', body('192.0.2.1', '192.0.2.2'))
        self.assertEqual(0, self.row(self.example).record_count)

    def test_a_secondary_zone(self):
        zone = self.zone('example.com.', type='SECONDARY', masters=['192.0.2.53'])
        with self.refused(errors.Forbidden, 'transferred from'):
            self.want('one', body('192.0.2.1', name='www.example.com.'), zone=zone)

    def test_an_owner_without_an_id(self):
        with self.refused(errors.InvalidObject, 'resource_id'):
            self.want('')
