# SPDX-License-Identifier: Apache-2.0
"""Serial arithmetic."""
import hypothesis
from hypothesis import strategies

from designate_like.resources import serials
from tests import base

WRAP = 2**32
_SERIALS = strategies.integers(1, 2**40)
_NEAR = strategies.integers(-2**31 + 1, 2**31 - 1)


class SerialsTest(base.TestCase):

    def test_the_wire_has_32_bits(self):
        self.assertEqual([1, WRAP - 1, 0, 1],
                         [serials.to_wire(each) for each in (1, WRAP - 1, WRAP, WRAP + 1)])

    def test_at_least(self):
        for served, wanted in [(5, 5), (6, 5), (5 + 2**31 - 1, 5), (0, WRAP - 1), (0, WRAP),
                               (1, WRAP), (7, 3 * WRAP + 6)]:
            with self.subTest(served=served, wanted=wanted):
                self.assertTrue(serials.at_least(served, wanted))

    def test_not_at_least(self):
        for served, wanted in [(4, 5), (WRAP - 1, WRAP), (WRAP - 1, 0), (5 + 2**31, 5),
                               (5, 3 * WRAP + 6)]:
            with self.subTest(served=served, wanted=wanted):
                self.assertFalse(serials.at_least(served, wanted))

    @hypothesis.given(_SERIALS, _NEAR)
    def test_shown_finds_the_serial_that_the_wire_cut(self, wanted, distance):
        self.assertEqual(wanted + distance,
                         serials.shown(serials.to_wire(wanted + distance), wanted))

    @hypothesis.given(_SERIALS, _NEAR)
    def test_at_least_agrees_with_shown(self, wanted, distance):
        self.assertEqual(distance >= 0,
                         serials.at_least(serials.to_wire(wanted + distance), wanted))

    def test_follow_takes_over_what_is_later(self):
        for current, served, serial in [
                (5, 6, 6), (5, 5 + 2**31 - 1, 5 + 2**31 - 1), (WRAP - 2, 3, WRAP + 3),
                (5, 5, 6), (5, 4, 6), (5, 5 + 2**31, 6), (WRAP + 3, WRAP - 2, WRAP + 4)]:
            with self.subTest(current=current, served=served):
                self.assertEqual(serial, serials.follow(current, served))

    def test_advance_is_the_time(self):
        self.assertEqual(1000, serials.advance(5, 1000.9))

    def test_advance_within_one_second(self):
        self.assertEqual(1001, serials.advance(1000, 1000.9))

    def test_advance_when_the_clock_went_back(self):
        self.assertEqual(1001, serials.advance(1000, 10))

    def test_advance_passes_a_floor(self):
        self.assertEqual(2026112101, serials.advance(5, 1000, floor=2026112100))
        self.assertEqual(1000, serials.advance(5, 1000, floor=7))

    @hypothesis.given(_SERIALS, strategies.floats(0, 2**40), strategies.integers(0, 2**40))
    def test_advance_only_grows(self, current, now, floor):
        following = serials.advance(current, now, floor)
        self.assertGreater(following, current)
        self.assertTrue(floor == 0 or following > floor)
