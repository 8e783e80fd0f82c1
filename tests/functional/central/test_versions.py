# SPDX-License-Identifier: Apache-2.0
"""Versions: the serial only grows, and the journal leads from each version to the next."""
import random
from collections import Counter

from designate_like import store
from designate_like.resources import names
from designate_like.resources import rr
from designate_like.resources import soa
from designate_like.store import tables
from tests.functional.central import fixture

_TYPES = {
    'A': ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
    'AAAA': ['::1', '0::1', '2001:db8::1'],
    'TXT': ['x', '"x"', '"a b"', 'y' * 255],
    'MX': ['0 .', '10 mail.example.', '10 MAIL.example.'],
    'NS': ['ns1.example.', 'ns2.example.'],
}


def apply(content: Counter[bytes], removed: bytes, added: bytes) -> Counter[bytes]:
    """What a server has after a difference; every record that goes must have been there."""
    gone, come = list(fixture.records(removed)), list(fixture.records(added))
    after = content.copy()
    for each in gone:
        if not after[each]:
            raise AssertionError(f'not there to be removed: {each!r}')
        del after[each]
    for each in come:
        if after[each]:
            raise AssertionError(f'added twice: {each!r}')
        after[each] = 1
    return after


class SerialTest(fixture.TestCase):

    def test_the_serial_is_the_time(self):
        zone = self.zone()
        self.clock.forward(100)
        self.recordset(zone)
        self.assertEqual(zone.serial + 100, self.row(zone).serial)

    def test_within_one_second_every_change_has_its_own(self):
        zone = self.zone()
        made = self.recordset(zone)
        seen = [zone.serial, self.row(zone).serial]
        for change in (lambda: self.change(made, ttl=5), lambda: self.change(made, ttl=5),
                       lambda: self.change_zone(zone), lambda: self.change_zone(zone, ttl=9),
                       lambda: self.recordset(zone, 'b.example.org.'),
                       lambda: self.recordsets.delete(self.alpha, zone.id, made.id)):
            change()
            seen.append(self.row(zone).serial)
        self.assertEqual(list(range(zone.serial, zone.serial + 8)), seen)

    def test_a_zone_that_is_made_again_goes_on_above_the_one_before(self):
        before = self.zone()
        for number in range(5):
            self.recordset(before, f'{number}.example.org.')
        last = self.row(before).serial
        self.remove(before)
        self.assertEqual(last + 1, self.zone().serial)

    def test_a_clock_that_goes_back(self):
        zone = self.zone()
        self.clock.forward(-1000)
        self.recordset(zone)
        self.assertEqual(zone.serial + 1, self.row(zone).serial)

    def test_past_32_bits(self):
        zone = self.zone()
        with self.store.write() as tx:
            store.zones.update(tx, zone.id, serial=2**32 - 1, settled_serial=2**32 - 1)
        before = self.content(zone)
        made = self.recordset(zone)
        self.assertEqual((2**32, 0), (self.row(zone).serial, self.row(zone).view()['serial']))
        self.assertEqual(('CREATE', 'PENDING'), made.state)
        self.assertIn(' 0 ', self.apex(zone, 'SOA').records[0])
        [difference] = self.difference(zone, 2**32 - 1)
        self.assertEqual(self.content(zone), apply(before, *difference))
        self.settle(zone, 2**32)
        self.assertEqual('ACTIVE', self.row(zone).status)


class JournalTest(fixture.TestCase):

    def test_a_new_zone_has_no_difference(self):
        zone = self.zone()
        self.assertEqual([], self.difference(zone, zone.serial))

    def test_a_difference_is_whole_records_the_soas_first(self):
        zone = self.zone(ttl=300)
        made = self.recordset(zone)
        after = self.row(zone)
        encoded = rr.encode('www.example.org.', 'A', 300, b'\0\4\xc0\0\2\1')
        self.assertEqual([(soa.record(zone), soa.record(after) + encoded)],
                         self.difference(zone, zone.serial))
        self.recordsets.delete(self.alpha, zone.id, made.id)
        self.assertEqual([(soa.record(after) + encoded, soa.record(self.row(zone)))],
                         self.difference(zone, after.serial))

    def test_a_ttl_of_a_recordset_is_a_difference(self):
        zone = self.zone(ttl=300)
        made = self.recordset(zone)
        before = self.row(zone).serial
        self.change(made, ttl=5)
        [(removed, added)] = self.difference(zone, before)
        self.assertIn(rr.encode('www.example.org.', 'A', 300, b'\0\4\xc0\0\2\1'), removed)
        self.assertIn(rr.encode('www.example.org.', 'A', 5, b'\0\4\xc0\0\2\1'), added)

    def test_a_new_email_is_a_difference_of_the_soa_alone(self):
        zone = self.zone()
        changed = self.change_zone(zone, email='b@b')
        self.assertEqual([(soa.record(zone), soa.record(changed))],
                         self.difference(zone, zone.serial))

    def test_a_new_ttl_of_the_zone_is_no_difference(self):
        """Every record that has no TTL of its own changes, so servers fetch the zone whole."""
        zone = self.zone()
        self.recordset(zone)
        before = self.row(zone).serial
        changed = self.change_zone(zone, ttl=zone.ttl + 1)
        self.recordset(zone, 'b.example.org.')
        self.assertIsNone(self.difference(zone, zone.serial))
        self.assertIsNone(self.difference(zone, before))
        self.assertEqual(1, len(self.difference(zone, changed.serial)))

    def test_the_same_ttl_of_the_zone_is_a_difference(self):
        zone = self.zone()
        self.change_zone(zone, ttl=zone.ttl)
        self.assertEqual(1, len(self.difference(zone, zone.serial)))

    def test_serials_that_were_never_there(self):
        zone = self.zone()
        self.clock.forward(100)
        self.recordset(zone)
        for serial in (zone.serial - 1, zone.serial + 1, self.row(zone).serial + 1, 0, 1):
            with self.subTest(serial=serial):
                self.assertIsNone(self.difference(zone, serial))

    def test_a_chain_that_was_cut(self):
        zone = self.zone()
        self.recordset(zone)
        self.clock.forward(100)
        middle = self.row(zone).serial
        self.recordset(zone, 'b.example.org.')
        self.assertEqual(2, len(self.difference(zone, zone.serial)))
        self.assertEqual(1, self.trim(older_than=50))
        self.assertIsNone(self.difference(zone, zone.serial))
        self.assertEqual(1, len(self.difference(zone, middle)))

    def test_differences_beyond_what_they_may_take_are_trimmed_oldest_first(self):
        self.set('quota_recordset_records', -1)
        self.set('quota_zone_records', -1)
        zone = self.zone()
        made = self.recordset(zone, type='TXT')
        serials = []
        for number in range(6):
            serials.append(self.row(zone).serial)
            self.change(made, records=[f'{number}{each:03}' + 'x' * 200 for each in range(100)])
        small = self.zone('small.example.')
        first = small.serial
        self.recordset(small, 'a.small.example.')
        self.assertEqual(0, self.trim(most=2**20))
        self.assertEqual(5, self.trim(most=100_000))
        self.assertEqual([None, None, None, None, 2, 1],
                         [each and len(each) for each in
                          [self.difference(zone, serial) for serial in serials]])
        self.assertEqual(1, len(self.difference(small, first)))
        self.assertEqual(0, self.trim(most=100_000))
        self.assertEqual(0, self.trim(shards=(0, 0), most=1))

    def trim(self, shards: tuple[int, int] = fixture.ALL_SHARDS, older_than: float = 10**6,
             most: int = 10**9) -> int:
        return self.upkeep.trim_journal(fixture.ADMIN, shards, older_than, most)

    def test_the_journal_is_a_complete_chain_that_leads_to_what_the_tables_hold(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                self._walk(random.Random(seed), f'walk{seed}.example.')

    def _walk(self, chance: random.Random, name: str) -> None:
        """Change a zone at random, and follow it as a name server does."""
        self.set('quota_zone_records', -1)
        zone = self.zone(name)
        first = zone.serial
        start = server = self.content(zone)
        at = zone.serial
        for step in range(60):
            self.clock.forward(chance.choice([0, 0, 0.4, 3, -5]))
            self._step(chance, zone)
            if chance.random() < 0.3:       # The server looks now and then only.
                for removed, added in self.difference(zone, at):
                    server = apply(server, removed, added)
                at = self.row(zone).serial
                self.assertEqual(self.content(zone), server, f'step {step}')
        with self.store.read() as tx:
            chain = tx.execute(tables.journal.select().where(
                tables.journal.c.zone_id == zone.id).order_by('serial')).all()
        self.assertEqual([first] + [row.serial for row in chain[:-1]], [row.base for row in chain])
        self.assertEqual(self.row(zone).serial, chain[-1].serial)
        for removed, added in self.difference(zone, first):
            start = apply(start, removed, added)
        self.assertEqual(self.content(zone), start)
        self._count(zone)

    def _step(self, chance: random.Random, zone) -> None:
        present = [each for each in self.rows(zone) if not each.managed]
        verb = chance.choice(['create', 'create', 'update', 'delete', 'email'])
        if verb == 'email':
            self.change_zone(zone, email=f'a{chance.randrange(99)}@example.org')
        elif verb == 'create' or not present:
            taken = {(each.key, each.type) for each in present}
            owner, type_ = (f'{chance.choice("abcABC")}.{zone.name}', chance.choice(list(_TYPES)))
            if (names.key(owner), type_) not in taken:
                self.recordset(zone, owner, type_, self._some(chance, type_))
        elif verb == 'update':
            which = chance.choice(present)
            body = {'records': self._some(chance, which.type), 'ttl': chance.choice([None, 0, 60]),
                    'description': 'x'}
            self.change(which, **{key: body[key] for key in body if chance.random() < 0.5})
        else:
            self.recordsets.delete(self.alpha, zone.id, chance.choice(present).id)

    @staticmethod
    def _some(chance: random.Random, type_: str) -> list[str]:
        return chance.sample(_TYPES[type_], chance.randint(0, len(_TYPES[type_])))

    def _count(self, zone) -> None:
        """The counters of a zone's row are those of its recordsets."""
        rows, now = self.rows(zone), self.row(zone)
        self.assertEqual(len(rows), now.recordset_count)
        self.assertEqual(sum(len(each.records) for each in rows if not each.managed),
                         now.record_count)
