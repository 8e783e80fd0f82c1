# SPDX-License-Identifier: Apache-2.0
"""The shards of ids, and the ids of shards."""
from designate_like.resources import shards
from tests import base


class ShardsTest(base.TestCase):

    def test_a_shard_is_the_first_three_digits(self):
        self.assertEqual(0xfff, shards.of('fffabcde-0000-4000-8000-000000000000'))
        self.assertEqual(0x00a, shards.of('00a00000-0000-4000-8000-000000000000'))

    def test_the_ids_of_a_range(self):
        ids = [f'{shard:03x}abcde-0000-4000-8000-000000000000' for shard in range(shards.COUNT)]
        for first, end in [(0, 4096), (0, 1), (4095, 4096), (255, 257), (7, 7), (4096, 4096)]:
            low, high = shards.bounds((first, end))
            self.assertEqual(ids[first:end], [each for each in ids if low <= each < high])
