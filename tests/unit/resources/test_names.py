# SPDX-License-Identifier: Apache-2.0
"""Names: what is valid, how keys sort, what the wire holds."""
import string
import unittest

import dns.name
import hypothesis
from hypothesis import strategies

from designate_like.resources import names

VALID = [
    'example.org.', 'foo.', 'a.b.c.d.e.f.', 'Example.ORG.', '_sip._tcp.example.org.',
    'xn--bcher-kva.example.', 'PTR_Record_IPV4.example.org.', '1.0.0.127.in-addr.arpa.',
    '_.example.', 'a--b.example.', '0.', 'a' * 63 + '.org.', '.'.join(['a' * 49] * 5) + '.abc.',
]
INVALID = [
    '', '.', '..', 'example.org', 'example..org.', '.example.org.', 'example.org..',
    '-a.example.', 'a-.example.', '-.example.', 'a b.example.', 'a/b.example.', 'bücher.example.',
    'a\\.b.example.', 'example.org.\n', '\nexample.org.', 'ex*mple.org.', 'a.*.example.',
    '*a.example.', '*.', '**.example.', 'a@b.example.', 'a' * 64 + '.org.', 'a\0.example.',
    '.'.join(['a' * 49] * 5) + '.abcd.', '１.example.', 'example.org.\u2028',
]

_LETTERS = string.ascii_letters + string.digits + '_-'
_LABELS = strategies.text(_LETTERS, min_size=1, max_size=12).filter(
    lambda label: not label.startswith('-') and not label.endswith('-'))
NAMES = strategies.lists(_LABELS, min_size=1, max_size=6).map(
    lambda labels: '.'.join(labels) + '.')


class ValidTest(unittest.TestCase):
    def test_valid(self):
        for name in VALID:
            with self.subTest(name=name):
                self.assertTrue(names.valid(name))
                self.assertTrue(names.valid(name, wildcard=True))

    def test_invalid(self):
        for name in INVALID:
            with self.subTest(name=name):
                self.assertFalse(names.valid(name))
                self.assertFalse(names.valid(name, wildcard=True))

    def test_wildcard_only_where_it_is_allowed(self):
        self.assertTrue(names.valid('*.example.org.', wildcard=True))
        self.assertFalse(names.valid('*.example.org.'))
        self.assertFalse(names.valid('*.*.example.org.', wildcard=True))

    def test_the_longest_name_fits_the_wire(self):
        name = '.'.join(['a' * 49] * 5) + '.abc.'
        self.assertEqual(names.MAX_LENGTH, len(name))
        self.assertEqual(255, len(names.to_wire(name)))

    @hypothesis.given(strategies.text(_LETTERS + '.*', max_size=300))
    def test_whatever_is_valid_is_a_name_to_dnspython(self, text):
        if names.valid(text, wildcard=True):
            self.assertEqual(dns.name.from_text(text).to_wire(), names.to_wire(text))


class KeyTest(unittest.TestCase):
    def test_labels(self):
        self.assertEqual(['www', 'Example', 'org'], names.labels('www.Example.org.'))
        self.assertEqual([], names.labels('.'))
        self.assertEqual(['a\\.b', 'org'], names.labels('a\\.b.org.'))
        self.assertEqual(['a\\\\', 'b', 'org'], names.labels('a\\\\.b.org.'))

    def test_key(self):
        self.assertEqual('org.example.www.', names.key('www.Example.org.'))
        self.assertEqual('org.', names.key('org.'))
        self.assertEqual('', names.key('.'))
        self.assertEqual('org.a\\.b.', names.key('a\\.b.org.'))

    def test_parents(self):
        self.assertEqual(['b.C.', 'C.'], list(names.parents('a.b.C.')))
        self.assertEqual([], list(names.parents('org.')))
        self.assertEqual([], list(names.parents('.')))

    def test_is_below(self):
        for name, zone in [('example.org.', 'Example.Org.'), ('WWW.example.org.', 'example.org.'),
                           ('a.b.example.org.', 'example.org.'), ('example.org.', '.'),
                           ('a\\.b.example.org.', 'example.org.'), ('.', '.')]:
            with self.subTest(name=name, zone=zone):
                self.assertTrue(names.is_below(name, zone))
        for name, zone in [('org.', 'example.org.'), ('badexample.org.', 'example.org.'),
                           ('example.org.', 'www.example.org.'), ('.', 'org.'),
                           ('a\\.example.org.', 'example.org.')]:
            with self.subTest(name=name, zone=zone):
                self.assertFalse(names.is_below(name, zone))

    def test_subtree_of_a_name(self):
        self.assertEqual(('org.example.', 'org.example/'), names.subtree('org.example.'))

    def test_subtree_of_the_root_holds_every_name(self):
        low, high = names.subtree(names.key('.'))
        self.assertTrue(low < names.key('zzz.') < high)

    @hypothesis.given(NAMES, NAMES)
    def test_subtree_is_what_stands_strictly_below(self, name, zone):
        low, high = names.subtree(names.key(zone))
        for each in (name, f'{name}{zone}', zone):
            below = names.is_below(each, zone) and each.lower() != zone.lower()
            self.assertEqual(below, low < names.key(each) < high)

    @hypothesis.given(NAMES, NAMES)
    def test_is_below_agrees_with_dnspython(self, name, zone):
        for each in (name, f'{name}{zone}'):
            self.assertEqual(dns.name.from_text(each).is_subdomain(dns.name.from_text(zone)),
                             names.is_below(each, zone))


class WireTest(unittest.TestCase):
    def test_case_is_kept(self):
        self.assertEqual(b'\3WWW\7example\3org\0', names.to_wire('WWW.example.org.'))

    def test_root(self):
        self.assertEqual(b'\0', names.to_wire('.'))

    def test_escapes(self):
        self.assertEqual(b'\3a.b\3org\0', names.to_wire('a\\.b.org.'))
        self.assertEqual(b'\3a\0b\3org\0', names.to_wire('a\\000b.org.'))
