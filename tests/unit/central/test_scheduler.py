# SPDX-License-Identifier: Apache-2.0
"""The choice of a pool, filter by filter."""
import datetime
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like.central import scheduler
from tests import base

DEFAULT = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
NOW = datetime.datetime(2026, 1, 1)


def pool(id: str, **attributes: str) -> resources.Pool:
    return resources.Pool(id=id, name=id, attributes=attributes, created_at=NOW)


def zone(**attributes: str) -> resources.Zone:
    return resources.Zone(
        id='1', pool_id=None, project_id='alpha', name='example.org.', key='org.example.',
        email='a@b', ttl=1, serial=1, created_at=NOW, attributes=attributes)


FIRST, SECOND, SPECIAL = pool(DEFAULT), pool('second'), pool('special', ssd='true', tier='gold')
POOLS = [FIRST, SECOND, SPECIAL]

# filter, pools that are left, attributes of the zone, pools that it keeps
TABLE: list[tuple[type[scheduler.Filter], Any, dict[str, str], Any]] = [
    (scheduler.DefaultPool, POOLS, {}, [FIRST]),
    (scheduler.DefaultPool, [], {}, [FIRST]),
    (scheduler.Fallback, [SECOND, SPECIAL], {}, [SECOND, SPECIAL]),
    (scheduler.Fallback, [], {}, [FIRST]),
    (scheduler.Attribute, POOLS, {}, POOLS),
    (scheduler.Attribute, POOLS, {'ssd': 'true'}, POOLS),
    (scheduler.Attribute, POOLS, {'ssd': 'Yes', 'tier': 'gold'}, POOLS),
    (scheduler.Attribute, POOLS, {'ssd': '1'}, POOLS),
    (scheduler.Attribute, POOLS, {'ssd': 'false'}, [FIRST, SECOND]),
    (scheduler.Attribute, POOLS, {'tier': 'Gold'}, [FIRST, SECOND]),
    (scheduler.Attribute, POOLS, {'ssd': 'true', 'region': 'x'}, [FIRST, SECOND]),
    (scheduler.Attribute, [SPECIAL], {'pool_id': 'special'}, [SPECIAL]),
    (scheduler.Attribute, [SPECIAL], {'pool_id': 'special', 'ssd': 'on'}, [SPECIAL]),
    (scheduler.Attribute, [pool('named', pool_id='named')], {'ssd': 'on'},
     [pool('named', pool_id='named')]),
    (scheduler.PoolIdAttribute, POOLS, {}, POOLS),
    (scheduler.PoolIdAttribute, POOLS, {'pool_id': 'second'}, [SECOND]),
    (scheduler.PoolIdAttribute, POOLS, {'pool_id': 'third'}, []),
    (scheduler.PoolIdAttribute, [FIRST], {'pool_id': 'second'}, []),
    (scheduler.Random, [SECOND], {}, [SECOND]),
    (scheduler.Random, [], {}, []),
    (scheduler.InDoubtDefaultPool, POOLS, {}, [FIRST]),
    (scheduler.InDoubtDefaultPool, [SECOND, SPECIAL], {}, [SECOND, SPECIAL]),
    (scheduler.InDoubtDefaultPool, [SECOND], {}, [SECOND]),
    (scheduler.InDoubtDefaultPool, [], {}, []),
]
NAMES = ['attribute', 'default_pool', 'fallback', 'in_doubt_default_pool', 'pool_id_attribute',
         'random']


class SchedulerTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        policy.init(conf.CONF)
        self.ctx = self.user('admin')

    @staticmethod
    def user(*roles: str) -> context.RequestContext:
        return context.RequestContext(user_id='u', project_id='alpha', roles=roles,
                                      overwrite=False)

    def test_every_filter(self):
        for kind, left, attributes, kept in TABLE:
            with self.subTest(filter=kind.__name__, left=[each.id for each in left],
                              attributes=attributes):
                self.assertEqual(kept, kind(FIRST).filter(self.ctx, left, zone(**attributes)))

    def test_without_the_default_pool(self):
        for kind in (scheduler.DefaultPool, scheduler.Fallback):
            self.assertEqual([], kind(None).filter(self.ctx, [], zone()))
        self.assertEqual([SECOND, SPECIAL], scheduler.InDoubtDefaultPool(None).filter(
            self.ctx, [SECOND, SPECIAL], zone()))

    def test_random_keeps_one_of_those_left(self):
        chosen = {kept.id for _ in range(100)
                  for kept in scheduler.Random(FIRST).filter(self.ctx, POOLS, zone())}
        self.assertEqual({each.id for each in POOLS}, chosen)

    def test_naming_a_pool_takes_a_permission(self):
        filter_ = scheduler.PoolIdAttribute(FIRST)
        with self.assertRaises(errors.Forbidden):
            filter_.filter(self.user('member', 'reader'), POOLS, zone(pool_id='second'))
        self.assertEqual(POOLS, filter_.filter(self.user('member'), POOLS, zone()))

    def test_every_filter_is_found_by_its_name(self):
        for name in NAMES:
            with self.subTest(name=name):
                scheduler.Scheduler([name], DEFAULT)

    def test_filters_work_in_the_order_of_the_list(self):
        attributes = zone(ssd='true', pool_id='special')
        self.assertEqual(SPECIAL, scheduler.Scheduler(
            ['default_pool', 'pool_id_attribute', 'fallback'], 'special').choose(
                self.ctx, POOLS, attributes))
        self.assertEqual(FIRST, scheduler.Scheduler(
            ['pool_id_attribute', 'default_pool'], DEFAULT).choose(self.ctx, POOLS, attributes))

    def test_an_unknown_name(self):
        with self.assertRaisesRegex(errors.ConfigurationError, 'no such filter: nearest$'):
            scheduler.Scheduler(['attribute', 'nearest'], DEFAULT)

    def test_no_filters(self):
        with self.assertRaises(errors.NoFiltersConfigured):
            scheduler.Scheduler([], DEFAULT).choose(self.ctx, POOLS, zone())

    def test_no_pool_is_left(self):
        with self.assertRaises(errors.NoValidPoolFound):
            scheduler.Scheduler(['default_pool'], DEFAULT).choose(self.ctx, [SECOND], zone())

    def test_several_pools_are_left(self):
        with self.assertRaises(errors.MultiplePoolsFound):
            scheduler.Scheduler(['attribute'], DEFAULT).choose(self.ctx, POOLS, zone())
