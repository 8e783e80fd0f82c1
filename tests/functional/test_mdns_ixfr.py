# SPDX-License-Identifier: Apache-2.0
"""Whoever follows a zone by IXFR, from whichever serial, holds what a whole transfer gives.

Central writes, a real store keeps, mdns answers, and dnspython applies the answers.
"""
import itertools
import unittest.mock
from typing import Any

import dns.message
import dns.rdatatype
import dns.rrset
import dns.xfr
import dns.zone
import hypothesis
from hypothesis import strategies

from designate_like import resources
from designate_like import store
from designate_like.mdns import transfer
from designate_like.resources import names
from tests.functional.central import fixture
from tests.unit.mdns import fakes

# Two of the MX records are one to the DNS: a server keeps one of them, and cannot delete two.
RECORDS = {'A': ['192.0.2.65', '192.0.2.97', '192.0.2.3'],
           'TXT': ['"a"', '"A"', '"b"'],
           'MX': ['10 a.example.net.', '10 A.example.net.', '20 a.example.net.']}
STEP = strategies.one_of(
    strategies.tuples(
        strategies.just('write'), strategies.sampled_from('aAb'), strategies.sampled_from('ATM'),
        strategies.sets(strategies.integers(0, 2), min_size=1),
        strategies.sampled_from([None, 0, 60])),
    strategies.tuples(strategies.just('delete'), strategies.integers(0, 9)),
    strategies.tuples(strategies.just('email'), strategies.integers(0, 9)),
    strategies.tuples(strategies.just('ttl'), strategies.integers(600, 609)))


def content(zone: dns.zone.Zone) -> set[tuple]:
    """What a zone holds, as DNS compares it; dnspython's own comparison leaves TTLs out."""
    return {(name.canonicalize(), ttl, rdata.rdtype, rdata.to_digestable())
            for name, ttl, rdata in zone.iterate_rdatas()}


class IxfrTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.set('quota_zones', -1)
        self.numbers = itertools.count()
        self.client = fakes.Client(self.store, default_pool_id=fixture.DEFAULT_POOL)

    def transfer(self, copy: dns.zone.Zone, serial: int | None, by_udp: bool = False) -> int:
        """Bring a copy up to date; returns how many records came."""
        type_ = dns.rdatatype.AXFR if serial is None else dns.rdatatype.IXFR
        query = dns.message.make_query(copy.origin, type_, use_edns=0, payload=1232)
        if serial is not None:
            query.authority.append(dns.rrset.from_text(
                copy.origin, 0, 'IN', 'SOA', f'. . {serial} 1 1 1 1'))
        messages = [dns.message.from_wire(each, one_rr_per_rrset=True) for each in
                    self.client.send(query.to_wire(), stream=not by_udp)]
        with dns.xfr.Inbound(copy, type_, serial, is_udp=by_udp) as inbound:
            try:
                done = [inbound.process_message(each) for each in messages]
            except dns.xfr.UseTCP:
                return self.transfer(copy, serial)
        self.assertTrue(done[-1])
        return sum(len(each.answer) for each in messages)

    def copy(self, zone: resources.Zone) -> dns.zone.Zone:
        made = dns.zone.Zone(zone.name, relativize=False)
        self.transfer(made, None)
        return made

    def step(self, zone: resources.Zone, verb: str, *what: Any) -> None:
        present = {(each.key, each.type): each for each in self.rows(zone) if not each.managed}
        if verb == 'write':
            label, letter, some, ttl = what
            owner = f'{label}.{zone.name}'
            type_ = {'A': 'A', 'T': 'TXT', 'M': 'MX'}[letter]
            records = [RECORDS[type_][each] for each in sorted(some)]
            held = present.get((names.key(owner), type_))
            if held:
                self.change(held, records=records, ttl=ttl)
            else:
                self.recordset(zone, owner, type_, records, ttl=ttl)
        elif verb == 'delete' and present:
            which = list(present.values())[what[0] % len(present)]
            self.recordsets.delete(self.alpha, zone.id, which.id)
        elif verb == 'email':
            self.change_zone(zone, email=f'a{what[0]}@example.org')
        elif verb == 'ttl':
            self.change_zone(zone, ttl=what[0])

    @hypothesis.settings(max_examples=60)
    @hypothesis.given(
        steps=strategies.lists(STEP, min_size=1, max_size=10),
        below_wrap=strategies.sampled_from([None, 0, 1, 4]),
        condensable=strategies.sampled_from([0, 2**20]),
        most=strategies.sampled_from([1, 300, 2000, 10**9]), by_udp=strategies.booleans())
    @hypothesis.example(steps=[('write', 'a', 'M', {0, 1}, None), ('delete', 0)],
                        below_wrap=None, condensable=0, most=10**9, by_udp=False)
    def test_from_any_serial(self, steps, below_wrap, condensable, most, by_udp):
        zone = self.zone(f'z{next(self.numbers)}.example.')
        if below_wrap is not None:
            with self.store.write() as tx:
                store.zones.update(tx, zone.id, serial=2**32 - 1 - below_wrap)
        followers = []
        for step in steps:
            followers.append((self.row(zone).serial % 2**32, self.copy(zone)))
            self.step(zone, *step)
        self.upkeep.trim_journal(fixture.ADMIN, fixture.ALL_SHARDS, 10**6, most)
        wanted = content(self.copy(zone))
        with unittest.mock.patch.object(transfer, '_CONDENSABLE', condensable):
            for serial, follower in followers:
                self.transfer(follower, serial, by_udp)
                self.assertEqual(wanted, content(follower), serial)

    # -- what is answered when there are no differences to send --

    def test_one_that_is_current_gets_the_soa_alone(self):
        zone = self.zone()
        self.assertEqual(1, self.transfer(self.copy(zone), zone.serial))

    def test_a_serial_that_the_journal_does_not_know(self):
        zone = self.zone()
        self.recordset(zone)
        for serial in (zone.serial - 5, self.row(zone).serial - 2**31 + 1):
            answered = self.answered(zone, serial)
            self.assertEqual(self.answered(zone), answered)

    def test_a_serial_ahead_of_ours_gets_the_soa_alone(self):
        """By RFC 1995 section 2 there is nothing newer to tell it."""
        zone = self.zone()
        for ahead in (1, 2**31 - 1):
            self.assertEqual(1, len(self.answered(zone, zone.serial + ahead)))

    def test_a_hole_in_the_journal(self):
        zone = self.zone()
        for name in 'abc':
            self.clock.forward(10)
            self.recordset(zone, f'{name}.example.org.')
        with self.store.write() as tx:
            serial = self.row(zone).serial
            tx.execute(store.tables.journal.delete().where(
                store.tables.journal.c.serial == serial - 10))
        for asked, whole in ((zone.serial, True), (serial - 20, True), (serial - 10, False)):
            self.assertEqual(whole, self.answered(zone) == self.answered(zone, asked), asked)

    def test_in_the_midst_of_a_difference(self):
        zone = self.zone()
        self.clock.forward(10)
        self.recordset(zone)
        self.assertEqual(self.answered(zone), self.answered(zone, zone.serial + 5))

    def answered(self, zone: resources.Zone, serial: int | None = None) -> list[str]:
        query = dns.message.make_query(zone.name, 'AXFR' if serial is None else 'IXFR')
        if serial is not None:
            query.authority.append(dns.rrset.from_text(
                zone.name, 0, 'IN', 'SOA', f'. . {serial % 2**32} 1 1 1 1'))
        return [rrset.to_text() for message in self.client.transfer(query)
                for rrset in message.answer]
