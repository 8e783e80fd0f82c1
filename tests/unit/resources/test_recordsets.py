# SPDX-License-Identifier: Apache-2.0
"""The bodies of recordsets: what is accepted, what is refused, and in which shape."""
import datetime
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from tests import base

ZONE = '5850a862-d57a-4738-ab13-9875525d9f4f'
ID = 'b118b457-cb14-4b49-8ffe-4d3e6a0c3e6a'
A = {'name': 'www.example.org.', 'type': 'A'}
FULL = {**A, 'records': ['192.0.2.1']}


def recordset(**fields: Any) -> resources.Recordset:
    return resources.Recordset(**{
        'id': ID, 'zone_id': ZONE, 'project_id': 'alpha', 'name': 'www.example.org.',
        'key': 'org.example.www.', 'zone_name': 'example.org.', 'type': 'A',
        'records': ['192.0.2.1'], 'created_at': datetime.datetime(2026, 1, 1), 'serial': 7,
        'born_serial': 7, **fields})


# body, values
CREATED = [
    (A, A), (FULL, FULL),
    ({**A, 'records': []},) * 2,
    ({**A, 'records': None}, A),
    ({**FULL, 'ttl': 0, 'description': 'x'},) * 2,
    ({**FULL, 'ttl': None, 'description': None},) * 2,
    ({**FULL, 'ttl': '60'}, {**FULL, 'ttl': 60}),
    ({**A, 'records': ['192.0.2.2', '192.0.2.1', '192.0.2.2', '192.0.2.3']},
     {**A, 'records': ['192.0.2.2', '192.0.2.1', '192.0.2.3']}),
    ({**A, 'name': '*.example.org.'},) * 2,
    ({**A, 'name': 'WWW_1.Example.Org.'},) * 2,
    ({'name': 'a.example.', 'type': 'AAAA', 'records': ['2001:DB8::1', '2001:db8::1']},) * 2,
    ({'name': '_sip._tcp.example.org.', 'type': 'SRV',
      'records': ['10 60 5060 server1.example.com.']},) * 2,
    ({'name': '_443._tcp.example.org.', 'type': 'TLSA', 'records': ['3 1 0 AA BB CC DD']},) * 2,
    ({'name': '*.sub.example.org.', 'type': 'SPF', 'records': ['v=spf1', '"a"']},) * 2,
    # SOA passes here, so that central can say that nobody writes it.
    ({'name': 'example.org.', 'type': 'SOA', 'records': ['anything']},) * 2,
]
# body, what the message says
WRONG_SCALARS = [
    ({**FULL, 'name': 'www'}, 'name:'),
    ({**FULL, 'name': 'www.example.org'}, 'name:'),
    ({**FULL, 'name': 'a.*.example.org.'}, 'name:'),
    ({**FULL, 'name': 'a/b.example.org.'}, 'name:'),
    ({**FULL, 'name': 'bücher.example.org.'}, 'name:'),
    ({**FULL, 'name': None}, 'name:'),
    ({**FULL, 'type': None}, 'type:'),
    ({**FULL, 'type': 5}, 'type:'),
    ({**FULL, 'ttl': -1}, 'ttl:'),
    ({**FULL, 'ttl': 2**31}, 'ttl:'),
    ({**FULL, 'ttl': 'x'}, 'ttl:'),
    ({**FULL, 'description': 'x' * 161}, 'description:'),
    ({**FULL, 'description': 5}, 'description:'),
    ({**FULL, 'description': '\ud83d'}, 'description:'),
]
READ_ONLY = ['id', 'zone_id', 'zone_name', 'project_id', 'status', 'action', 'version',
             'created_at', 'updated_at', 'links', 'data', 'key', 'managed', 'serial', 'wire']


class CreateTest(base.TestCase):

    def invalid(self, body: Any) -> errors.InvalidObject:
        with self.assertRaises(errors.InvalidObject) as caught:
            resources.Recordset.parse(body, CREATE)
        return caught.exception

    def test_accepted(self):
        for body, values in CREATED:
            with self.subTest(body=body):
                self.assertEqual(values, resources.Recordset.parse(body, CREATE))

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
                                 'recordset', self.invalid({**FULL, key: 'x'}).message)

    def test_missing(self):
        self.assertEqual([(['name'], 'required'), (['type'], 'required')], [
            (each['path'], each['validator']) for each in self.invalid({}).kwargs['problems']])

    def test_an_unknown_type(self):
        for type_ in ('a', 'AXFR', 'DNAME', '', 'A ', 'x' * 255):
            with self.subTest(type=type_):
                [problem] = self.invalid({**FULL, 'type': type_}).kwargs['problems']
                self.assertEqual((['recordset', 'type'], 'value'),
                                 (problem['path'], problem['validator']))

    def test_one_problem_for_each_wrong_record(self):
        self.assertEqual(
            [{'path': ['records', index], 'message': f"'{text}' is not a 'A' Record",
              'validator': 'format', 'validator_value': ['A']}
             for index, text in [(1, 'x'), (3, ''), (4, '5'), (5, 'None'), (6, '01.2.3.4')]],
            self.invalid({**A, 'records': [
                '192.0.2.1', 'x', '192.0.2.1', '', 5, None, '01.2.3.4']}).kwargs['problems'])

    def test_a_record_that_no_utf_8_can_hold(self):
        [problem] = self.invalid({'name': 'a.example.', 'type': 'TXT',
                                  'records': ['\ud800']}).kwargs['problems']
        self.assertEqual(['records', 0], problem['path'])

    def test_records_that_are_no_list(self):
        for records in ('192.0.2.1', {}, 5, True):
            with self.subTest(records=records):
                [problem] = self.invalid({**A, 'records': records}).kwargs['problems']
                self.assertEqual((['records'], 'type'), (problem['path'], problem['validator']))

    def test_names_that_may_not_own_the_type(self):
        for name, type_ in [('*.example.org.', 'NS'), ('example.org.', 'SRV'),
                            ('_sip.example.org.', 'SRV')]:
            with self.subTest(name=name, type=type_):
                [problem] = self.invalid({'name': name, 'type': type_}).kwargs['problems']
                self.assertEqual(['name'], problem['path'])

    def test_a_name_that_may_not_own_a_tlsa_is_another_error(self):
        for name in ('example.org.', '_70000._tcp.example.org.', '_x._tcp.example.org.'):
            with self.subTest(name=name), self.assertRaises(errors.BadRequest) as caught:
                resources.Recordset.parse({'name': name, 'type': 'TLSA'}, CREATE)
            self.assertIs(errors.BadRequest, type(caught.exception))


class UpdateTest(base.TestCase):

    def parse(self, body: Any, present: resources.Recordset | None = None) -> dict[str, Any]:
        return resources.Recordset.parse(body, UPDATE, present or recordset())

    def test_what_may_change(self):
        for body in ({}, {'records': []}, {'records': ['192.0.2.9']}, {'ttl': None}, {'ttl': 0},
                     {'description': None}, {'description': 'x'}):
            with self.subTest(body=body):
                self.assertEqual(body, self.parse(body))

    def test_records_null_leaves_them(self):
        self.assertEqual({}, self.parse({'records': None}))

    def test_records_are_judged_by_the_present_type_and_name(self):
        self.assertEqual({'records': ['x']},
                         self.parse({'records': ['x']}, recordset(type='TXT')))
        with self.assertRaises(errors.InvalidObject) as caught:
            self.parse({'records': ['192.0.2.1', 'x']})
        self.assertEqual([['records', 1]],
                         [each['path'] for each in caught.exception.kwargs['problems']])

    def test_echoes(self):
        present = recordset()
        for key in ('id', 'zone_id', 'project_id', 'name', 'zone_name', 'type'):
            with self.subTest(key=key):
                self.assertEqual({}, self.parse({key: present.view()[key]}, present))

    def test_names_in_another_case_are_echoes_too(self):
        present = recordset()
        self.assertEqual({}, self.parse({'name': present.name.swapcase(),
                                         'zone_name': present.zone_name.swapcase()}, present))

    def test_other_values_where_an_echo_is_allowed(self):
        for key, other in [('id', ZONE), ('zone_id', ID), ('project_id', 'beta'),
                           ('name', 'mail.example.org.'), ('zone_name', 'example.com.'),
                           ('type', 'AAAA'), ('name', None), ('type', None)]:
            with self.subTest(key=key, other=other):
                with self.assertRaisesRegex(errors.InvalidObject, f"Keys \\['{key}'\\]"):
                    self.parse({key: other})

    def test_read_only_keys_even_with_the_present_value(self):
        present = recordset()
        for key in ('status', 'action', 'version', 'created_at', 'updated_at', 'links', 'data',
                    'managed', 'serial'):
            with self.subTest(key=key), self.assertRaises(errors.InvalidObject):
                self.parse({key: present.view().get(key, getattr(present, key, None))}, present)


class ViewTest(base.TestCase):

    def test_members_and_their_order(self):
        self.assertEqual(
            ['id', 'zone_id', 'project_id', 'name', 'zone_name', 'type', 'records', 'description',
             'ttl', 'status', 'action', 'version', 'created_at', 'updated_at'],
            list(recordset().view()))

    def test_states(self):
        for fields, state in [
                ({}, ('CREATE', 'PENDING')),
                ({'zone_settled': 7}, ('NONE', 'ACTIVE')),
                ({'zone_settled': 7, 'serial': 9}, ('UPDATE', 'PENDING')),
                ({'zone_settled': 7, 'serial': 9, 'zone_failed': True}, ('UPDATE', 'ERROR')),
                ({'zone_settled': 7, 'zone_failed': True}, ('NONE', 'ACTIVE')),
                ({'zone_settled': 7, 'zone_deleting': True}, ('DELETE', 'PENDING')),
                ({'zone_settled': 7, 'zone_expire_at': datetime.datetime.min}, ('UPDATE', 'ERROR')),
                ({'serial': 0, 'born_serial': 0, 'records': []}, ('NONE', 'ACTIVE'))]:
            with self.subTest(fields=fields):
                self.assertEqual(state, recordset(**fields).state)

    def test_filters_and_sort_keys_of_the_api(self):
        self.assertEqual({'name', 'type', 'ttl', 'status', 'description', 'action'},
                         set(resources.Recordset.names('match')))
        self.assertEqual({'created_at', 'id', 'updated_at', 'zone_id', 'name', 'type', 'ttl'},
                         set(resources.Recordset.names('sort')))
