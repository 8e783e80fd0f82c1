# SPDX-License-Identifier: Apache-2.0
"""The sink beside central and mdns in one process: what Nova says is what the DNS answers."""
import unittest.mock
import uuid
from typing import Any

import dns.message
import dns.query
import oslo_messaging
import stevedore

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import rpc
from designate_like import service
from designate_like.central import service as central
from designate_like.conf import sink as options
from designate_like.manage import database
from designate_like.mdns import service as mdns
from designate_like.sink import handler
from designate_like.sink import intake
from designate_like.sink import service as sink
from tests import base
from tests.functional import engines
from tests.unit.sink import notifications

NAME = 'my-server.example.org.'


class Lease(handler.Handler):
    """A handler that somebody else has written."""
    events = ('lease.granted',)
    resource_type = 'lease'
    OPTIONS = options.naming('leases', 'nothing')

    def wanted(self, notification: handler.Notification, zone: str) -> handler.Wanted:
        return handler.Wanted(self.owner(notification.payload['id']), [
            {'name': f'lease.{zone}', 'type': 'TXT', 'records': ['"granted"'], 'ttl': 7}])


class SinkTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        for name, value, section in (
                ('connection', engines.url(self), 'storage:sqlalchemy'),
                ('listen', ['127.0.0.1:0'], 'service:mdns'),
                ('enabled_notification_handlers', ['nova_fixed', 'neutron_floatingip'],
                 'service:sink'),
                ('formatv4', ['float.%(zone)s'], 'handler:neutron_floatingip')):
            self.set(name, value, section)
        rpc.set_transport_url(conf.CONF, f'inproc:///{uuid.uuid4()}')
        ns1 = resources.NsRecord(hostname='ns1.example.com.', priority=1)
        database.sync(conf.CONF, database.default_pool(conf.CONF, ns_records=[ns1]))
        self.central = self.start(central.Central)
        self.mdns = self.start(mdns.Mdns)
        zone = self.central.central.zones.create(context.admin(project_id='alpha'), values={
            'name': 'example.org.', 'email': 'me@example.org'})
        for name in ('nova_fixed', 'neutron_floatingip'):
            self.set('zone_id', zone.id, f'handler:{name}')

    def set(self, name: str, value: Any, section: str) -> None:
        conf.CONF.set_override(name, value, section)
        self.addCleanup(conf.CONF.clear_override, name, section)

    def start(self, kind: type[service.Service]) -> Any:
        """Start a role; it stops after the test, if not before."""
        role = kind(conf.CONF)
        role.start()
        self.addCleanup(role.stop)
        return role

    def publish(self, exchange: str, event: str, payload: dict[str, Any]) -> None:
        """Send a notification as the service with that exchange does."""
        transport = oslo_messaging.get_notification_transport(conf.CONF)
        with unittest.mock.patch.object(transport._driver, '_default_exchange', exchange):
            oslo_messaging.Notifier(transport, f'{exchange}.host', driver='messagingv2',
                                    topics=['notifications']).info(
                notifications.CONTEXT, event, payload)

    def answers(self, name: str = NAME, type_: str = 'A') -> list[str]:
        """What mdns answers."""
        host, port = self.mdns.addresses[0]
        reply = dns.query.udp(dns.message.make_query(name, type_), host, 5, port)
        return sorted(each.to_text() for rrset in reply.answer for each in rrset)

    def test_an_instance_from_its_creation_to_its_end(self):
        self.start(sink.Sink)
        self.publish('nova', 'compute.instance.create.end', notifications.CREATED)
        base.wait(lambda: self.answers() == ['10.1.2.3'])
        base.wait(lambda: self.answers(type_='AAAA') == ['fd00:a::b:c'])
        self.publish('nova', 'compute.instance.delete.start', notifications.DELETED)
        base.wait(lambda: not self.answers() and not self.answers(type_='AAAA'))

    def test_a_floating_ip(self):
        self.start(sink.Sink)
        self.publish('neutron', 'floatingip.update.end', notifications.UPDATED)
        base.wait(lambda: self.answers('float.example.org.') == ['203.0.113.9'])
        self.publish('neutron', 'floatingip.update.end', notifications.freed())
        base.wait(lambda: not self.answers('float.example.org.'))

    def test_what_was_published_before_the_sink_came(self):
        self.publish('nova', 'compute.instance.create.end', notifications.CREATED)
        self.start(sink.Sink)
        base.wait(lambda: self.answers() == ['10.1.2.3'])

    def test_what_a_stopping_sink_gives_back_another_one_does(self):
        trouble = unittest.mock.Mock(side_effect=errors.BusUnavailable())
        with unittest.mock.patch.object(intake.Intake, '_ask', trouble):
            first = self.start(sink.Sink)
            self.publish('nova', 'compute.instance.create.end', notifications.CREATED)
            base.wait(lambda: trouble.called)
            first.stop()
        self.assertEqual([], self.answers())
        self.start(sink.Sink)
        base.wait(lambda: self.answers() == ['10.1.2.3'])

    def test_a_handler_of_somebody_else(self):
        found = stevedore.ExtensionManager.make_test_instance([stevedore.extension.Extension(
            'lease', None, Lease, None)], namespace='designate.notification.handler')
        self.set('enabled_notification_handlers', ['lease'], 'service:sink')
        options.register(conf.CONF, 'lease', Lease.OPTIONS)
        self.set('zone_id', conf.CONF['handler:nova_fixed'].zone_id, 'handler:lease')
        with unittest.mock.patch.object(stevedore, 'ExtensionManager', return_value=found):
            self.start(sink.Sink)
        self.publish('leases', 'lease.granted', {'id': 'l-1'})
        base.wait(lambda: self.answers('lease.example.org.', 'TXT') == ['"granted"'])

    def test_nothing_to_do(self):
        self.set('enabled_notification_handlers', [], 'service:sink')
        with self.assertLogs('designate_like.sink.service', 'WARNING') as logged:
            self.start(sink.Sink)
        self.assertIn('enabled_notification_handlers is empty', logged.output[0])
