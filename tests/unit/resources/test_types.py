# SPDX-License-Identifier: Apache-2.0
"""The types of fields: what each accepts, what each refuses, and the forms of its values."""
import datetime
import json

from designate_like.resources import types
from tests import base

UUID = '0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6'

# type, what is sent, what it becomes
ACCEPTED = [
    (types.Text(3), 'abc', 'abc'), (types.Text(3), '', ''), (types.Text(3, 1), 'ü€😀', 'ü€😀'),
    (types.UUID(), UUID, UUID),
    (types.Choice('A', 'B'), 'B', 'B'),
    (types.Integer(0, 9), 0, 0), (types.Integer(0, 9), 9, 9), (types.Integer(0, 9), '7', 7),
    (types.Integer(0, 9), 7.0, 7), (types.Integer(-1, 9), '-1', -1),
    (types.Boolean(), True, True),
    (types.Name(), 'Example.org.', 'Example.org.'),
    (types.Name(wildcard=True), '*.example.org.', '*.example.org.'),
    (types.Email(), 'a@b', 'a@b'), (types.Email(), 'host.master@a.org', 'host.master@a.org'),
    (types.Email(), 'a_b-c@example.org', 'a_b-c@example.org'),
    (types.Email(), 'a' * 63 + '@example.org', 'a' * 63 + '@example.org'),
    (types.Strings(), ['b', 'a'], ['b', 'a']), (types.Strings(), [], []),
    (types.Map(4), {'a': 'b'}, {'a': 'b'}), (types.Map(4), {}, {}),
    (types.Map(4), {'a': True, 'b': 12, 'c': 1.5}, {'a': 'True', 'b': '12', 'c': '1.5'}),
    (types.Map(4), {5: 'x'}, {'5': 'x'}),
    (types.Master(), '192.0.2.1', '192.0.2.1'), (types.Master(), '192.0.2.1:53', '192.0.2.1'),
    (types.Master(), '192.0.2.1:54', '192.0.2.1:54'), (types.Master(), '::1', '::1'),
    (types.Master(), '[::1]:54', '[::1]:54'), (types.Master(), '[::1]:53', '::1'),
    (types.Master(), 'ns1.example.org', 'ns1.example.org'),
    (types.Master(), 'ns1.example.org.:65535', 'ns1.example.org.:65535'),
]
# type, what is sent
REFUSED = [
    (types.Text(3), 'abcd'), (types.Text(3), 5), (types.Text(3), ['a']), (types.Text(3), {}),
    (types.Text(3), True), (types.Text(3, 1), ''), (types.Text(3), '\ud800'),
    (types.UUID(), UUID.upper()), (types.UUID(), UUID.replace('-', '')),
    (types.UUID(), UUID + '\n'), (types.UUID(), ''), (types.UUID(), 5),
    (types.Choice('A', 'B'), 'a'), (types.Choice('A', 'B'), ['A']), (types.Choice('A', 'B'), 5),
    (types.Integer(0, 9), -1), (types.Integer(0, 9), 10), (types.Integer(0, 9), 'x'),
    (types.Integer(0, 9), ''), (types.Integer(0, 9), True), (types.Integer(0, 9), [1]),
    (types.Integer(0, 9), {}), (types.Integer(0, 9), '1.5'), (types.Integer(0, 9), float('inf')),
    (types.Integer(0, 9), float('nan')), (types.Integer(), 10**30), (types.Integer(), '9' * 5000),
    (types.Boolean(), 'true'), (types.Boolean(), 1),
    (types.Name(), 'example.org'), (types.Name(), '*.example.org.'), (types.Name(), 5),
    (types.Name(), 'b\u00fccher.example.'), (types.Name(), ''), (types.Name(), []),
    (types.Email(), 'a'), (types.Email(), 'a@b@c'), (types.Email(), '@b'), (types.Email(), 'a@'),
    (types.Email(), 'a+b@example.org'), (types.Email(), 'a b@example.org'), (types.Email(), 5),
    (types.Email(), 'a@example.org.'), (types.Email(), '.a@b'), (types.Email(), 'a.@b'),
    (types.Email(), 'a..b@c'), (types.Email(), 'ü@b'), (types.Email(), 'a@b\n'),
    (types.Email(), 'a@' + '.'.join(['b' * 60] * 5)), (types.Email(), 'a' * 64 + '@b'),
    (types.Email(), 'a.' * 32 + 'a@b'),
    (types.Strings(), 'a'), (types.Strings(), {'a': 1}), (types.Strings(), ['a', 5]),
    (types.Map(4), []), (types.Map(4), 'a'), (types.Map(4), {'a': None}), (types.Map(4), {'a': []}),
    (types.Map(4), {'a': {}}), (types.Map(4), {'abcde': 'b'}), (types.Map(4), {'a': 'bcdef'}),
    (types.Master(), ''), (types.Master(), ':53'), (types.Master(), '192.0.2.1:0'),
    (types.Master(), '192.0.2.1:65536'), (types.Master(), '192.0.2.1:'), (types.Master(), 5),
    (types.Master(), '192.0.2.256'), (types.Master(), '[::1]x'), (types.Master(), 'a b'),
    (types.Master(), '192.0.2.1:' + '9' * 5000),
]


class ParseTest(base.TestCase):

    def test_accepted(self):
        for type_, raw, value in ACCEPTED:
            with self.subTest(type=type(type_).__name__, raw=raw):
                self.assertEqual(value, type_.parse(raw))
                self.assertIs(type(value), type(type_.parse(raw)))

    def test_refused(self):
        for type_, raw in REFUSED:
            with self.subTest(type=type(type_).__name__, raw=raw):
                with self.assertRaises(ValueError):
                    type_.parse(raw)

    def test_a_refusal_names_the_value_or_the_rule(self):
        for type_, raw, sentence in [
                (types.Text(3), 'abcd', 'the text has 4 characters, 0 to 3 are allowed'),
                (types.Integer(0, 9), 10, '10 is not between 0 and 9'),
                (types.Integer(0, 9), 'x', "'x' is not an integer"),
                (types.Choice('A', 'B'), 'C', "'C' is not one of A, B"),
                (types.Strings(types.Text(1)), ['a', 5], '5 is not text')]:
            with self.subTest(raw=raw):
                with self.assertRaises(ValueError) as caught:
                    type_.parse(raw)
                self.assertEqual(sentence, str(caught.exception))


class FormsTest(base.TestCase):

    def test_a_time_has_six_digits_and_no_zone(self):
        for moment, text in [
                (datetime.datetime(2026, 11, 21, 3, 4, 5), '2026-11-21T03:04:05.000000'),
                (datetime.datetime(2026, 1, 2, 0, 0, 0, 7), '2026-01-02T00:00:00.000007')]:
            with self.subTest(text=text):
                self.assertEqual(text, types.DateTime().view(moment))
                self.assertEqual(moment, types.DateTime().load(text))

    def test_no_time_is_null(self):
        self.assertIsNone(types.DateTime().view(None))
        self.assertIsNone(types.DateTime().load(None))

    def test_a_serial_is_shown_with_32_bits_and_kept_whole(self):
        self.assertEqual(5, types.Serial().view(2**32 + 5))
        self.assertEqual(2**32 + 5, types.Serial().dump(2**32 + 5))
        self.assertEqual(2**32 + 5, types.Serial().to_row(2**32 + 5))

    def test_every_accepted_value_survives_the_bus(self):
        for type_, raw, _ in ACCEPTED:
            with self.subTest(type=type(type_).__name__, raw=raw):
                value = type_.parse(raw)
                self.assertEqual(value, type_.load(json.loads(json.dumps(type_.dump(value)))))

    def test_is_uuid(self):
        self.assertTrue(types.is_uuid(UUID))
        for other in (UUID.upper(), UUID[:-1], f' {UUID}', None, 5):
            with self.subTest(other=other):
                self.assertFalse(types.is_uuid(other))
