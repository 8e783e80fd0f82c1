# SPDX-License-Identifier: Apache-2.0
"""Which notifications a change makes, with each plug-in, and what their failures do: nothing."""
from typing import Any

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import notifications
from designate_like.notifications import changes
from designate_like.notifications import payloads
from tests import base
from tests.unit.notifications.test_payloads import RECORDSET
from tests.unit.notifications.test_payloads import ZONE

CTX = context.admin()


class Publisher:
    """Writes down what it is given."""
    enabled = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, ctx: context.RequestContext, event: str, payload: dict[str, Any]) -> None:
        self.sent.append((event, payload))


class ChangesTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.publisher = Publisher()

    def changes(self, plugin: str) -> notifications.Changes:
        conf.CONF.set_override('notification_plugin', plugin)
        self.addCleanup(conf.CONF.clear_override, 'notification_plugin')
        return notifications.Changes(conf.CONF, self.publisher)

    def audited(self, event: str, *things: Any) -> list[dict[str, Any]]:
        self.changes('audit').tell(CTX, event, *things)
        return [payload for name, payload in self.publisher.sent if name == f'dns.{event}']

    def test_zones_go_by_two_names(self):
        self.assertEqual(('dns.zone.create', 'dns.domain.create'), changes.names('zone.create'))
        self.assertEqual(('dns.zone.exists', 'dns.domain.exists'), changes.names('zone.exists'))
        for event in ('zone.share', 'zone_import.create', 'recordset.delete'):
            self.assertEqual((f'dns.{event}',), changes.names(event))

    def test_the_default_tells_the_whole_thing(self):
        self.changes('default').tell(CTX, 'zone.update', ZONE, ZONE.replace(ttl=30))
        self.assertEqual([('dns.zone.update', payloads.of(ZONE)),
                          ('dns.domain.update', payloads.of(ZONE))], self.publisher.sent)

    def test_what_the_caller_knows_better(self):
        self.changes('default').tell(CTX, 'zone.update', ZONE, status='DELETED')
        self.assertEqual('DELETED', self.publisher.sent[0][1]['status'])

    def test_an_update_without_a_change(self):
        self.changes('default').tell(CTX, 'recordset.update', RECORDSET, RECORDSET)
        self.assertEqual([], self.publisher.sent)

    def test_audit_of_a_zone_that_is_created(self):
        self.assertEqual([{'zone_name': 'example.org.', 'zone_id': ZONE.id,
                           'recordset_name': None, 'old_data': None, 'new_data': None,
                           'changed_field': None}], self.audited('zone.create', ZONE))
        self.assertEqual(['dns.zone.create', 'dns.domain.create'],
                         [name for name, _ in self.publisher.sent])

    def test_audit_tells_of_each_member(self):
        now = ZONE.replace(ttl=30, email='b@example.org', serial=2**32 + 8, version=2)
        self.assertEqual([('email', 'a@example.org', 'b@example.org'), ('ttl', 60, 30)],
                         [(each['changed_field'], each['old_data'], each['new_data'])
                          for each in self.audited('zone.update', now, ZONE)])

    def test_audit_of_records(self):
        now = RECORDSET.replace(records=['192.0.2.3', '192.0.2.4'], version=2)
        self.assertEqual([{'zone_name': 'example.org.', 'zone_id': RECORDSET.zone_id,
                           'recordset_name': 'www.example.org.', 'changed_field': 'records',
                           'old_data': '192.0.2.1 192.0.2.2',
                           'new_data': '192.0.2.3 192.0.2.4'}],
                         self.audited('recordset.update', now, RECORDSET))

    def test_audit_of_what_the_service_itself_changes(self):
        self.assertEqual([], self.audited('zone.update', ZONE))

    def test_a_plugin_that_there_is_not(self):
        with self.assertRaisesRegex(errors.ConfigurationError, "'x' is not one of audit, default"):
            self.changes('x')

    def test_nobody_listens(self):
        self.publisher.enabled = False
        self.changes('default').tell(CTX, 'zone.create', None)
        self.assertEqual([], self.publisher.sent)

    def test_a_plugin_that_fails(self):
        with self.assertLogs('designate_like.notifications.changes', 'ERROR'):
            self.changes('default').tell(CTX, 'zone.create', object())
