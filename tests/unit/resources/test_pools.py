# SPDX-License-Identifier: Apache-2.0
"""Pools: what a file and a request may say of them."""
import datetime
import json
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.resources import base as declarations
from designate_like.resources.base import CREATE
from designate_like.resources.base import FILE
from designate_like.resources.base import UPDATE
from tests import base

ID = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
KEY = '11111111-1111-4111-8111-111111111111'
NS = {'hostname': 'ns1.example.net.', 'priority': 1}
FULL = {
    'id': ID, 'name': 'default', 'description': 'the first', 'attributes': {'ssd': True},
    'ns_records': [NS],
    'nameservers': [{'host': '192.0.2.1', 'port': 53, 'tsigkey_id': KEY}],
    'targets': [{'type': 'bind9', 'description': 'one', 'tsigkey_id': KEY,
                 'masters': [{'host': '::1', 'port': 5354}],
                 'options': {'host': '192.0.2.1', 'port': 53, 'clean_zonefile': True}}],
    'also_notifies': [{'host': 'ns9.example.net', 'port': '54'}],
    'catalog_zone': {'catalog_zone_fqdn': 'catalog.example.', 'catalog_zone_refresh': 60,
                     'catalog_zone_tsig_key': 'c2VjcmV0',
                     'catalog_zone_tsig_algorithm': 'hmac-sha512'},
}
# What a file may not say.
WRONG = [
    {'id': 'x'}, {'id': None}, {'name': ''}, {'name': 'x' * 51}, {'name': 5}, {'name': None},
    {'description': 5}, {'description': 'x' * 161}, {'attributes': []}, {'attributes': {'a': None}},
    {'ns_records': {}}, {'ns_records': ['ns1.example.net.']},
    {'ns_records': [{'hostname': 'ns1.example.net', 'priority': 1}]},
    {'ns_records': [{'hostname': 'ns1.example.net.'}]}, {'ns_records': [{'priority': 1}]},
    {'ns_records': [{**NS, 'priority': 0}]}, {'ns_records': [{**NS, 'priority': 10001}]},
    {'ns_records': [{**NS, 'weight': 1}]},
    {'nameservers': [{'host': '192.0.2.1'}]}, {'nameservers': [{'port': 53}]},
    {'nameservers': [{'host': '192.0.2.1', 'port': 0}]},
    {'nameservers': [{'host': '192.0.2.1', 'port': 65536}]},
    {'nameservers': [{'host': 'a b', 'port': 53}]},
    {'nameservers': [{'host': '192.0.2.1', 'port': 53, 'tsigkey_id': 'x'}]},
    {'targets': [{}]}, {'targets': [{'type': ''}]}, {'targets': [{'type': 'bind9', 'foo': 1}]},
    {'targets': [{'type': 'bind9', 'masters': [{'host': '192.0.2.1'}]}]},
    {'targets': [{'type': 'bind9', 'options': []}]},
    {'targets': [{'type': 'bind9', 'options': {'a': None}}]},
    {'also_notifies': [{'host': '192.0.2.1', 'port': 'x'}]},
    {'catalog_zone': {}}, {'catalog_zone': []}, {'catalog_zone': {'catalog_zone_fqdn': 'x'}},
    {'catalog_zone': {'catalog_zone_fqdn': f'{"x" * 60}.' * 3 + f'{"x" * 30}.'}},
    {'catalog_zone': {**FULL['catalog_zone'], 'catalog_zone_refresh': -1}},
    {'catalog_zone': {**FULL['catalog_zone'], 'catalog_zone_tsig_key': 'no base64'}},
    {'catalog_zone': {**FULL['catalog_zone'], 'catalog_zone_tsig_key': ''}},
    {'catalog_zone': {**FULL['catalog_zone'], 'catalog_zone_tsig_algorithm': 'hmac'}},
    {'project_id': 'x'}, {'version': 2}, {'created_at': 'x'}, {'nameserver': []},
]


def pool(**fields: Any) -> resources.Pool:
    return resources.Pool(**{'id': ID, 'name': 'default',
                             'created_at': datetime.datetime(2026, 1, 1), **fields})


class FileTest(base.TestCase):

    def test_everything_that_a_file_may_say(self):
        values = resources.Pool.parse(FULL, FILE)
        self.assertEqual(set(FULL), set(values))
        self.assertEqual({'ssd': 'True'}, values['attributes'])
        self.assertEqual([resources.NsRecord(hostname='ns1.example.net.', priority=1)],
                         values['ns_records'])
        [target] = values['targets']
        self.assertEqual({'host': '192.0.2.1', 'port': '53', 'clean_zonefile': 'True'},
                         target.options)
        self.assertEqual([resources.Address(host='::1', port=5354)], target.masters)
        self.assertEqual(54, values['also_notifies'][0].port)
        self.assertEqual('catalog.example.', values['catalog_zone'].catalog_zone_fqdn)

    def test_a_name_is_enough(self):
        self.assertEqual({'name': 'x'}, resources.Pool.parse({'name': 'x'}, FILE))

    def test_a_name_is_needed(self):
        with self.assertRaises(errors.InvalidObject) as caught:
            resources.Pool.parse({'ns_records': []}, FILE)
        self.assertEqual("name: 'name' is a required property.", caught.exception.sentence())

    def test_what_a_file_may_not_say(self):
        for wrong in WRONG:
            with self.subTest(wrong=wrong):
                with self.assertRaises(errors.InvalidObject) as caught:
                    resources.Pool.parse({'name': 'x', **wrong}, FILE)
                [key] = wrong
                self.assertIn(key, caught.exception.sentence())


class RequestTest(base.TestCase):

    def test_create(self):
        body = {'name': 'x', 'description': None, 'attributes': {'a': 1}, 'ns_records': [NS]}
        values = resources.Pool.parse(body, CREATE)
        self.assertEqual(set(body), set(values))

    def test_what_only_a_file_may_say(self):
        for key in ('id', 'nameservers', 'targets', 'also_notifies', 'catalog_zone'):
            for verb in (CREATE, UPDATE):
                with self.subTest(key=key, verb=verb), self.assertRaises(errors.InvalidObject):
                    resources.Pool.parse({'name': 'x', key: FULL[key]}, verb, pool())

    def test_the_view_hides_what_only_a_file_may_say(self):
        self.assertEqual(['id', 'project_id', 'name', 'description', 'attributes', 'ns_records',
                          'created_at', 'updated_at'], list(pool().view()))


class FormsTest(base.TestCase):

    def test_a_pool_survives_the_bus_and_the_database(self):
        for made in (pool(), pool(**resources.Pool.parse(FULL, FILE))):
            with self.subTest(pool=made.targets):
                document = json.loads(json.dumps(declarations.to_dict(made)))
                self.assertEqual(made, declarations.from_dict(document))
                self.assertEqual(made, resources.Pool.from_row(made.to_row()))

    def test_hostnames_by_priority_then_name(self):
        made = pool(ns_records=[resources.NsRecord(hostname=name, priority=priority)
                                for name, priority in [('c.', 1), ('a.', 2), ('b.', 1)]])
        self.assertEqual(['b.', 'c.', 'a.'], made.hostnames)
        self.assertEqual('b.', made.mname)

    def test_no_name_servers(self):
        self.assertEqual(([], None), (pool().hostnames, pool().mname))
