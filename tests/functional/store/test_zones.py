# SPDX-License-Identifier: Apache-2.0
"""What mdns and the sweeps ask of zones and recordsets, which no endpoint passes on."""
from designate_like import store
from designate_like.resources import names
from designate_like.store import query
from tests import base
from tests.functional.central import fixture


class ZonesTest(fixture.TestCase):

    def enclosing(self, name: str, pool_id: str | None = None) -> str | None:
        with self.store.read() as tx:
            found = store.zones.enclosing(tx, names.key(name), pool_id)
        return found and found.name

    def test_the_nearest_served_zone(self):
        self.zone('Example.org.')
        child = self.zone('b.example.org.')
        for name, zone in [('example.ORG.', 'Example.org.'), ('a.example.org.', 'Example.org.'),
                           ('b.example.org.', 'b.example.org.'),
                           ('x.y.b.example.org.', 'b.example.org.'),
                           ('bb.example.org.', 'Example.org.'), ('org.', None), ('.', None),
                           ('example.com.', None), ('a\\.example.org.', None)]:
            with self.subTest(name=name):
                self.assertEqual(zone, self.enclosing(name))
        self.zones.delete(self.alpha, child.id)
        self.assertEqual('Example.org.', self.enclosing('b.example.org.'))

    def test_only_of_that_pool(self):
        self.zone('example.org.')
        self.assertEqual('example.org.', self.enclosing('example.org.', fixture.DEFAULT_POOL))
        self.assertIsNone(self.enclosing('example.org.', fixture.OTHER_POOL))

    def test_zones_that_never_settle_do_not_hide_the_others(self):
        for index in range(6):
            self.zone(f'z{index}.example.')
        seen = set()

        def all_seen() -> bool:
            with self.store.read() as tx:
                seen.update(zone.id for zone in store.sweeps.pending(tx, (0, 4096), 2))
            return len(seen) == 6

        base.wait(all_seen, pause=0)


class RecordsetsTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.zone_ = self.zone()
        for name in ('b', 'a', 'x.a', '*', 'A--b'):
            self.recordset(self.zone_, f'{name}.example.org.')
        self.recordset(self.zone_, 'empty.example.org.', records=[])

    def test_the_stream_has_everything_but_the_soa_by_key(self):
        with self.store.read() as tx:
            found = list(store.recordsets.stream(tx, self.zone_.id))
        keys = [each.key for each in found]
        self.assertEqual(sorted(keys), keys)
        self.assertEqual(7, len(keys))
        self.assertEqual({'NS', 'A'}, {each.type for each in found})
        self.assertEqual(b'', [each for each in found if 'empty' in each.name][0].wire)

    def test_below(self):
        with self.store.read() as tx:
            for name, below in [('example.org.', True), ('a.example.org.', True),
                                ('x.a.example.org.', False), ('b.example.org.', False),
                                ('nothing.example.org.', False)]:
                with self.subTest(name=name):
                    self.assertEqual(below, store.recordsets.below(
                        tx, self.zone_.id, names.key(name)))

    def test_at(self):
        keys = [names.key(name) for name in ('example.org.', 'A.example.org.', 'no.example.org.')]
        with self.store.read() as tx:
            found = store.recordsets.at(tx, self.zone_.id, keys)
        self.assertEqual({('example.org.', 'SOA'), ('example.org.', 'NS'), ('a.example.org.', 'A')},
                         {(each.name, each.type) for each in found})

    def test_rrset(self):
        with self.store.read() as tx:
            found = store.recordsets.rrset(tx, self.zone_.id, 'org.example.a.', 'A')
            self.assertIsNone(store.recordsets.rrset(tx, self.zone_.id, 'org.example.a.', 'TXT'))
        self.assertEqual(('a.example.org.', None, b'\0\4\xc0\0\2\1'),
                         (found.name, found.ttl, found.wire))


class LikeTest(base.TestCase):

    def test_only_the_star_is_special(self):
        for pattern, sql in [('a*b', 'a%b'), ('*', '%'), ('50%', '50|%'), ('a_b', 'a|_b'),
                             ('a|b', 'a||b'), ('|*', '||%'), ('', '')]:
            with self.subTest(pattern=pattern):
                self.assertEqual(sql, query.like(pattern))
