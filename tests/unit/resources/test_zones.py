# SPDX-License-Identifier: Apache-2.0
"""The bodies of zones: what is accepted, what is refused, and in which shape."""
import datetime
from typing import Any
from unittest import mock

from oslo_utils import timeutils

from designate_like import errors
from designate_like import resources
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from tests import base

POOL = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
ID = '5850a862-d57a-4738-ab13-9875525d9f4f'
PRIMARY = {'name': 'Example.org.', 'email': 'a@example.org'}
SECONDARY = {'name': 'example.org.', 'type': 'SECONDARY', 'masters': ['192.0.2.1']}
NOW, SECOND = datetime.datetime(2026, 1, 1), datetime.timedelta(seconds=1)
LONGEST = '.'.join(['a' * 49] * 5) + '.abc.'


def zone(**fields: Any) -> resources.Zone:
    return resources.Zone(**{
        'id': ID, 'pool_id': POOL, 'project_id': 'alpha', 'name': 'Example.org.',
        'key': 'org.example.', 'email': 'a@example.org', 'ttl': 3600, 'serial': 7,
        'born_serial': 7, 'created_at': datetime.datetime(2026, 1, 1), **fields})


def secondary(**fields: Any) -> resources.Zone:
    return zone(type='SECONDARY', masters=['192.0.2.1'], **fields)


# body, values
CREATED = [
    (PRIMARY, PRIMARY),
    ({**PRIMARY, 'type': 'PRIMARY', 'ttl': 0, 'description': 'x'},) * 2,
    ({**PRIMARY, 'ttl': 2**31 - 1},) * 2,
    ({**PRIMARY, 'ttl': '300'}, {**PRIMARY, 'ttl': 300}),
    ({**PRIMARY, 'ttl': None},) * 2,
    ({**PRIMARY, 'description': None},) * 2,
    ({**PRIMARY, 'description': 'ü' * 160},) * 2,
    ({**PRIMARY, 'attributes': {'a': True, 'b': 5}},
     {**PRIMARY, 'attributes': {'a': 'True', 'b': '5'}}),
    ({**PRIMARY, 'attributes': {'a' * 50: 'b' * 50}},) * 2,
    ({**PRIMARY, 'pool_id': POOL},) * 2,
    ({**PRIMARY, 'masters': []},) * 2,
    ({**PRIMARY, 'masters': None}, PRIMARY),
    ({**PRIMARY, 'email': 'a@b'},) * 2,
    ({**PRIMARY, 'name': 'org.'},) * 2,             # One label is central's to refuse.
    ({**PRIMARY, 'name': LONGEST},) * 2,
    ({**PRIMARY, 'name': 'xn--bcher-kva.example.'},) * 2,
    ({**PRIMARY, 'name': '_sip._tcp.example.org.'},) * 2,
    (SECONDARY, SECONDARY),
    ({**SECONDARY, 'email': None, 'ttl': None}, {**SECONDARY, 'ttl': None}),
    ({**SECONDARY, 'masters': ['192.0.2.1:53', '[2001:db8::1]:54', 'ns1.example.net.']},
     {**SECONDARY, 'masters': ['192.0.2.1', '[2001:db8::1]:54', 'ns1.example.net.']}),
]
# body, what the message says
WRONG_SCALARS = [
    ({**PRIMARY, 'name': 'example.org'}, 'name:'),
    ({**PRIMARY, 'name': '*.example.org.'}, 'name:'),
    ({**PRIMARY, 'name': 'bücher.example.'}, 'name:'),
    ({**PRIMARY, 'name': '-a.example.'}, 'name:'),
    ({**PRIMARY, 'name': 'a-.example.'}, 'name:'),
    ({**PRIMARY, 'name': 'a' * 64 + '.example.'}, 'name:'),
    ({**PRIMARY, 'name': 'a' + LONGEST}, 'name:'),
    ({**PRIMARY, 'name': None}, 'name:'),
    ({**PRIMARY, 'name': 5}, 'name:'),
    ({**PRIMARY, 'type': 'CATALOGUE'}, 'type:'),
    ({**PRIMARY, 'type': 'primary'}, 'type:'),
    ({**PRIMARY, 'type': None}, 'type:'),
    ({**PRIMARY, 'email': 'a+b@example.org'}, 'email:'),
    ({**PRIMARY, 'email': 'example.org'}, 'email:'),
    ({**PRIMARY, 'email': ''}, 'email:'),
    ({**PRIMARY, 'email': 'a@' + 'b' * 300}, 'email:'),
    ({**PRIMARY, 'ttl': -1}, 'ttl:'),
    ({**PRIMARY, 'ttl': 2**31}, 'ttl:'),
    ({**PRIMARY, 'ttl': 'x'}, 'ttl:'),
    ({**PRIMARY, 'ttl': True}, 'ttl:'),
    ({**PRIMARY, 'description': 'x' * 161}, 'description:'),
    ({**PRIMARY, 'description': 5}, 'description:'),
    ({**PRIMARY, 'description': '\udc00'}, 'description:'),
    ({**PRIMARY, 'attributes': None}, 'attributes:'),
    ({**PRIMARY, 'attributes': []}, 'attributes:'),
    ({**PRIMARY, 'attributes': {'a': None}}, 'attributes:'),
    ({**PRIMARY, 'attributes': {'a' * 51: 'b'}}, 'attributes:'),
    ({**PRIMARY, 'attributes': {'a': 'b' * 51}}, 'attributes:'),
    ({**PRIMARY, 'pool_id': 'x'}, 'pool_id:'),
    ({**SECONDARY, 'masters': '192.0.2.1'}, 'masters:'),
    ({**SECONDARY, 'masters': ['192.0.2.256']}, 'masters:'),
    ({**SECONDARY, 'masters': ['192.0.2.1:0']}, 'masters:'),
    ({**SECONDARY, 'masters': [5]}, 'masters:'),
]
STALE = [
    (False, {}),
    (False, {'expire_at': NOW - SECOND}),
    (True, {'type': 'SECONDARY'}),
    (False, {'type': 'SECONDARY', 'transferred_at': NOW - SECOND}),
    (False, {'type': 'SECONDARY', 'transferred_at': NOW, 'expire_at': NOW}),
    (True, {'type': 'SECONDARY', 'transferred_at': NOW, 'expire_at': NOW - SECOND}),
]
READ_ONLY = ['id', 'project_id', 'serial', 'shared', 'status', 'action', 'version', 'created_at',
             'updated_at', 'transferred_at', 'links', 'shard', 'key', 'mname', 'settled_serial',
             'deleting', 'tenant_id']
# body, path, validator
PROBLEMS = [
    ({}, ['name'], 'required'),
    ({'name': 'example.org.'}, ['type', 'email'], 'required'),
    ({**PRIMARY, 'email': None}, ['type', 'email'], 'required'),
    ({**PRIMARY, 'masters': ['192.0.2.1']}, ['type', 'masters'], 'not_allowed'),
    ({'name': 'example.org.', 'type': 'SECONDARY'}, ['type', 'masters'], 'required'),
    ({**SECONDARY, 'masters': []}, ['type', 'masters'], 'required'),
    ({**SECONDARY, 'masters': None}, ['type', 'masters'], 'required'),
    ({**SECONDARY, 'email': 'a@b'}, ['type', 'email'], 'not_allowed'),
    ({**SECONDARY, 'ttl': 300}, ['type', 'ttl'], 'not_allowed'),
    ({**SECONDARY, 'ttl': 0}, ['type', 'ttl'], 'not_allowed'),
]


class CreateTest(base.TestCase):

    def invalid(self, body: Any) -> errors.InvalidObject:
        with self.assertRaises(errors.InvalidObject) as caught:
            resources.Zone.parse(body, CREATE)
        return caught.exception

    def test_accepted(self):
        for body, values in CREATED:
            with self.subTest(body=body):
                self.assertEqual(values, resources.Zone.parse(body, CREATE))

    def test_wrong_scalars(self):
        for body, says in WRONG_SCALARS:
            with self.subTest(body=body):
                error = self.invalid(body)
                self.assertTrue(error.message.startswith(f'Provided object is not valid. {says}'),
                                error.message)
                self.assertEqual({}, error.kwargs)

    def test_read_only_keys(self):
        for key in READ_ONLY:
            with self.subTest(key=key):
                self.assertEqual(f'Provided object is not valid. Keys {[key]} are not valid for '
                                 'zone', self.invalid({**PRIMARY, key: 'x'}).message)

    def test_problems(self):
        for body, path, validator in PROBLEMS:
            with self.subTest(body=body):
                problems = self.invalid(body).kwargs['problems']
                self.assertIn((path, validator),
                              [(each['path'], each['validator']) for each in problems])

    def test_every_problem_at_once(self):
        problems = self.invalid({'masters': ['192.0.2.1']}).kwargs['problems']
        self.assertEqual(
            [(['name'], "'name' is a required property"),
             (['type', 'masters'], "'masters' is not allowed for a PRIMARY zone"),
             (['type', 'email'], "'email' is a required property")],
            [(each['path'], each['message']) for each in problems])

    def test_two_masters_that_are_one(self):
        for masters in (['192.0.2.1', '192.0.2.1'], ['192.0.2.1', '192.0.2.1:53'],
                        ['::1', '[::1]:53']):
            with self.subTest(masters=masters), self.assertRaises(errors.DuplicateZoneAttribute):
                resources.Zone.parse({**SECONDARY, 'masters': masters}, CREATE)


class UpdateTest(base.TestCase):

    def parse(self, body: Any, present: resources.Zone | None = None) -> dict[str, Any]:
        return resources.Zone.parse(body, UPDATE, present or zone())

    def test_what_may_change(self):
        for body in ({}, {'email': 'b@b'}, {'ttl': 5}, {'description': None},
                     {'description': 'x'}, {'attributes': {}}, {'attributes': {'a': 'b'}}):
            with self.subTest(body=body):
                self.assertEqual(body, self.parse(body))

    def test_null_leaves_what_cannot_be_null(self):
        self.assertEqual({}, self.parse({'email': None, 'masters': None}))

    def test_null_is_the_default_ttl(self):
        self.assertEqual({'ttl': None}, self.parse({'ttl': None}))

    def test_masters_of_a_secondary(self):
        self.assertEqual({'masters': ['192.0.2.2']},
                         self.parse({'masters': ['192.0.2.2:53']}, secondary()))

    def test_a_ttl_of_a_secondary(self):
        self.assertEqual({'ttl': 5}, self.parse({'ttl': 5}, secondary()))

    def test_echoes(self):
        present = zone()
        for key in ('id', 'name', 'type', 'serial', 'status', 'project_id', 'pool_id'):
            with self.subTest(key=key):
                self.assertEqual({}, self.parse({key: present.view()[key]}, present))

    def test_a_name_in_another_case_is_an_echo_too(self):
        self.assertEqual({}, self.parse({'name': zone().name.swapcase()}))

    def test_a_serial_in_text_is_an_echo_too(self):
        self.assertEqual({}, self.parse({'serial': '7'}))

    def test_other_values_where_an_echo_is_allowed(self):
        for key, other in [('id', POOL), ('name', 'example.com.'), ('type', 'SECONDARY'),
                           ('serial', 8), ('status', 'ACTIVE'), ('project_id', 'beta'),
                           ('pool_id', ID), ('name', None), ('pool_id', None)]:
            with self.subTest(key=key, other=other):
                with self.assertRaisesRegex(errors.InvalidObject, f"Keys \\['{key}'\\]"):
                    self.parse({key: other})

    def test_read_only_keys_even_with_the_present_value(self):
        present = zone()
        for key in ('action', 'version', 'created_at', 'updated_at', 'transferred_at', 'shared',
                    'links', 'key', 'shard'):
            with self.subTest(key=key), self.assertRaises(errors.InvalidObject):
                self.parse({key: present.view().get(key, getattr(present, key, None))}, present)

    def test_not_for_this_type(self):
        for present, body, path, validator in [
                (zone(), {'masters': ['192.0.2.1']}, ['type', 'masters'], 'not_allowed'),
                (secondary(), {'email': 'b@b'}, ['type', 'email'], 'not_allowed'),
                (secondary(), {'masters': []}, ['type', 'masters'], 'required')]:
            with self.subTest(body=body):
                with self.assertRaises(errors.InvalidObject) as caught:
                    self.parse(body, present)
                self.assertEqual([(path, validator)], [
                    (each['path'], each['validator'])
                    for each in caught.exception.kwargs['problems']])


class StaleTest(base.TestCase):

    def test_the_table(self):
        self.enterContext(mock.patch.object(timeutils, 'utcnow', lambda with_timezone: NOW))
        for expected, fields in STALE:
            with self.subTest(fields):
                self.assertEqual(expected, zone(**fields).is_stale)


class ViewTest(base.TestCase):

    def test_members_and_their_order(self):
        self.assertEqual(
            ['id', 'pool_id', 'project_id', 'name', 'email', 'description', 'ttl', 'serial',
             'shared', 'status', 'action', 'version', 'attributes', 'type', 'masters',
             'created_at', 'updated_at', 'transferred_at'], list(zone().view()))

    def test_a_new_zone(self):
        view = zone(serial=2**32 + 7).view()
        self.assertEqual(('PENDING', 'CREATE', 7, [], {}, None),
                         (view['status'], view['action'], view['serial'], view['masters'],
                          view['attributes'], view['updated_at']))

    def test_states(self):
        for fields, state in [({}, ('CREATE', 'PENDING')),
                              ({'settled_serial': 7}, ('NONE', 'ACTIVE')),
                              ({'settled_serial': 7, 'serial': 8}, ('UPDATE', 'PENDING')),
                              ({'failed': 'no one answers'}, ('CREATE', 'ERROR')),
                              ({'settled_serial': 7, 'deleting': True}, ('DELETE', 'PENDING'))]:
            with self.subTest(fields=fields):
                made = zone(**fields)
                self.assertEqual(state, made.state)
                self.assertEqual(state, (made.view()['action'], made.view()['status']))

    def test_filters_and_sort_keys_of_the_api(self):
        self.assertEqual({'name', 'type', 'email', 'status', 'description', 'ttl'},
                         set(resources.Zone.names('match')))
        self.assertEqual({'created_at', 'id', 'updated_at', 'name', 'serial', 'ttl', 'status'},
                         set(resources.Zone.names('sort')))
