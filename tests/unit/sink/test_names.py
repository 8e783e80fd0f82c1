# SPDX-License-Identifier: Apache-2.0
"""Templates: every substitution, and what is wrong with one."""
from typing import Any

from designate_like.sink import names
from tests.unit.sink import notifications

VALUES = {'hostname': 'web', 'number': 7, 'on': True, 'nothing': None, 'list': ['x'],
          'map': {'a': 'b'}, 'label': 'of the payload'}


class PartsTest(notifications.TestCase):

    def test_ipv4(self):
        self.assertEqual({'ip_version': 4, 'ip_address': '10-1-2-3', 'octet0': '10',
                          'octet1': '1', 'octet2': '2', 'octet3': '3'}, names.parts('10.1.2.3'))

    def test_ipv6(self):
        self.assertEqual({'ip_version': 6, 'ip_address': 'fd00-a--b-c', 'octet0': 'fd00',
                          'octet1': 'a', 'octet2': 'b', 'octet3': 'c'},
                         names.parts('fd00:a::b:c'))
        whole = names.parts('1:2:3:4:5:6:7:8')
        self.assertEqual(list('12345678'), [whole[f'octet{index}'] for index in range(8)])


class NamesTest(notifications.TestCase):

    def made(self, *addresses: str, more: dict[str, Any] | None = None,
             default: tuple[str, ...] = (), **options: Any) -> list[tuple[str, str, list[str]]]:
        """Name, type and records of what the templates of some options make."""
        found = names.Names('nova_fixed', self.section('nova_fixed', **options), default)
        return [(each['name'], each['type'], each['records']) for each in found.recordsets(
            VALUES, 'example.org.', 'shop', [(each, more or {}) for each in addresses])]

    def test_every_substitution(self):
        for template, name in {
                '%(hostname)s.%(zone)s': 'web.example.org.',
                '%(number)s.%(on)s.%(zone)s': '7.True.example.org.',
                '%(number)03d.%(zone)s': '007.example.org.',
                '%(project)s.%(zone)s': 'shop.example.org.',
                'v%(ip_version)s.%(zone)s': 'v4.example.org.',
                'ip-%(ip_address)s.%(zone)s': 'ip-10-1-2-3.example.org.',
                '%(octet3)s.%(octet2)s.%(octet1)s.%(octet0)s.%(zone)s': '3.2.1.10.example.org.',
                '%(label)s.%(zone)s': 'net.example.org.',
                '*.%(hostname)s.%(zone)s': '*.web.example.org.'}.items():
            with self.subTest(template):
                self.assertEqual([(name, 'A', ['10.1.2.3'])], self.made(
                    '10.1.2.3', formatv4=[template], more={'label': 'net'}))

    def test_each_version_has_its_templates(self):
        self.assertEqual(
            [('web.example.org.', 'A', ['10.1.2.3']), ('net.example.org.', 'A', ['10.1.2.3']),
             ('web.example.org.', 'AAAA', ['fd00::1'])],
            self.made('10.1.2.3', 'fd00::1', formatv6=['%(hostname)s.%(zone)s'],
                      formatv4=['%(hostname)s.%(zone)s', 'net.%(zone)s']))

    def test_addresses_of_one_name_are_one_recordset(self):
        self.assertEqual([('web.example.org.', 'A', ['10.1.2.3', '10.1.2.4'])],
                         self.made('10.1.2.3', '10.1.2.4', formatv4=['%(hostname)s.%(zone)s']))

    def test_the_old_option_stands_for_those_that_are_unset(self):
        self.assertEqual(
            [('old.example.org.', 'A', ['10.1.2.3']), ('new.example.org.', 'AAAA', ['::1'])],
            self.made('10.1.2.3', '::1', formatv6=['new.%(zone)s'], format=['old.%(zone)s'],
                      default=('default.%(zone)s',)))

    def test_a_default(self):
        self.assertEqual([('default.example.org.', 'A', ['10.1.2.3'])],
                         self.made('10.1.2.3', default=('default.%(zone)s',)))
        self.assertEqual([], self.made('10.1.2.3'))

    def test_a_bad_template_does_not_stop_the_others(self):
        good = '%(hostname)s.%(zone)s'
        for bad, words in {
                '%(nobody)s.%(zone)s': "'nobody'", '%(nothing)s.%(zone)s': "'nothing'",
                '%(list)s.%(zone)s': "'list'", '%(zone)y': 'unsupported format character',
                '%(hostname)d.%(zone)s': '%d format', '%(hostname)s': "'web' is not a domain name",
                'a b.%(zone)s': "'a b.example.org.' is not a domain name"}.items():
            with self.subTest(bad), self.assertLogs('designate_like.sink.names', 'ERROR') as logged:
                self.assertEqual([('web.example.org.', 'A', ['10.1.2.3'])],
                                 self.made('10.1.2.3', formatv4=[bad, good]))
                [line] = logged.output
                self.assertIn(f'[handler:nova_fixed] formatv4 = {bad} makes no name: ', line)
                self.assertIn(words, line)

    def test_what_is_no_address(self):
        with self.assertRaises(ValueError):
            self.made('nowhere', formatv4=['%(zone)s'])
