# SPDX-License-Identifier: Apache-2.0
"""Recordsets: who may do what to them, in which order that is checked, and what becomes of them."""
import uuid

from designate_like import errors
from designate_like import store
from designate_like.resources import rdata
from designate_like.resources import soa
from tests.functional.central import fixture

MANAGER = fixture.user('alpha', 'admin', edit_managed_records=True)


class CreateTest(fixture.TestCase):

    def test_what_is_made(self):
        zone = self.zone()
        self.settle(zone)
        self.worker.casts.clear()
        self.clock.forward(10)
        made = self.recordset(zone, 'WWW.example.org.', records=['192.0.2.2', '192.0.2.1'], ttl=0,
                              description='mine')
        after = self.row(zone)
        self.assertEqual(made, self.recordsets.get(self.alpha, zone.id, made.id))
        self.assertEqual(
            ('WWW.example.org.', 'A', ['192.0.2.2', '192.0.2.1'], 0, 'mine', 'alpha', zone.id,
             'example.org.', 1, self.clock.now, None),
            (made.name, made.type, made.records, made.ttl, made.description, made.project_id,
             made.zone_id, made.zone_name, made.version, made.created_at, made.updated_at))
        self.assertEqual(('CREATE', 'PENDING'), made.state)
        self.assertEqual(('UPDATE', 'PENDING'), after.state)
        self.assertEqual((after.serial, 3, 2),
                         (made.serial, after.recordset_count, after.record_count))
        self.assertEqual([{'zone': after}], self.worker.told('deploy'))

    def test_a_request_that_comes_twice_is_answered_alike(self):
        zone = self.zone()
        self.set('quota_zone_recordsets', 3)
        values = {'id': str(uuid.uuid4()), 'name': 'www.example.org.', 'type': 'A',
                  'records': ['192.0.2.1']}
        made = self.recordsets.create(self.alpha, zone.id, values)
        after = self.row(zone)
        self.assertEqual(values['id'], made.id)
        self.assertEqual(made, self.recordsets.create(self.alpha, zone.id, values))
        self.assertEqual(after, self.row(zone))
        self.set('quota_zone_recordsets', 4)
        for id_ in (str(uuid.uuid4()), zone.id):
            with self.refused(errors.DuplicateRecordset):
                self.recordsets.create(self.alpha, zone.id, {**values, 'id': id_})

    def test_without_records_nothing_is_served(self):
        zone = self.zone()
        self.settle(zone)
        before = self.row(zone)
        self.worker.casts.clear()
        made = self.recordset(zone, records=[])
        self.assertEqual(('NONE', 'ACTIVE'), made.state)
        self.assertEqual([], self.worker.casts)
        self.assertEqual(before.replace(recordset_count=3), self.row(zone))

    def test_checks_in_their_order(self):
        zone = self.zone()
        self.recordset(zone, 'old.example.org.')
        self.set('min_ttl', 60, 'service:central')
        self.set('quota_zone_recordsets', 3)
        self.set('quota_recordset_records', 1)
        self.set('quota_zone_records', 1)
        nobody = fixture.user('alpha', 'auditor')
        body = {'name': 'www.example.com.', 'type': 'CNAME', 'ttl': 1,
                'records': ['a.example.', 'b.example.']}
        with self.refused(errors.ZoneNotFound):
            self.recordset(zone, ctx=self.beta, **body)
        doomed = self.zone('example.net.')
        self.zones.delete(self.alpha, doomed.id)
        with self.refused(errors.BadRequest, 'being deleted'):
            self.recordset(doomed, ctx=nobody, **body)
        with self.refused(errors.Forbidden):
            self.recordset(zone, ctx=nobody, **body)
        with self.refused(errors.OverQuota, 'Quota exceeded for zone_recordsets.'):
            self.recordset(zone, **body)
        self.set('quota_zone_recordsets', 500)
        with self.refused(errors.InvalidTtl):
            self.recordset(zone, **body)
        body['ttl'] = 60
        with self.refused(errors.InvalidRecordsetLocation, 'is not in zone'):
            self.recordset(zone, **body)
        body['name'] = 'old.example.org.'
        self.zone('old.example.org.')
        with self.refused(errors.InvalidRecordsetLocation, 'CNAME'):
            self.recordset(zone, **body)
        body['name'] = 'new.old.example.org.'
        with self.refused(errors.InvalidRecordsetLocation,
                          'RecordSet belongs in a child zone: old.example.org.'):
            self.recordset(zone, **body)
        body['name'] = 'alias.example.org.'
        with self.refused(errors.BadRequest, 'CNAME'):
            self.recordset(zone, **body)
        body |= {'name': 'new.example.org.', 'type': 'A', 'records': ['192.0.2.1', '192.0.2.2']}
        with self.refused(errors.OverQuota, 'Quota exceeded for recordset_records.'):
            self.recordset(zone, **body)
        self.set('quota_recordset_records', 2)
        with self.refused(errors.OverQuota, 'Quota exceeded for zone_records.'):
            self.recordset(zone, **body)
        self.set('quota_zone_records', -1)
        self.recordset(zone, **body)
        with self.refused(errors.DuplicateRecordset):
            self.recordset(zone, **body)

    def test_a_name_and_type_is_taken_in_whatever_case(self):
        zone = self.zone()
        self.recordset(zone, 'www.example.org.', 'TXT', ['x'])
        with self.refused(errors.DuplicateRecordset):
            self.recordset(zone, 'WWW.Example.org.', 'TXT', ['y'])
        self.recordset(zone, 'www.example.org.', 'A')

    def test_the_top_of_the_zone(self):
        zone = self.zone()
        with self.refused(errors.BadRequest, 'SOA'):
            self.recordset(zone, 'example.org.', 'SOA', ['x'])
        with self.refused(errors.DuplicateRecordset):
            self.recordset(zone, 'example.org.', 'NS', ['ns.example.'])
        with self.refused(errors.InvalidRecordsetLocation):
            self.recordset(zone, 'example.org.', 'CNAME', ['a.example.'])
        self.recordset(zone, 'example.org.', 'MX', ['0 .'])

    def test_a_cname_stands_alone(self):
        zone = self.zone()
        self.recordset(zone, 'a.example.org.', 'A')
        self.recordset(zone, 'c.example.org.', 'CNAME', ['x.example.'])
        self.recordset(zone, 'empty.example.org.', 'CNAME', [])
        for name, type_, records in [('a.example.org.', 'CNAME', ['x.example.']),
                                     ('c.example.org.', 'A', ['192.0.2.1']),
                                     ('C.EXAMPLE.org.', 'TXT', ['x']),
                                     ('empty.example.org.', 'A', [])]:
            with self.subTest(name=name), self.refused(errors.InvalidRecordsetLocation):
                self.recordset(zone, name, type_, records)
        with self.refused(errors.DuplicateRecordset):
            self.recordset(zone, 'c.example.org.', 'CNAME', ['y.example.'])
        self.recordset(zone, 'below.c.example.org.')

    def test_outside_the_zone(self):
        zone = self.zone()
        for name in ('www.example.com.', 'badexample.org.', 'org.', '*.org.'):
            with self.subTest(name=name), self.refused(errors.InvalidRecordsetLocation):
                self.recordset(zone, name)

    def test_in_a_child_zone(self):
        zone = self.zone()
        self.recordset(zone, 'before.child.example.org.')
        self.zone('child.example.org.')
        for name in ('child.example.org.', 'a.b.child.example.org.', '*.child.example.org.',
                     'before.CHILD.example.org.'):
            with self.subTest(name=name):
                with self.refused(errors.InvalidRecordsetLocation,
                                  'RecordSet belongs in a child zone: child.example.org.'):
                    self.recordset(zone, name, 'TXT', ['x'])
        self.recordset(zone, 'grandchild.example.org.')

    def test_wildcards_and_delegations(self):
        zone = self.zone()
        self.recordset(zone, '*.example.org.', 'MX', ['10 mail.example.'])
        self.recordset(zone, 'sub.example.org.', 'NS', ['ns.example.'])
        self.recordset(zone, 'glue.sub.example.org.', 'A')

    def test_names_that_are_too_long_for_the_configuration(self):
        self.set('max_recordset_name_len', 16, 'service:central')
        zone = self.zone()
        self.recordset(zone, 'www.example.org.')
        with self.refused(errors.InvalidRecordsetName, 'max_recordset_name_len'):
            self.recordset(zone, 'wwww.example.org.')

    def test_types_that_the_configuration_leaves_out(self):
        zone = self.zone()
        self.set('supported_record_type', ['A'])
        self.recordset(zone)
        with self.refused(errors.InvalidObject):
            self.recordset(zone, type='TXT', records=['x'])

    def test_a_secondary_zone_is_its_masters(self):
        zone = self.zone(type='SECONDARY', masters=['192.0.2.1'])
        with self.refused(errors.Forbidden):
            self.recordset(zone)
        made = self.recordset(zone, ctx=fixture.ADMIN)
        for call in (lambda: self.change(made, records=[]),
                     lambda: self.recordsets.delete(self.alpha, zone.id, made.id)):
            with self.refused(errors.Forbidden):
                call()

    def test_an_admin_with_all_projects_creates_for_itself(self):
        self.assertEqual('operators', self.recordset(self.zone(), ctx=fixture.ADMIN).project_id)

    def test_one_made_by_an_operator_without_a_project_is_the_zones(self):
        operator = fixture.user(None, 'admin', all_tenants=True)
        self.assertEqual('alpha', self.recordset(self.zone(), ctx=operator).project_id)

    def test_two_texts_of_one_record_are_served_once(self):
        zone = self.zone()
        made = self.recordset(zone, type='AAAA', records=['::1', '0::1'])
        self.assertEqual(['::1', '0::1'], made.records)
        self.assertEqual({1}, set(self.content(zone).values()))

    def test_names_in_records_that_differ_in_case_are_served_once(self):
        zone = self.zone()
        texts = ['10 a.example.net.', '10 A.example.net.', '20 a.example.net.']
        made = self.recordset(zone, type='MX', records=texts)
        self.assertEqual(texts, made.records)
        served = {each.type: each for each in self.rows(zone)}['MX']
        with self.store.read() as tx:
            wire = store.recordsets.wire(tx, served.id)
        self.assertEqual(['10 a.example.net.', '20 a.example.net.'],
                         [rdata.to_text('MX', each) for each in rdata.split(wire)])


class UpdateTest(fixture.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.zone_ = self.zone()
        self.made = self.recordset(self.zone_)
        self.settle(self.zone_)
        self.worker.casts.clear()
        self.clock.forward(10)

    def test_what_changes(self):
        before = self.row(self.zone_)
        changed = self.change(self.made, records=['192.0.2.9', '192.0.2.8'], ttl=5)
        after = self.row(self.zone_)
        self.assertEqual(changed, self.recordsets.get(self.alpha, self.zone_.id, self.made.id))
        self.assertEqual((['192.0.2.9', '192.0.2.8'], 5, 2, self.clock.now, after.serial),
                         (changed.records, changed.ttl, changed.version, changed.updated_at,
                          changed.serial))
        self.assertEqual(('UPDATE', 'PENDING'), changed.state)
        self.assertEqual(('UPDATE', 'PENDING'), after.state)
        self.assertGreater(after.serial, before.serial)
        self.assertEqual((3, 2), (after.recordset_count, after.record_count))
        self.assertEqual([{'zone': after}], self.worker.told('deploy'))

    def test_what_is_not_sent_stays(self):
        for body in ({}, {'ttl': 5}, {'description': 'x'}):
            changed = self.change(self.made, **body)
            self.assertEqual(self.made.records, changed.records)
        self.assertEqual((5, 'x', 4), (changed.ttl, changed.description, changed.version))
        cleared = self.change(self.made, ttl=None, description=None)
        self.assertEqual((None, None), (cleared.ttl, cleared.description))

    def test_out_of_service_and_back(self):
        emptied = self.change(self.made, records=[])
        self.assertEqual(('NONE', 'ACTIVE'), emptied.state)
        self.assertEqual(('UPDATE', 'PENDING'), self.row(self.zone_).state)
        self.assertEqual(0, self.row(self.zone_).record_count)
        self.settle(self.zone_)
        self.worker.casts.clear()
        self.assertEqual(('NONE', 'ACTIVE'), self.change(self.made, description='x').state)
        self.assertEqual([], self.worker.casts)
        filled = self.change(self.made, records=['192.0.2.1'])
        self.assertEqual(('CREATE', 'PENDING'), filled.state)
        self.assertEqual(1, self.row(self.zone_).record_count)
        self.assertEqual(1, len(self.worker.told('deploy')))

    def test_a_reply_says_pending_though_the_zone_had_failed(self):
        self.change_zone(self.zone_, ttl=7)
        self.upkeep.fail(fixture.ADMIN, self.zone_.id, self.row(self.zone_).serial, 'gone')
        self.assertEqual('PENDING', self.change(self.made, ttl=9).status)

    def test_cname_count(self):
        alias = self.recordset(self.zone_, 'c.example.org.', 'CNAME', ['a.example.'])
        with self.refused(errors.BadRequest):
            self.change(alias, records=['a.example.', 'b.example.'])

    def test_a_low_ttl(self):
        self.set('min_ttl', 60, 'service:central')
        with self.refused(errors.InvalidTtl):
            self.change(self.made, ttl=59)
        self.change(self.made, ttl=None)
        self.change(self.made, fixture.ADMIN, ttl=59)

    def test_not_while_the_zone_is_being_deleted(self):
        self.zones.delete(self.alpha, self.zone_.id)
        for call in (lambda: self.change(self.made, ttl=5),
                     lambda: self.recordsets.delete(self.alpha, self.zone_.id, self.made.id)):
            with self.refused(errors.BadRequest, 'being deleted'):
                call()

    def test_roles(self):
        reader = fixture.user('alpha', 'reader')
        for call in (lambda: self.change(self.made, reader, ttl=5),
                     lambda: self.recordsets.delete(reader, self.zone_.id, self.made.id)):
            with self.refused(errors.Forbidden):
                call()


class DeleteTest(fixture.TestCase):

    def test_the_name_is_free_at_once(self):
        zone = self.zone()
        made = self.recordset(zone, records=['192.0.2.1', '192.0.2.2'])
        self.settle(zone)
        self.worker.casts.clear()
        gone = self.recordsets.delete(self.alpha, zone.id, made.id)
        self.assertEqual(('DELETE', 'PENDING'), gone.state)
        after = self.row(zone)
        self.assertEqual((('UPDATE', 'PENDING'), 2, 0),
                         (after.state, after.recordset_count, after.record_count))
        self.assertEqual([{'zone': after}], self.worker.told('deploy'))
        for call in (self.recordsets.get, self.recordsets.delete):
            with self.refused(errors.RecordsetNotFound):
                call(self.alpha, zone.id, made.id)
        self.recordset(zone)

    def test_without_records_nothing_changes_for_the_servers(self):
        zone = self.zone()
        made = self.recordset(zone, records=[])
        before = self.row(zone)
        self.worker.casts.clear()
        self.recordsets.delete(self.alpha, zone.id, made.id)
        self.assertEqual(before.replace(recordset_count=2), self.row(zone))
        self.assertEqual([], self.worker.casts)


class ManagedTest(fixture.TestCase):

    def test_soa_and_apex_ns_are_the_services_own(self):
        zone = self.zone()
        for type_ in ('SOA', 'NS'):
            recordset = self.apex(zone, type_)
            for ctx in (self.alpha, MANAGER):
                with self.subTest(type=type_, manager=ctx is MANAGER):
                    with self.refused(errors.BadRequest):
                        self.recordsets.update(ctx, zone.id, recordset.id, {'ttl': 5})
                    with self.refused(errors.BadRequest):
                        self.recordsets.delete(ctx, zone.id, recordset.id)
                    with self.refused(errors.BadRequest):
                        self.recordsets.writable(ctx, zone.id, recordset.id, 'updated')

    def test_the_sentence(self):
        zone = self.zone()
        servers = self.apex(zone, 'NS')
        with self.refused(errors.BadRequest, 'Managed records may not be updated'):
            self.recordsets.update(self.alpha, zone.id, servers.id, {})
        with self.refused(errors.BadRequest, 'Managed records may not be deleted'):
            self.recordsets.writable(self.alpha, zone.id, servers.id, 'deleted')

    def test_writable_returns_what_is_there(self):
        zone = self.zone()
        made = self.recordset(zone)
        self.assertEqual(made, self.recordsets.writable(self.alpha, zone.id, made.id, 'updated'))
        with self.refused(errors.ZoneNotFound):
            self.recordsets.writable(self.beta, zone.id, made.id, 'updated')

    def test_the_soa_shows_the_zone_as_it_is(self):
        zone = self.zone()
        self.recordset(zone)
        now, start = self.row(zone), self.apex(zone, 'SOA')
        self.assertEqual(([soa.text(now)], now.updated_at), (start.records, start.updated_at))
        self.assertEqual(start, self.recordsets.get(self.alpha, zone.id, start.id))
        self.settle(zone)
        self.assertEqual('ACTIVE', self.apex(zone, 'SOA').status)
        self.change_zone(zone)
        self.assertEqual(('UPDATE', 'PENDING'), self.apex(zone, 'SOA').state)
        self.assertEqual(('NONE', 'ACTIVE'), self.apex(zone, 'NS').state)


class SeenTest(fixture.TestCase):

    def test_by_another_project(self):
        zone = self.zone()
        made = self.recordset(zone)
        for call in (self.recordsets.get, self.recordsets.delete):
            with self.refused(errors.ZoneNotFound):
                call(self.beta, zone.id, made.id)
        with self.refused(errors.RecordsetNotFound):
            self.recordsets.locate(self.beta, made.id)

    def test_in_another_zone(self):
        made, other = self.recordset(self.zone()), self.zone('example.com.')
        for call in (self.recordsets.get, self.recordsets.delete):
            with self.refused(errors.RecordsetNotFound):
                call(self.alpha, other.id, made.id)

    def test_locate(self):
        made = self.recordset(self.zone())
        self.assertEqual(made, self.recordsets.locate(self.alpha, made.id))
        self.assertEqual(made, self.recordsets.locate(fixture.ADMIN, made.id))
        with self.refused(errors.RecordsetNotFound):
            self.recordsets.locate(self.alpha, '5850a862-d57a-4738-ab13-9875525d9f4f')

    def test_not_in_a_zone_that_is_gone(self):
        zone = self.zone()
        made = self.recordset(zone)
        self.remove(zone)
        with self.refused(errors.RecordsetNotFound):
            self.recordsets.locate(self.alpha, made.id)
        self.assertEqual({'items': [], 'total': 0}, self.recordsets.find(
            self.alpha, None, {}, None, 20, 'name', 'asc', True))

    def test_every_type_is_served_as_it_was_parsed(self):
        zone = self.zone()
        for type_, name, text in [
                ('A', 'a', '192.0.2.1'), ('AAAA', 'a', '2001:DB8::1'), ('CNAME', 'c', 'X.example.'),
                ('MX', 'a', '0 .'), ('TXT', 'a', '"a b"'), ('SPF', 'a', 'v=spf1'),
                ('SRV', '_s._tcp', '1 2 3 t.example.'), ('NS', 'd', 'ns.example.'),
                ('PTR', 'a', 'p.example.'), ('SSHFP', 'a', '2 1 ' + '0' * 40),
                ('NAPTR', 'a', '0 0 S SIP+D2U !^.*$!sip:a@b! r.example.'),
                ('CAA', 'a', '0 issue letsencrypt.org'), ('CERT', 'a', 'PKIX 1 8 AAAA'),
                ('HTTPS', 'a', '1 t.example. port=443'), ('SVCB', 'a', '1 t.example.'),
                ('TLSA', '_443._tcp', '3 1 0 AA BB')]:
            with self.subTest(type=type_):
                owner = f'{name}.example.org.'
                made = self.recordset(zone, owner, type_, [text])
                self.assertEqual([text], self.recordsets.get(self.alpha, zone.id,
                                                             made.id).records)
                data = rdata.parse(type_, text, owner)
                self.assertEqual(1, sum(each.endswith(len(data).to_bytes(2) + data)
                                        for each in self.content(zone)))
