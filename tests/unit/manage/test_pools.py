# SPDX-License-Identifier: Apache-2.0
"""pools.yaml: what is read, which sentence names what is wrong, and what is written."""
import argparse
import datetime
import pathlib

import yaml

from designate_like import errors
from designate_like import resources
from designate_like.manage import pools
from tests import base

WHOLE = '''
- name: default
  id: 794ccc2c-d751-44fe-b57f-8894c9f5c842
  description: The first pool
  attributes: {ssd: true, zones: 5}
  ns_records:
  - {hostname: ns1.example.org., priority: 1}
  nameservers:
  - {host: 192.0.2.1, port: 53}
  targets:
  - type: bind9
    description: one
    masters:
    - {host: 192.0.2.9, port: 5354}
    options: {host: 192.0.2.1, port: 53, clean_zonefile: false}
  also_notifies:
  - {host: '2001:db8::1', port: 53}
- name: other
'''
# What stands in the file's only pool besides its name, and what the sentence says.
WRONG = [
    ('nameserver: []', "Keys ['nameserver'] are not valid for pool"),
    ('ns_records: [{hostname: ns1.example.org, priority: 1}]',
     "ns_records: [0] hostname: 'ns1.example.org' is not a domain name with a trailing dot"),
    ('ns_records: [{hostname: ns1.example.org.}]',
     "ns_records: [0] priority: 'priority' is a required property"),
    ('ns_records: [{hostname: ns1.example.org., priority: 1}, {hostname: a., priority: x}]',
     "ns_records: [1] priority: 'x' is not an integer"),
    ('nameservers: [{host: 192.0.2.1, port: 65536}]',
     'nameservers: [0] port: 65536 is not between 1 and 65535'),
    ('nameservers: [{host: 192.0.2.1, port: 53, tsig: x}]',
     "nameservers: [0] Keys ['tsig'] are not valid for pool_nameserver"),
    ('nameservers: 192.0.2.1', "nameservers: '192.0.2.1' is not a list"),
    ('targets: [{masters: []}]', "targets: [0] type: 'type' is a required property"),
    ('targets: [{type: bind9, masters: [{host: a b, port: 1}]}]',
     "targets: [0] masters: [0] host: 'a b' is not an IP address or host name"),
    ('targets: [{type: bind9, options: [a]}]', "targets: [0] options: ['a'] is not a map"),
    ('targets: [{type: bind10}]', "targets: [0] type: 'bind10' is not one of "),
    ('targets: [{type: fake}, {type: fake, options: {prot: 1}}]',
     "targets: [1] The backend 'fake' has no option prot"),
    ('also_notifies: [{host: 192.0.2.1}]',
     "also_notifies: [0] port: 'port' is a required property"),
    ('attributes: [a]', "attributes: ['a'] is not a map"),
    ('id: 5', 'id: 5 is not a UUID'),
    ('description: [x]', "description: ['x'] is not text"),
    ('catalog_zone: {catalog_zone_fqdn: x}', "catalog_zone: [0] catalog_zone_fqdn: 'x' is not a "
     'domain name'),
    ('5: x', 'Keys [5] are not valid for pool'),
]
# A whole file that is no list of pools.
NO_LIST = ['', '{}', 'name: default', '[]', 'text', '- [', '\x00', '- !!python/object:os.system x']


class ReadTest(base.TestCase):

    def write(self, text: str) -> str:
        path = self.directory() / 'pools.yaml'
        path.write_text(text)
        return str(path)

    def refusal(self, text: str, **options: bool) -> str:
        path = self.write(text)
        with self.assertRaises(errors.ConfigurationError) as caught:
            pools.read(path, **options)
        self.assertTrue(caught.exception.message.startswith(f'{path}: '))
        return caught.exception.message.removeprefix(f'{path}: ')

    def test_a_whole_file(self):
        first, other = pools.read(self.write(WHOLE))
        self.assertEqual({'name': 'other', **pools._UNSAID}, other)
        self.assertEqual({'ssd': 'True', 'zones': '5'}, first['attributes'])
        self.assertEqual('False', first['targets'][0].options['clean_zonefile'])
        self.assertEqual([resources.Address(host='2001:db8::1', port=53)], first['also_notifies'])

    def test_the_pool_the_key_and_the_rule_are_named(self):
        for line, sentence in WRONG:
            with self.subTest(line=line):
                said = self.refusal(f'- name: one\n- name: two\n  {line}\n')
                self.assertTrue(said.startswith("pool 2 ('two'): "), said)
                self.assertIn(sentence, said)

    def test_every_wrong_key_of_a_pool_is_named_at_once(self):
        said = self.refusal('- {name: x, foo: 1, bar: 2, description: [], id: 5}')
        for part in ("Keys ['foo', 'bar']", 'description:', 'id:'):
            self.assertIn(part, said)

    def test_a_pool_without_a_name(self):
        self.assertEqual("pool 1: name: 'name' is a required property.",
                         self.refusal('- description: x'))

    def test_a_pool_that_is_no_map(self):
        self.assertTrue(self.refusal('- x').startswith('pool 1: '))

    def test_names_and_ids_are_unique(self):
        self.assertEqual('two pools have the same name', self.refusal('[{name: x}, {name: x}]'))
        id_ = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
        self.assertEqual('two pools have the same id',
                         self.refusal(f'[{{name: x, id: {id_}}}, {{name: y, id: {id_}}}]'))

    def test_files_that_are_no_list_of_pools(self):
        for text in NO_LIST:
            with self.subTest(text=text):
                self.refusal(text)

    def test_a_file_that_cannot_be_read(self):
        for path in (pathlib.Path('/nowhere/pools.yaml'), self.directory()):
            with self.subTest(path=path):
                with self.assertRaisesRegex(errors.ConfigurationError, str(path)):
                    pools.read(str(path))

    def test_a_file_that_is_no_text(self):
        path = self.directory() / 'pools.yaml'
        path.write_bytes(b'- name: \xff\xfe')
        with self.assertRaises(errors.ConfigurationError):
            pools.read(str(path))

    def test_types_without_a_backend_pass_when_nobody_looks(self):
        [values] = pools.read(self.write('- {name: x, targets: [{type: bind10}]}'),
                              verify_drivers=False)
        self.assertEqual('bind10', values['targets'][0].type)


class DocumentTest(base.TestCase):

    def test_what_is_written_can_be_read_and_is_the_same(self):
        path = self.directory() / 'pools.yaml'
        path.write_text(WHOLE)
        values = pools.read(str(path))[0]
        pool = resources.Pool(**values, created_at=datetime.datetime(2026, 1, 1))
        path.write_text(yaml.safe_dump([pools.document(pool)]))
        self.assertEqual([values], pools.read(str(path)))

    def test_the_first_key_is_also_notifies(self):
        pool = resources.Pool(id='x', name='x', created_at=datetime.datetime(2026, 1, 1))
        self.assertTrue(yaml.safe_dump([pools.document(pool)]).startswith('- also_notifies: []'))

    def test_what_the_service_keeps_for_itself_is_left_out(self):
        pool = resources.Pool(id='x', name='x', project_id='alpha', version=7,
                              created_at=datetime.datetime(2026, 1, 1))
        self.assertEqual(
            {'also_notifies', 'attributes', 'description', 'id', 'name', 'nameservers',
             'ns_records', 'targets'}, set(pools.document(pool)))


class CommandLineTest(base.TestCase):

    def parse(self, *words: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser()
        pools.add_parsers(parser.add_subparsers())
        return parser.parse_args(words)

    def test_options_may_be_abbreviated(self):
        self.assertTrue(self.parse('show_config', '--all').all_pools)
        self.assertEqual('x', self.parse('show_config', '--pool', 'x').pool_id)
        self.assertTrue(self.parse('update', '--dry').dry_run)
        self.assertTrue(self.parse('update', '--skip').skip_verify_drivers)

    def test_defaults(self):
        update = self.parse('update')
        self.assertEqual((False, False, False),
                         (update.delete, update.dry_run, update.skip_verify_drivers))
        self.assertIsNone(self.parse('show_config').pool_id)
