# SPDX-License-Identifier: Apache-2.0
"""Who wants a record, and what is left when one of them lets go of it."""
from designate_like import resources
from designate_like.resources import owners
from tests import base


def owner(id_: str, **more: str) -> resources.Owner:
    return resources.Owner(plugin_type='handler', plugin_name='nova_fixed',
                           resource_type='instance', resource_id=id_, **more)


ONE, TWO = owner('one'), owner('two')


class OwnersTest(base.TestCase):

    def test_the_project_is_not_what_tells_owners_apart(self):
        self.assertEqual(ONE.key, owner('one', project_id='alpha').key)
        keys = {each.key for each in (ONE, TWO, owner('one', resource_region='north'),
                                      ONE.replace(plugin_name='other'),
                                      ONE.replace(resource_type='floatingip'))}
        self.assertEqual(5, len(keys))

    def test_holders_and_claims_are_each_other_s_reverse(self):
        held = {'a': [None], 'b': [ONE, TWO], 'c': [None, TWO]}
        claims = owners.claims(held)
        self.assertEqual([('b', ONE), ('b', TWO), ('c', None), ('c', TWO)],
                         [(each.data, each.owner) for each in claims])
        self.assertEqual(held, owners.holders('abc', claims))

    def test_what_an_owner_wants(self):
        held = {'a': [None], 'b': [None, ONE], 'c': [ONE], 'd': [ONE, TWO]}
        self.assertEqual({'a': [None, ONE], 'b': [None], 'd': [TWO], 'e': [ONE]},
                         owners.handed(held, ONE, ['a', 'e']))
        self.assertEqual({}, owners.handed({'c': [ONE]}, owner('one', project_id='x'), []))

    def test_what_quotas_count(self):
        for records, more, count in (
                (['a', 'b'], {}, 2), (['a', 'b'], {'managed': True}, 0),
                (['a', 'b', 'c'], {'managed': True, 'claims': owners.claims(
                    {'a': [None], 'b': [ONE], 'c': [None, TWO]})}, 2)):
            with self.subTest(more):
                self.assertEqual(count, resources.Recordset(records=records, **more).own_records)
