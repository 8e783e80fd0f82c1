# SPDX-License-Identifier: Apache-2.0
"""The journal's sizes, which are told without reading what they are the sizes of."""
import datetime

from designate_like import store
from tests import base
from tests.functional import engines
from tests.unit.mdns import fakes

SOA = 70                        # bytes; a difference is never empty
ALL = (0, 4096)                 # shards
SMALL = store.journal.SMALL


class JournalTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.store = engines.opened(self, engines.url(self))
        self.zone = fakes.zone('example.org.', serial=10)
        with self.store.write() as tx:
            store.zones.insert(tx, self.zone)

    def grow(self, *sizes: int | None) -> None:
        """Make a version for each size of a difference, None for one that is not kept."""
        with self.store.write() as tx:
            for size in sizes:
                base_, self.zone = self.zone, self.zone.replace(serial=self.zone.serial + 10)
                old, new = (None, None) if size is None else (bytes(SOA), bytes(size - SOA))
                store.journal.append(tx, self.zone.id, base_.serial, self.zone.serial, old, new,
                                     fakes.NOW + datetime.timedelta(seconds=base_.serial))

    def size(self, serial: int, most: int | None = None) -> int | None:
        with self.store.read() as tx:
            return store.journal.size(tx, self.zone, serial, most)

    def large(self, most: int) -> list[tuple[str, int]]:
        with self.store.read() as tx:
            found, marker = store.journal.large(tx, ALL, '', 100, most)
        self.assertIsNone(marker)
        return found

    def test_the_size_of_some(self) -> None:
        self.grow(100, 200, 300)
        self.assertEqual([600, 500, 300, 0, None],
                         [self.size(serial) for serial in (10, 20, 30, 40, 15)])
        self.assertEqual([500, None], [self.size(20, most) for most in (500, 499)])

    def test_what_was_not_kept_has_no_size(self) -> None:
        self.grow(100, None, 300)
        self.assertEqual([None, None, 300], [self.size(serial) for serial in (10, 20, 30)])

    def test_none_is_large_within_its_bound(self) -> None:
        self.assertEqual([], self.large(SMALL))
        self.grow(None, SMALL - 100, 100)
        self.assertEqual([], self.large(SMALL))
        self.grow(SOA)
        self.assertEqual([(self.zone.id, 30)], self.large(SMALL))

    def test_the_oldest_that_are_too_much_go_together(self) -> None:
        self.grow(100, 200, 300, 400)
        for most, last in ((999, 20), (900, 20), (899, 30), (700, 30), (399, 50), (1, 50)):
            self.assertEqual([(self.zone.id, last)], self.large(most), most)

    def test_sizes_after_the_oldest_have_gone(self) -> None:
        self.grow(100, 200, 300, 400)
        with self.store.write() as tx:
            self.assertEqual(2, store.journal.trim_zone(tx, self.zone.id, 30, 1000))
        self.assertEqual([], self.large(700))
        self.assertEqual([(self.zone.id, 40)], self.large(699))
        self.assertEqual([None, 700, 400], [self.size(serial) for serial in (20, 30, 40)])

    def test_sizes_after_all_have_gone(self) -> None:
        self.grow(100, 200)
        with self.store.write() as tx:
            store.journal.forget(tx, self.zone.id)
        self.grow(300, 400)
        self.assertEqual([700, 400], [self.size(serial) for serial in (30, 40)])
        self.assertEqual([], self.large(700))
        self.assertEqual([(self.zone.id, 40)], self.large(699))

    def test_the_journal_tells_of_no_other_zone(self) -> None:
        other = fakes.zone('other.example.', serial=10)
        with self.store.write() as tx:
            store.zones.insert(tx, other)
        self.grow(100, 200)
        mine, self.zone = self.zone, other
        self.grow(300, 400)
        self.assertEqual({(mine.id, 20), (other.id, 30)}, set(self.large(250)))
