# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.condense."""
import hypothesis
from hypothesis import strategies

from designate_like.mdns import condense
from designate_like.resources import rr
from tests import base

# Owners that differ in case alone, a long one whose length octet is the code of no letter.
OWNERS = ('a.example.', 'A.example.', 'b.example.', f'{"c" * 63}.example.')
RECORDS = [rr.encode(owner, 'A', ttl, b'\0\4\xc0\0\2' + bytes([last]))
           for owner in OWNERS for ttl in (0, 60) for last in (65, 97)]


def soa(serial: int) -> bytes:
    return rr.encode('example.', 'SOA', 60, b'\0\4' + serial.to_bytes(4))


def same(record: bytes) -> bytes:
    """A record as DNS compares it, by another way: no RDATA here is the code of a long name."""
    name, type_, ttl, data = next(rr.decode(record))
    return f'{name.lower()} {ttl} {type_} '.encode() + data


def apply(zone: dict[bytes, bytes], difference: condense.Difference) -> dict[bytes, bytes]:
    """A zone after a difference, each part of which must fit it."""
    removed, added = (list(condense.records(part))[1:] for part in difference)
    after = dict(zone)
    for record in removed:
        del after[same(record)]
    for record in added:
        assert same(record) not in after, record
        after[same(record)] = record
    return after


class CondenseTest(base.TestCase):

    @hypothesis.given(strategies.lists(
        strategies.lists(strategies.sampled_from(RECORDS), unique_by=same), min_size=2))
    def test_the_net_leads_where_the_differences_do(self, versions):
        zones = [{same(record): record for record in version} for version in versions]
        differences = [
            (soa(number) + b''.join(old[key] for key in old.keys() - new.keys()),
             soa(number + 1) + b''.join(new[key] for key in new.keys() - old.keys()))
            for number, (old, new) in enumerate(zip(zones, zones[1:]))]
        net = condense.condense(differences)
        self.assertEqual(zones[-1].keys(), apply(zones[0], net).keys())
        removed, added = (list(condense.records(part)) for part in net)
        self.assertEqual([soa(0), soa(len(differences))], [removed[0], added[0]])
        self.assertFalse(set(map(same, removed[1:])) & set(map(same, added[1:])))
        self.assertLessEqual(sum(map(len, net)), sum(
            len(part) for difference in differences for part in difference))

    def test_the_case_of_rdata_counts(self):
        lower, upper = (rr.encode('a.example.', 'A', 60, b'\0\4' + 4 * letter)
                        for letter in (b'a', b'A'))
        self.assertEqual((soa(1) + lower, soa(2) + upper),
                         condense.condense([(soa(1) + lower, soa(2) + upper)]))
