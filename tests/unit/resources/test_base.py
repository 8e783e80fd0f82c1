# SPDX-License-Identifier: Apache-2.0
"""The machinery of declared resources, on a resource made for the purpose."""
import dataclasses
import datetime
import json

import sqlalchemy

from designate_like import errors
from designate_like.resources import base as resources
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import FILE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import derived
from designate_like.resources.base import field
from tests import base

NOW = datetime.datetime(2026, 11, 21, 3, 0, 0, 5)


@resources.resource('leaf_of_a_test')
class Leaf(resources.Resource):
    """A nested thing."""
    colour: str = field(types.Text(9), write=(CREATE,), required=True)


@resources.resource('tree_of_a_test')
class Tree(resources.Resource):
    """A thing with every kind of member."""
    id: str = field(types.UUID(), primary_key=True, echo=True, sort=True)
    name: str = field(types.Text(5), write=(CREATE,), required=True, match=True, sort=True)
    age: int = field(types.Integer(0, 99), default=1, write=(CREATE, UPDATE), null='absent')

    @derived(types.Text(9), match=True)
    def size(self) -> str:
        return 'big' if self.age > 10 else 'small'

    note: str | None = field(types.Text(5), write=(CREATE, UPDATE), null='keep')
    leaves: list[Leaf] = field(types.Items(Leaf), factory=list, write=(CREATE, FILE))
    serial: int = field(types.Serial(), default=0, echo=True)
    planted_at: datetime.datetime = field(types.DateTime(), index=True)
    secret: str = field(types.Text(9), default='', view=False)
    joined: str = field(types.Text(9), default='', stored=False)


def tree(**fields: object) -> Tree:
    return Tree(**{'id': '1', 'name': 'oak', 'planted_at': NOW, **fields})


class ParseTest(base.TestCase):

    def invalid(self, body: object, verb: str = CREATE,
                present: Tree | None = None) -> errors.InvalidObject:
        with self.assertRaises(errors.InvalidObject) as caught:
            Tree.parse(body, verb, present)
        return caught.exception

    def test_values_are_parsed_and_the_rest_is_left_out(self):
        self.assertEqual({'name': 'oak', 'age': 7}, Tree.parse({'name': 'oak', 'age': '7'}, CREATE))

    def test_only_what_the_verb_allows_may_be_written(self):
        self.assertEqual({'age': 7}, Tree.parse({'age': 7}, UPDATE, tree()))
        self.assertEqual("Provided object is not valid. Keys ['leaves'] are not valid for "
                         'tree_of_a_test', self.invalid({'leaves': []}, UPDATE, tree()).message)
        self.assertIn("Keys ['name', 'age']", self.invalid({'name': 'oak', 'age': 1}, FILE).message)

    def test_unknown_read_only_hidden_and_derived_keys(self):
        for key in ('foo', 'id', 'planted_at', 'secret', 'joined', 'size', 'serial', ''):
            with self.subTest(key=key):
                self.assertEqual(
                    f'Provided object is not valid. Keys {[key]} are not valid for tree_of_a_test',
                    self.invalid({'name': 'oak', key: 'x'}).message)

    def test_all_wrong_scalars_and_keys_stand_in_one_message(self):
        error = self.invalid({'name': 'sequoia', 'age': 'x', 'foo': 1, 'bar': 2})
        self.assertEqual(
            'Provided object is not valid. name: the text has 7 characters, 0 to 5 are allowed. '
            "age: 'x' is not an integer. Keys ['foo', 'bar'] are not valid for tree_of_a_test",
            error.message)
        self.assertEqual({}, error.kwargs)

    def test_a_missing_member_is_a_problem(self):
        self.assertEqual([{'path': ['name'], 'message': "'name' is a required property",
                           'validator': 'required', 'validator_value': True}],
                         self.invalid({}).kwargs['problems'])
        self.assertEqual({}, Tree.parse({}, UPDATE, tree()))

    def test_null(self):
        self.assertEqual({'name': 'oak', 'note': None},
                         Tree.parse({'name': 'oak', 'age': None, 'note': None}, CREATE))
        self.assertIn('name: None is not allowed here', self.invalid({'name': None}).message)

    def test_an_echo_repeats_the_present_value(self):
        present = tree(id='11', serial=2**32 + 7)
        for body in ({'id': '11'}, {'serial': 7}, {'serial': '7'}, {'id': '11', 'serial': 7}):
            with self.subTest(body=body):
                self.assertEqual({}, Tree.parse(body, UPDATE, present))
        for body in ({'id': '12'}, {'id': None}, {'serial': 8}, {'serial': 2**32 + 7},
                     {'serial': [7]}):
            with self.subTest(body=body):
                self.invalid(body, UPDATE, present)

    def test_an_echo_is_for_updates(self):
        self.invalid({'name': 'oak', 'serial': 0}, CREATE, tree())

    def test_a_body_that_is_no_object(self):
        for body in (None, [], 'text', 5, True, [{}]):
            with self.subTest(body=body):
                self.assertIn('Provided object is not valid.', self.invalid(body).message)

    def test_nested_items(self):
        values = Tree.parse({'name': 'oak', 'leaves': [{'colour': 'green'}, {'colour': 'red'}]},
                            CREATE)
        self.assertEqual([Leaf(colour='green'), Leaf(colour='red')], values['leaves'])

    def test_every_wrong_item_is_told_with_its_place(self):
        message = self.invalid({'name': 'oak', 'leaves': [
            {'colour': 'green'}, {}, 'x', {'colour': 'red', 'size': 1}]}).message
        self.assertIn("[1] colour: 'colour' is a required property. [2] leaf_of_a_test: the body "
                      "must be a JSON object [3] Keys ['size'] are not valid for leaf_of_a_test",
                      message)


class FormsTest(base.TestCase):

    def test_the_view_has_the_order_of_the_declaration(self):
        self.assertEqual(
            [('id', '1'), ('name', 'oak'), ('age', 1), ('size', 'small'), ('note', None),
             ('leaves', [{'colour': 'red'}]), ('serial', 7),
             ('planted_at', '2026-11-21T03:00:00.000005'), ('joined', '')],
            list(tree(serial=2**32 + 7, leaves=[Leaf(colour='red')]).view().items()))

    def test_the_bus(self):
        made = tree(serial=2**32 + 7, leaves=[Leaf(colour='red')], note='ü', secret='s')
        document = json.loads(json.dumps(resources.to_dict(made)))
        self.assertEqual('tree_of_a_test', document['__resource__'])
        self.assertEqual(made, resources.from_dict(document))

    def test_a_member_that_a_newer_sender_adds_is_passed_over(self):
        document = {**resources.to_dict(tree()), 'height': 5}
        self.assertEqual(tree(), resources.from_dict(document))

    def test_a_member_that_an_older_sender_lacks_has_its_default(self):
        document = resources.to_dict(tree(age=50))
        del document['age']
        self.assertEqual(tree(), resources.from_dict(document))

    def test_a_row_holds_what_is_stored(self):
        made = tree(leaves=[Leaf(colour='red')], joined='not stored')
        row = made.to_row()
        self.assertEqual(['id', 'name', 'age', 'note', 'leaves', 'serial', 'planted_at', 'secret'],
                         list(row))
        self.assertEqual([{'colour': 'red'}], row['leaves'])
        self.assertEqual(made, Tree.from_row({**row, 'joined': 'not stored'}))

    def test_columns(self):
        columns = {column.name: column for column in Tree.columns()}
        self.assertEqual(list(tree().to_row()), list(columns))
        self.assertTrue(columns['id'].primary_key)
        self.assertEqual(['note'], [name for name, each in columns.items() if each.nullable])
        self.assertTrue(columns['planted_at'].index)
        self.assertIsInstance(columns['leaves'].type, sqlalchemy.JSON)

    def test_names(self):
        self.assertEqual(['id', 'name'], Tree.names('sort'))
        self.assertEqual(['name', 'size'], Tree.names('match'))

    def test_a_resource_does_not_change(self):
        made = tree()
        with self.assertRaises(dataclasses.FrozenInstanceError):
            made.age = 5
        self.assertEqual((5, 1), (made.replace(age=5).age, made.age))

    def test_factories_make_new_values(self):
        self.assertIsNot(tree().leaves, tree().leaves)
