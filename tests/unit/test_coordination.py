# SPDX-License-Identifier: Apache-2.0
"""Dividing shards, alone and over tooz's file backend."""
import logging
import sys
import threading
import unittest.mock
from typing import Any

from designate_like import coordination
from designate_like import errors
from tests import base


class ShareTest(base.TestCase):

    def test_members_have_every_shard_once_and_even_parts(self) -> None:
        for count in (1, 2, 3, 7, 4096):
            members = {b'%d' % number for number in range(count)}
            parts = [coordination.share(member, members) for member in members]
            self.assertEqual(list(range(4096)), sorted(each for part in parts for each in part))
            self.assertLessEqual(max(map(len, parts)) - min(map(len, parts)), 1)


class PartitionTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.url = f'file://{self.directory()}'

    def partition(self, name: str, url: str | None = 'file') -> coordination.Partition:
        part = coordination.Partition(self.url if url == 'file' else url, name, interval=0.02)
        part.start()
        self.addCleanup(part.stop)
        return part

    def test_alone_without_a_backend(self) -> None:
        self.assertEqual(range(4096), self.partition('a', None).shards())

    def test_company_without_a_backend_is_told_of_once(self) -> None:
        company, asked = [['b', 'c'], ['b', 'c'], errors.BusUnavailable(), []], []

        def others() -> list[str]:
            asked.append(company.pop(0) if company else [])
            if isinstance(asked[-1], Exception):
                raise asked[-1]
            return asked[-1]

        with self.assertLogs('designate_like.coordination', 'ERROR') as log:
            part = coordination.Partition(None, 'a', 0.001, others)
            part.start()
            self.addCleanup(part.stop)
            base.wait(lambda: len(asked) > 5)
        self.assertEqual(1, len(log.output))
        self.assertIn('backend_url is not set, but there are other producers, on b, c:',
                      log.output[0])
        self.assertEqual(range(4096), part.shards())

    def test_parts_follow_who_comes_and_goes(self) -> None:
        one, two = self.partition('a'), self.partition('b')
        base.wait(lambda: one.shards() == range(2048))
        self.assertEqual(range(2048, 4096), two.shards())
        three = self.partition('c')
        self.assertEqual(range(2730, 4096), three.shards())
        base.wait(lambda: two.shards() == range(1365, 2730))
        one.stop()
        base.wait(lambda: two.shards() == range(2048) and three.shards() == range(2048, 4096))

    def test_a_member_that_was_dropped_joins_again(self) -> None:
        one, two = self.partition('a'), self.partition('b')
        base.wait(lambda: one.shards() == range(2048))
        two._coordinator.leave_group(coordination.GROUP).get()
        base.wait(lambda: b'b' in one._coordinator.get_members(coordination.GROUP).get())
        base.wait(lambda: one.shards() == range(2048) and two.shards() == range(2048, 4096))

    def test_a_backend_that_goes_away_changes_nothing_and_is_found_again(self) -> None:
        one, two = self.partition('a'), self.partition('b')
        base.wait(lambda: one.shards() == range(2048))
        looks = []
        with self.assertLogs('designate_like.coordination', 'WARNING') as log:
            with unittest.mock.patch.object(one, '_look', lambda: looks.append(1) or self.away()):
                base.wait(lambda: len(looks) > 3)
            base.wait(lambda: len(log.output) == 2)
        self.assertIn('Coordination is away, this producer keeps shards 0 to 2047', log.output[0])
        self.assertIn('Coordination is there again', log.output[1])
        base.wait(lambda: one.shards() == range(2048) and two.shards() == range(2048, 4096))

    def test_a_driver_without_its_library(self) -> None:
        coordination.check(self.url)
        for url, sentence in (('abacus://x', "'abacus' is not one of .*, zookeeper"),
                              ('redis://x', "the driver for 'redis' is not installed: .*redis")):
            with self.subTest(url), unittest.mock.patch.dict('sys.modules', {'redis': None}), \
                    self.assertRaisesRegex(errors.ConfigurationError, sentence):
                sys.modules.pop('tooz.drivers.redis', None)
                coordination.check(url)

    def test_a_backend_that_was_never_there_leaves_all_shards(self) -> None:
        with self.assertLogs('designate_like.coordination', 'WARNING'):
            part = self.partition('a', 'nonsense://')
        logging.disable()
        self.addCleanup(logging.disable, logging.NOTSET)
        self.assertEqual(range(4096), part.shards())

    def test_a_backend_that_hangs_does_not_keep_it_from_stopping(self) -> None:
        part, there = self.partition('a'), threading.Event()
        self.addCleanup(there.set)
        hangs = threading.Event()
        self.enterContext(unittest.mock.patch.object(coordination, '_GRACE', 0.01))
        self.enterContext(unittest.mock.patch.object(
            part, '_look', lambda: hangs.set() or there.wait(30)))
        self.assertTrue(hangs.wait(10))
        part.stop()
        self.assertFalse(there.is_set())

    @staticmethod
    def away(*args: Any) -> None:
        raise OSError('no route to host')
