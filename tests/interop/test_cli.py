# SPDX-License-Identifier: Apache-2.0
"""Every command of python-designateclient about zones, recordsets, quotas and services."""
from typing import Any

from tests import base
from tests.interop import cli
from tests.interop import standalone

MAIL = ('--email', 'me@example.org')


def names(listed: list[dict[str, Any]]) -> list[str]:
    """The names in a list that the command printed."""
    return [each['name'] for each in listed]


class CliTestCase(standalone.Mixin, base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.service = self.standalone(settings=standalone.NO_LIMITS)
        self.api = self.client(self.service)
        self.openstack = cli.Cli(f'http://127.0.0.1:{self.service.port}/v2')

    def assert_fails(self, sentence: str, command: str, *more: str) -> None:
        """Fail unless the command prints this sentence, and ends with code 1."""
        with self.assertRaises(cli.Failed) as caught:
            self.openstack(command, *more)
        self.assertEqual(sentence, str(caught.exception))


class ZoneTest(CliTestCase):

    def test_create_show_and_nameservers(self) -> None:
        made = self.openstack('zone create Example.org. --ttl 300 --type PRIMARY',
                              '--description', 'The first', '--attributes', 'a:b', 'c:d', *MAIL)
        for key, value in {'name': 'Example.org.', 'email': 'me@example.org', 'ttl': 300,
                           'type': 'PRIMARY', 'description': 'The first', 'masters': '',
                           'attributes': 'a:b\nc:d\n', 'status': 'PENDING', 'action': 'CREATE',
                           'version': 1, 'shared': False, 'project_id': 'noauth-project',
                           'pool_id': standalone.POOL_ID, 'updated_at': None,
                           'transferred_at': None}.items():
            with self.subTest(key):
                self.assertEqual(value, made[key])
        self.api.active(f"/v2/zones/{made['id']}")
        shown = self.openstack('zone show', made['id'])
        self.assertEqual('ACTIVE', shown['status'])
        self.assertEqual(made['serial'], shown['serial'])
        for name in ('Example.org.', 'example.ORG.'):
            self.assertEqual(shown, self.openstack('zone show', name))
        self.assertEqual([{'hostname': 'ns1.standalone.invalid.', 'priority': 1}],
                         self.openstack('zone nameservers list example.org.'))

    def test_secondary(self) -> None:
        made = self.openstack('zone create copy.example. --type SECONDARY --masters 127.0.0.1:9 '
                              '::1')
        self.assertEqual('127.0.0.1:9, ::1', made['masters'])
        self.assertEqual('SECONDARY', made['type'])
        changed = self.openstack('zone set copy.example. --masters 127.0.0.2:9')
        self.assertEqual('127.0.0.2:9', changed['masters'])

    def test_list(self) -> None:
        for name, more in (('one.example.', ('--ttl', '60', '--description', 'odd')),
                           ('two.example.', ('--ttl', '70', '--description', 'even')),
                           ('three.test.', ('--description', 'odd'))):
            self.openstack('zone create', name, '--email', f'{name[:3]}@example.org', *more)
        self.openstack('zone create four.test. --type SECONDARY --masters 127.0.0.1:9')
        for filters, wanted in (
                ('', ['one.example.', 'two.example.', 'three.test.', 'four.test.']),
                ('--name two.example.', ['two.example.']),
                ('--name *.TEST.', ['three.test.', 'four.test.']),
                ('--email two@example.org', ['two.example.']),
                ('--type SECONDARY', ['four.test.']),
                ('--ttl 70', ['two.example.']),
                ('--description odd', ['one.example.', 'three.test.']),
                ('--description odd --type PRIMARY --name *.example.', ['one.example.']),
                ('--status ERROR', [])):
            with self.subTest(filters):
                self.assertEqual(wanted, names(self.openstack('zone list', *filters.split())))
        base.wait(lambda: self.api('GET', '/v2/zones?name=one.example.&status=ACTIVE')['zones'])
        shown = self.openstack('zone list --long --name one.example. --status ACTIVE')
        self.assertEqual(['one.example.'], names(shown))
        self.assertEqual({'id', 'name', 'type', 'serial', 'status', 'action', 'ttl', 'pool_id',
                          'email', 'attributes', 'masters'}, set(shown[0]))

    def test_set_and_delete(self) -> None:
        self.openstack('zone create example.org. --description before', *MAIL)
        changed = self.openstack('zone set example.org. --email you@example.org --ttl 120',
                                 '--description', 'After that')
        self.assertEqual(('you@example.org', 120, 'After that', 2), tuple(
            changed[key] for key in ('email', 'ttl', 'description', 'version')))
        changed = self.openstack('zone set --no-description', changed['id'])
        self.assertIsNone(changed['description'])
        self.assertEqual('you@example.org', changed['email'])
        gone = self.openstack('zone delete example.org.')
        self.assertEqual(('DELETE', 'PENDING', ''),
                         (gone['action'], gone['status'], gone['masters']))
        self.api.gone(f"/v2/zones/{gone['id']}")
        self.assertEqual([], self.openstack('zone list'))
        again = self.openstack('zone create example.org.', *MAIL)
        self.openstack('zone delete --hard-delete --delete-shares', again['id'])
        self.api.gone(f"/v2/zones/{again['id']}")

    def test_errors_are_sentences(self) -> None:
        self.openstack('zone create example.org.', *MAIL)
        for sentence, command in (
                ('Duplicate Zone', 'zone create EXAMPLE.org. --email me@example.org'),
                ("Name other.example. didn't resolve", 'zone show other.example.'),
                ('Could not find Zone', 'zone show 11111111-2222-4333-8444-555555555555'),
                ("Name other.example. didn't resolve", 'zone delete other.example.')):
            with self.subTest(command):
                self.assert_fails(sentence, command)
        for beginning, command in (
                ('Provided object is not valid.', 'zone create example.net --email me@example.org'),
                ('Provided object is not valid.', 'zone create example.net. --email me'),
                ('Provided object is not valid.', 'zone set example.org. --ttl 2147483648')):
            with self.subTest(command), self.assertRaises(cli.Failed) as caught:
                self.openstack(command)
            self.assertTrue(str(caught.exception).startswith(beginning), caught.exception)


class RecordsetTest(CliTestCase):

    def setUp(self) -> None:
        super().setUp()
        self.zone_id = self.api.zone('Example.org.')

    def test_create_and_show(self) -> None:
        made = self.openstack('recordset create example.org. www --type A --record 192.0.2.2 '
                              '--record 192.0.2.1 --ttl 60', '--description', 'Two of them')
        for key, value in {'name': 'www.Example.org.', 'type': 'A', 'ttl': 60, 'version': 1,
                           'records': '192.0.2.2\n192.0.2.1', 'description': 'Two of them',
                           'status': 'PENDING', 'action': 'CREATE', 'zone_id': self.zone_id,
                           'zone_name': 'Example.org.', 'project_id': 'noauth-project',
                           'updated_at': None}.items():
            with self.subTest(key):
                self.assertEqual(value, made[key])
        self.api.active(f"/v2/zones/{self.zone_id}/recordsets/{made['id']}")
        shown = self.openstack('recordset show', self.zone_id, made['id'])
        self.assertEqual(('ACTIVE', 'NONE'), (shown['status'], shown['action']))
        self.assertEqual(shown, self.openstack('recordset show EXAMPLE.ORG. WWW.example.org.'))

    def test_create_by_every_kind_of_name(self) -> None:
        for zone in (self.zone_id, 'example.org.'):
            for name, type_, record in ((f'a-{len(zone)}', 'AAAA', '2001:db8::1'),
                                        (f'b-{len(zone)}.EXAMPLE.org.', 'MX', '10 mail.test.'),
                                        (f'*.c-{len(zone)}', 'TXT', '"some words"')):
                with self.subTest(zone=zone, name=name):
                    made = self.openstack('recordset create', zone, name, '--type', type_,
                                          '--record', record)
                    self.assertEqual(record, made['records'])
                    self.assertTrue(made['name'].lower().endswith('.example.org.'))

    def test_list(self) -> None:
        other_id = self.api.zone('example.net.')
        for zone_id, name, type_, ttl, description, records in (
                (self.zone_id, 'a.example.org.', 'A', 60, 'odd', ['192.0.2.2', '192.0.2.1']),
                (self.zone_id, 'b.example.org.', 'A', 70, 'even', ['192.0.2.2']),
                (self.zone_id, 'b.example.org.', 'TXT', None, None, ['"words"']),
                (other_id, 'a.example.net.', 'A', 60, 'odd', ['192.0.2.1'])):
            self.api('POST', f'/v2/zones/{zone_id}/recordsets', {
                'name': name, 'type': type_, 'ttl': ttl, 'description': description,
                'records': records})
        for id_ in (self.zone_id, other_id):
            self.api.active(f'/v2/zones/{id_}')
        for arguments, wanted in (
                ('example.org. --name b.example.org.', ['b A', 'b TXT']),
                ('example.org. --name B.*', ['b A', 'b TXT']),
                ('example.org. --data 192.0.2.1', ['a A']),
                ('example.org. --ttl 70', ['b A']),
                ('example.org. --description odd', ['a A']),
                ('example.org. --status ACTIVE --action NONE --type A', ['a A', 'b A']),
                ('example.org. --status PENDING', []),
                ('example.org. --action CREATE', []),
                ('all --data 192.0.2.1 --type A', ['a A', 'a A']),
                ('all --name *.example.net. --ttl 60 --description odd', ['a A'])):
            with self.subTest(arguments):
                found = self.openstack('recordset list', *arguments.split())
                self.assertEqual(wanted, [f"{each['name'].partition('.')[0]} {each['type']}"
                                          for each in found])
        everything = self.openstack('recordset list all --long')
        self.assertEqual(8, len(everything))
        self.assertEqual({'Example.org.', 'example.net.'},
                         {each['zone_name'] for each in everything})
        self.assertIn('192.0.2.2\n192.0.2.1', [each['records'] for each in everything])
        self.assertIn('odd', [each['description'] for each in everything])

    def test_set_and_delete(self) -> None:
        made = self.openstack('recordset create example.org. www --type A --record 192.0.2.1 '
                              '--ttl 60 --description one')
        changed = self.openstack('recordset set example.org. www.example.org. --record 192.0.2.3 '
                                 '--record 192.0.2.2 --ttl 90 --description two')
        self.assertEqual(('192.0.2.3\n192.0.2.2', 90, 'two', 2, 'PENDING'), tuple(
            changed[key] for key in ('records', 'ttl', 'description', 'version', 'status')))
        changed = self.openstack('recordset set --no-ttl --no-description', self.zone_id,
                                 made['id'])
        self.assertEqual(('192.0.2.3\n192.0.2.2', None, None), tuple(
            changed[key] for key in ('records', 'ttl', 'description')))
        gone = self.openstack('recordset delete example.org. www.example.org.')
        self.assertEqual(('DELETE', 'PENDING'), (gone['action'], gone['status']))
        self.assert_fails('Could not find RecordSet', 'recordset show', self.zone_id, made['id'])
        self.assert_fails("Name www.example.org. didn't resolve",
                          'recordset show example.org. www.example.org.')
        self.assertEqual(['NS', 'SOA'], sorted(
            each['type'] for each in self.openstack('recordset list example.org.')))

    def test_errors_are_sentences(self) -> None:
        self.openstack('recordset create example.org. www --type A --record 192.0.2.1')
        create = 'recordset create example.org.'
        for sentence, command in (
                ('Duplicate RecordSet', f'{create} WWW --type A --record 192.0.2.2'),
                ("'192.0.2.300' is not a 'A' Record. 'x' is not a 'A' Record",
                 f'{create} bad --type A --record 192.0.2.300 --record 192.0.2.3 --record x'),
                ("Name other.example. didn't resolve",
                 'recordset create other.example. www --type A --record 192.0.2.1'),
                ("Name other.example. didn't resolve", 'recordset list other.example.'),
                ("Name none.example.org. didn't resolve",
                 'recordset delete example.org. none.example.org.')):
            with self.subTest(command):
                self.assert_fails(sentence, command)
        with self.assertRaises(cli.Failed) as caught:
            self.openstack(f'{create} www.example.net. --type A --record 192.0.2.1')
        self.assertIn('www.example.net.', str(caught.exception))

    def test_managed_recordsets(self) -> None:
        ns = self.openstack('recordset list example.org. --type NS')[0]['id']
        self.assert_fails('Managed records may not be updated',
                          'recordset set example.org. --ttl 60', ns)
        self.assert_fails('Managed records may not be deleted',
                          'recordset delete example.org.', ns)
        soa = self.openstack('recordset list example.org. --type SOA')[0]['id']
        for verb in ('set --ttl 60', 'delete'):
            for id_ in (ns, soa):
                with self.subTest(verb), self.assertRaises(cli.Failed):
                    self.openstack(f'recordset {verb} --edit-managed example.org.', id_)
        self.assertEqual(['NS', 'SOA'], sorted(
            each['type'] for each in self.openstack('recordset list example.org.')))

    def test_more_than_a_page(self) -> None:
        for count in range(1050):
            self.api.record(self.zone_id, f'r{count}.example.org.', '192.0.2.1')
        for zone in ('example.org.', 'all'):
            found = self.openstack('recordset list --type A', zone)
            self.assertEqual({f'r{count}.example.org.' for count in range(1050)},
                             {each['name'] for each in found})
            self.assertEqual(1050, len(found))
        self.assertEqual(1050, len(self.openstack('recordset list example.org. --data 192.*')))


class ProjectTest(CliTestCase):

    def test_quotas_and_limits(self) -> None:
        whole = {'zones', 'zone_records', 'zone_recordsets', 'recordset_records',
                 'api_export_size'}
        self.assertEqual(dict.fromkeys(whole, -1), self.openstack('dns quota list'))
        changed = self.openstack('dns quota set --project-id p1 --zones 1 --zone-records 2 '
                                 '--zone-recordsets 4 --recordset-records 1 --api-export-size 9')
        self.assertEqual({'zones': 1, 'zone_records': 2, 'zone_recordsets': 4,
                          'recordset_records': 1, 'api_export_size': 9}, changed)
        self.assertEqual(changed, self.openstack('dns quota list --project-id p1'))
        self.assertEqual(-1, self.openstack('dns quota list')['zones'])
        limits = {each['Limit']: each['Value']
                  for each in self.openstack('dns limit list --sudo-project-id p1')}
        self.assertEqual((1, 2, 4, 1, 1000), tuple(limits[key] for key in (
            'max_zones', 'max_zone_records', 'max_zone_recordsets', 'max_recordset_records',
            'max_page_limit')))
        as_p1 = ('--sudo-project-id', 'p1')
        zone = self.openstack('zone create example.org.', *MAIL, *as_p1)
        self.assert_fails('Quota exceeded for zones.', 'zone create example.net.', *MAIL, *as_p1)
        create = f"recordset create {zone['id']}"
        self.assert_fails('Quota exceeded for recordset_records.',
                          f'{create} www --type A --record 192.0.2.1 --record 192.0.2.2', *as_p1)
        for name in ('a', 'b'):
            self.openstack(f'{create} {name} --type A --record 192.0.2.1', *as_p1)
        self.assert_fails('Quota exceeded for zone_recordsets.',
                          f'{create} c --type A --record 192.0.2.1', *as_p1)
        self.openstack('dns quota set --project-id p1 --zone-recordsets 99')
        self.assert_fails('Quota exceeded for zone_records.',
                          f'{create} c --type A --record 192.0.2.1', *as_p1)
        self.assertIsNone(self.openstack('dns quota reset --project-id p1'))
        self.openstack(f'{create} c --type A --record 192.0.2.1', *as_p1)

    def test_projects(self) -> None:
        self.openstack('zone create mine.example.', *MAIL)
        zone = self.openstack('zone create yours.example. --sudo-project-id p1', *MAIL)
        self.assertEqual('p1', zone['project_id'])
        self.assertEqual(['mine.example.'], names(self.openstack('zone list')))
        self.assertEqual(['yours.example.'],
                         names(self.openstack('zone list --sudo-project-id p1')))
        everything = self.openstack('zone list --all-projects')
        self.assertEqual({'mine.example.': 'noauth-project', 'yours.example.': 'p1'},
                         {each['name']: each['project_id'] for each in everything})
        self.assert_fails("Name yours.example. didn't resolve", 'zone show yours.example.')
        self.assert_fails('Could not find Zone', 'zone show', zone['id'])
        self.assertEqual(zone['id'],
                         self.openstack('zone show yours.example. --all-projects')['id'])
        self.openstack('recordset create yours.example. www --type A --record 192.0.2.1 '
                       '--sudo-project-id p1')
        listed = self.openstack('recordset list all --all-projects --type A')
        self.assertEqual([('www.yours.example.', 'p1')],
                         [(each['name'], each['project_id']) for each in listed])
        self.assertEqual([], self.openstack('recordset list all --type A'))
        self.assertEqual(60, self.openstack('recordset set yours.example. www.yours.example. '
                                            '--ttl 60 --all-projects')['ttl'])
        self.openstack('zone delete --all-projects yours.example.')
        base.wait(lambda: not self.api('GET', '/v2/zones?all_projects=1&name=yours.example.')
                  ['zones'])

    def test_services(self) -> None:
        found = self.openstack('dns service list')
        self.assertEqual(
            {name: 'UP' for name in ('api', 'central', 'mdns', 'producer', 'worker')},
            {each['service_name']: each['status'] for each in found})
        one = self.openstack('dns service list --service_name worker --status UP --hostname',
                             found[0]['hostname'])
        self.assertEqual(['worker'], [each['service_name'] for each in one])
        self.assertEqual([], self.openstack('dns service list --status DOWN'))
        shown = self.openstack('dns service show', one[0]['id'])
        self.assertEqual(('worker', 'UP', '-'),
                         (shown['service_name'], shown['status'], shown['stats']))


class EndpointTest(CliTestCase):

    def test_every_form_of_the_endpoint(self) -> None:
        for number, path in enumerate(('', '/', '/v2/')):
            with self.subTest(path):
                openstack = cli.Cli(f'http://127.0.0.1:{self.service.port}{path}')
                zone = openstack(f'zone create number{number}.example.', *MAIL)['id']
                made = openstack(f'recordset create {zone} www --type A --record 192.0.2.1')
                openstack(f'recordset set {zone} --ttl 60', made['id'])
                openstack(f'zone delete {zone}')
