# SPDX-License-Identifier: Apache-2.0
"""Lists: filters, sort keys, and pages that show every item exactly once."""
import datetime
from collections.abc import Callable
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.resources import soa
from tests.functional.central import fixture

_LOW = datetime.datetime(1, 1, 1)      # What is null comes first.


def walk(find: Callable[[str | None, int], list[Any]], limit: int) -> list[Any]:
    """Every item, page by page, as clients follow the links."""
    seen: list[Any] = []
    while True:
        page = find(seen[-1].id if seen else None, limit)
        seen += page
        if len(page) < limit:
            return seen


class ZonesTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.set('quota_zones', -1)
        for index in range(14):
            self.clock.forward(index % 3)       # Some are of the same second.
            zone = self.zone(f'{"zyxwv"[index % 5]}{index}.Example.org.',
                             ttl=[300, 0, 60][index % 3],
                             email=f'{"ab"[index % 2]}@example.org',
                             description=['first', 'a_b', None][index % 3])
            if index % 4 == 1:
                self.settle(zone)
            elif index % 4 == 2:
                self.clock.forward(1)
                self.change_zone(zone)
            elif index % 4 == 3:
                self.upkeep.fail(fixture.ADMIN, zone.id, zone.serial, 'gone')
        self.secondary = self.zone('second.example.', type='SECONDARY', masters=['192.0.2.1'])
        self.foreign = self.zone('foreign.example.', self.beta)

    def find(self, marker: str | None = None, limit: int = 1000, sort_key: str = 'created_at',
             sort_dir: str = 'asc', ctx: Any = None, **filters: str) -> list[resources.Zone]:
        found = self.zones.find(ctx or self.alpha, filters, marker, limit, sort_key, sort_dir)
        self.assertGreaterEqual(found['total'], len(found['items']))
        return found['items']

    def test_every_sort_key_both_ways_page_by_page(self):
        every = self.find()
        self.assertEqual(15, len(every))
        for key in (*resources.Zone.names('sort'), 'project_id'):
            ordered = sorted(every, key=lambda zone: (
                _LOW if getattr(zone, key) is None else getattr(zone, key), zone.id))
            for sort_dir, expected in (('asc', ordered), ('desc', ordered[::-1])):
                for limit in (1, 4, 5, 100):
                    with self.subTest(key=key, sort_dir=sort_dir, limit=limit):
                        self.assertEqual(
                            [zone.id for zone in expected],
                            [zone.id for zone in walk(lambda marker, size: self.find(
                                marker, size, key, sort_dir), limit)])

    def test_filters(self):
        every = self.find()
        for filters, keep in [
                ({'ttl': '60'}, lambda zone: zone.ttl == 60),
                ({'ttl': '0'}, lambda zone: zone.ttl == 0),
                ({'ttl': '<300'}, lambda zone: zone.ttl < 300),
                ({'ttl': '<=60'}, lambda zone: zone.ttl <= 60),
                ({'ttl': '>60'}, lambda zone: zone.ttl > 60),
                ({'ttl': '>=60'}, lambda zone: zone.ttl >= 60),
                ({'ttl': '!60'}, lambda zone: zone.ttl != 60),
                ({'ttl': 'BETWEEN 1,300'}, lambda zone: 1 <= zone.ttl <= 300),
                ({'email': 'a@example.org'}, lambda zone: zone.email[0] == 'a'),
                ({'email': 'b@*'}, lambda zone: zone.email[0] == 'b'),
                ({'email': '!a@example.org'}, lambda zone: zone.email[0] != 'a'),
                ({'description': 'first'}, lambda zone: zone.description == 'first'),
                ({'description': '*_*'}, lambda zone: zone.description == 'a_b'),
                ({'description': 'a%'}, lambda zone: False),
                ({'type': 'SECONDARY'}, lambda zone: zone.type == 'SECONDARY'),
                ({'type': 'PRIMARY'}, lambda zone: zone.type == 'PRIMARY'),
                ({'status': 'ACTIVE'}, lambda zone: zone.status == 'ACTIVE'),
                ({'status': 'PENDING'}, lambda zone: zone.status == 'PENDING'),
                ({'status': 'ERROR'}, lambda zone: zone.status == 'ERROR'),
                ({'status': 'DELETED'}, lambda zone: False),
                ({'name': 'z0.example.ORG.'}, lambda zone: zone.name == 'z0.Example.org.'),
                ({'name': '!z0.example.org.'}, lambda zone: zone.name != 'z0.Example.org.'),
                ({'name': '*.example.ORG.'}, lambda zone: zone.type == 'PRIMARY'),
                ({'name': 'Z*'}, lambda zone: zone.name[0] == 'z'),
                ({'name': '*1*'}, lambda zone: '1' in zone.name),
                ({'name': '*'}, lambda zone: True),
                ({'name': 'z0'}, lambda zone: False),
                ({'name': 'z_.example.org.'}, lambda zone: False),
                ({'name': '%'}, lambda zone: False),
                ({'name': '|*'}, lambda zone: False),
                ({'name': ''}, lambda zone: False),
                ({'name': "x' OR 1=1 --"}, lambda zone: False),
                ({'name': 'z*', 'ttl': '300'},
                 lambda zone: zone.name[0] == 'z' and zone.ttl == 300),
                ({'name': 'foreign.example.'}, lambda zone: False)]:
            with self.subTest(filters=filters):
                expected = {zone.name for zone in every if keep(zone)}
                found = self.zones.find(self.alpha, filters, None, 1000, 'name', 'asc')
                self.assertEqual(expected, {zone.name for zone in found['items']})
                self.assertEqual(len(expected), found['total'])

    def test_pages_of_a_filtered_list(self):
        pending = {zone.id for zone in self.find() if zone.status == 'PENDING'}
        paged = walk(lambda marker, size: self.find(
            marker, size, 'ttl', 'desc', status='PENDING'), 3)
        self.assertEqual((len(pending), pending), (len(paged), {zone.id for zone in paged}))

    def test_the_total_counts_all_pages(self):
        found = self.zones.find(self.alpha, {}, None, 3, 'name', 'asc')
        self.assertEqual((3, 15), (len(found['items']), found['total']))

    def test_a_value_that_cannot_be_compared(self):
        for value in ('x', '', '<x', 'BETWEEN 1,x', '9' * 30, '-1'):
            with self.subTest(value=value), self.refused(errors.BadRequest):
                self.find(ttl=value)

    def test_a_marker_that_is_no_zone(self):
        with self.refused(errors.MarkerNotFound):
            self.find('5850a862-d57a-4738-ab13-9875525d9f4f')

    def test_who_sees_what(self):
        self.assertEqual(['foreign.example.'], [zone.name for zone in self.find(ctx=self.beta)])
        self.assertEqual(16, len(self.find(ctx=fixture.ADMIN)))
        self.assertEqual(1, len(self.find(ctx=fixture.user('beta', 'admin'))))

    def test_catalogs_are_for_admins(self):
        with self.store.write() as tx:
            store.zones.update(tx, self.secondary.id, type='CATALOG')
        self.assertEqual([], self.find(type='CATALOG'))
        self.assertEqual(14, len(self.find()))
        self.assertEqual(1, len(self.find(ctx=fixture.ADMIN, type='CATALOG')))
        with self.refused(errors.ZoneNotFound):
            self.zones.get(self.alpha, self.secondary.id)

    def test_zones_that_are_gone_are_in_no_list(self):
        self.remove(self.secondary)
        self.assertEqual(14, len(self.find()))
        self.assertEqual([], self.find(name='second.example.'))


class RecordsetsTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.first = self.zone('first.example.', email='host.master@example.org')
        self.second = self.zone('second.example.')
        self.settle(self.second)
        for index in range(12):
            self.clock.forward(index % 3)
            zone = (self.first, self.second)[index % 2]
            type_ = ['A', 'TXT', 'MX'][index % 3]
            made = self.recordset(
                zone, f'{"CbA"[index % 3]}{index // 2}.{zone.name}', type_,
                {'A': [f'192.0.2.{index}', '198.51.100.1'], 'TXT': [f'"Text {index}"', '100%'],
                 'MX': []}[type_],
                ttl=[None, 0, 60, 300][index % 4], description=['x', None][index % 2])
            if index % 5 == 0:
                self.change(made, description='y')
        foreign = self.zone('foreign.example.', self.beta)
        self.recordset(foreign, 'a.foreign.example.', ctx=self.beta)
        self.upkeep.fail(fixture.ADMIN, self.second.id, self.row(self.second).serial, 'gone')

    def find(self, zone: resources.Zone | None, marker: str | None = None, limit: int = 1000,
             sort_key: str = 'created_at', sort_dir: str = 'asc', ctx: Any = None,
             **filters: str) -> list[resources.Recordset]:
        found = self.recordsets.find(ctx or self.alpha, zone and zone.id, filters, marker, limit,
                                     sort_key, sort_dir, True)
        self.assertGreaterEqual(found['total'], len(found['items']))
        return found['items']

    def test_every_sort_key_both_ways_page_by_page(self):
        for zone, count in ((self.first, 8), (None, 16)):
            every = self.find(zone)
            self.assertEqual(count, len(every))
            for key in (*resources.Recordset.names('sort'), 'project_id'):
                low = -1 if key == 'ttl' else _LOW
                ordered = sorted(every, key=lambda each: (
                    low if getattr(each, key) is None else getattr(each, key), each.id))
                for sort_dir, expected in (('asc', ordered), ('desc', ordered[::-1])):
                    for limit in (1, 3, 8, 100):
                        with self.subTest(zone=zone and zone.name, key=key, sort_dir=sort_dir,
                                          limit=limit):
                            self.assertEqual(
                                [each.id for each in expected],
                                [each.id for each in walk(lambda marker, size: self.find(
                                    zone, marker, size, key, sort_dir), limit)])

    def test_filters(self):
        for zone in (self.first, self.second, None):
            every = self.find(zone)
            for filters, keep in [
                    ({'type': 'A'}, lambda each: each.type == 'A'),
                    ({'type': '!A'}, lambda each: each.type != 'A'),
                    ({'type': 'S*'}, lambda each: each.type == 'SOA'),
                    ({'ttl': '60'}, lambda each: each.ttl == 60),
                    ({'ttl': '0'}, lambda each: each.ttl == 0),
                    ({'ttl': '>0'}, lambda each: (each.ttl or 0) > 0),
                    ({'ttl': 'BETWEEN 0,60'}, lambda each: each.ttl in (0, 60)),
                    ({'description': 'y'}, lambda each: each.description == 'y'),
                    ({'name': 'c0.FIRST.example.'}, lambda each: each.name == 'C0.first.example.'),
                    ({'name': 'C*'}, lambda each: each.name[0] == 'C'),
                    ({'name': '*.first.example.'}, lambda each: each.name.endswith(
                        '.first.example.')),
                    ({'name': '!first.example.'}, lambda each: each.name != 'first.example.'),
                    ({'status': 'ACTIVE'}, lambda each: each.status == 'ACTIVE'),
                    ({'status': 'PENDING'}, lambda each: each.status == 'PENDING'),
                    ({'status': 'ERROR'}, lambda each: each.status == 'ERROR'),
                    ({'action': 'NONE'}, lambda each: each.action == 'NONE'),
                    ({'action': 'CREATE'}, lambda each: each.action == 'CREATE'),
                    ({'action': 'UPDATE'}, lambda each: each.action == 'UPDATE'),
                    ({'data': '198.51.100.1'}, lambda each: '198.51.100.1' in each.records),
                    ({'data': '192.0.2.*'}, lambda each: each.type == 'A'),
                    ({'data': '"Text *'}, lambda each: each.type == 'TXT'),
                    ({'data': '100%'}, lambda each: each.type == 'TXT'),
                    ({'data': '1%'}, lambda each: False),
                    ({'data': '"TEXT *'}, lambda each: each.type == 'TXT'),
                    ({'data': '*'}, lambda each: bool(each.records)),
                    ({'data': soa.text(self.row(self.first))}, lambda each: each.type == 'SOA' and (
                        each.zone_id == self.first.id)),
                    ({'data': '* 86400 *'}, lambda each: each.type == 'SOA'),
                    ({'data': "' OR 1=1"}, lambda each: False),
                    ({'zone_id': self.first.id}, lambda each: each.zone_id == self.first.id),
                    ({'type': 'A', 'data': '192.0.2.0'}, lambda each: '192.0.2.0' in each.records),
            ]:
                with self.subTest(zone=zone and zone.name, filters=filters):
                    expected = {(each.name, each.type) for each in every if keep(each)}
                    found = self.recordsets.find(self.alpha, zone and zone.id, filters, None, 1000,
                                                 'name', 'asc', True)
                    self.assertEqual(expected, {(each.name, each.type) for each in found['items']})
                    self.assertEqual(len(expected), found['total'])

    def test_states_are_the_same_in_lists_and_alone(self):
        for zone in (self.first, self.second):
            self.zones.delete(self.alpha, self.second.id)
            for each in self.find(zone):
                self.assertEqual(each, self.recordsets.get(self.alpha, zone.id, each.id))
                for key in ('status', 'action'):
                    self.assertIn(each.id, {found.id for found in self.find(
                        zone, **{key: getattr(each, key)})})

    def test_the_root_list_is_the_callers_projects(self):
        self.assertEqual({'first.example.', 'second.example.'},
                         {each.zone_name for each in self.find(None)})
        self.assertEqual({'foreign.example.'},
                         {each.zone_name for each in self.find(None, ctx=self.beta)})
        self.assertEqual(19, len(self.find(None, ctx=fixture.ADMIN)))

    def test_a_soa_in_the_root_list_is_made_of_its_zone(self):
        starts = {each.zone_id: each for each in self.find(None, type='SOA')}
        for zone in (self.first, self.second):
            self.assertEqual(self.apex(zone, 'SOA'), starts[zone.id])

    def test_counts_may_be_left_out(self):
        found = self.recordsets.find(self.alpha, self.first.id, {}, None, 3, 'name', 'asc', False)
        self.assertEqual((3, 0), (len(found['items']), found['total']))

    def test_a_zone_that_the_caller_does_not_see(self):
        with self.refused(errors.ZoneNotFound):
            self.find(self.first, ctx=self.beta)

    def test_who_may(self):
        for zone in (self.first, None):
            with self.refused(errors.Forbidden):
                self.find(zone, ctx=fixture.user('alpha', 'auditor'))
