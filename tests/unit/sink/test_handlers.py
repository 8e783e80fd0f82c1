# SPDX-License-Identifier: Apache-2.0
"""The handlers: from what Nova and Neutron say to what is wanted."""
import unittest.mock

from designate_like import conf
from designate_like import errors
from designate_like.sink import fake
from designate_like.sink import handler
from designate_like.sink import neutron
from designate_like.sink import nova
from tests.unit.sink import notifications

ZONE = 'example.org.'


class NovaTest(notifications.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.handler = nova.Fixed('nova_fixed', self.section('nova_fixed'))
        self.owner = {'plugin_type': 'handler', 'plugin_name': 'nova_fixed',
                      'resource_type': 'instance', 'resource_id': notifications.INSTANCE,
                      'project_id': 'f00d'}

    def test_an_instance_that_is_created(self):
        wanted = self.handler.wanted(
            notifications.about(nova.CREATED, notifications.CREATED), ZONE)
        self.assertEqual(handler.Wanted(self.owner, [
            {'name': 'my-server.example.org.', 'type': 'A', 'records': ['10.1.2.3']},
            {'name': 'my-server.example.org.', 'type': 'AAAA', 'records': ['fd00:a::b:c']},
        ]), wanted)

    def test_templates_know_payload_label_and_project(self):
        named = nova.Fixed('nova_fixed', self.section(
            'nova_fixed', formatv4=['%(hostname)s.%(label)s.%(host)s.%(project)s.%(zone)s'],
            formatv6=['%(instance_id)s.%(label)s.%(zone)s']))
        wanted = named.wanted(notifications.about(nova.CREATED, notifications.CREATED), ZONE)
        self.assertEqual(['my-server.private.compute1.shop.example.org.',
                          f'{notifications.INSTANCE}.private6.example.org.'],
                         [each['name'] for each in wanted.recordsets])

    def test_an_instance_that_is_deleted(self):
        self.assertEqual(handler.Wanted(self.owner), self.handler.wanted(
            notifications.about(nova.DELETED, notifications.DELETED), ZONE))

    def test_what_makes_no_sense(self):
        for payload in ({}, {'instance_id': 'x'}, {'instance_id': 'x', 'fixed_ips': [{}]},
                        {'instance_id': 'x', 'fixed_ips': [{'address': '?'}]}, None):
            with self.subTest(payload), self.assertRaises((KeyError, ValueError, TypeError)):
                self.handler.wanted(notifications.about(nova.CREATED, payload), ZONE)


class NeutronTest(notifications.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.handler = neutron.FloatingIp('neutron_floatingip', self.section(
            'neutron_floatingip', formatv4=['%(dns_name)s-%(octet3)s.%(project)s.%(zone)s']))

    def test_one_that_is_associated(self):
        wanted = self.handler.wanted(
            notifications.about(neutron.UPDATED, notifications.UPDATED), ZONE)
        self.assertEqual(('neutron_floatingip', 'floatingip', notifications.FLOATING), tuple(
            wanted.owner[name] for name in ('plugin_name', 'resource_type', 'resource_id')))
        self.assertEqual([{'name': 'shop-9.shop.example.org.', 'type': 'A',
                           'records': ['203.0.113.9']}], wanted.recordsets)

    def test_one_that_is_taken_away_or_released(self):
        for event, payload in ((neutron.UPDATED, notifications.freed()),
                               (neutron.DELETED, notifications.RELEASED)):
            with self.subTest(event):
                wanted = self.handler.wanted(notifications.about(event, payload), ZONE)
                self.assertEqual((notifications.FLOATING, ()),
                                 (wanted.owner['resource_id'], wanted.recordsets))

    def test_without_templates_nothing_is_made(self):
        bare = neutron.FloatingIp('neutron_floatingip', self.section(
            'neutron_floatingip', formatv4=[]))
        with self.assertLogs('designate_like.sink.neutron', 'ERROR') as logged:
            self.assertIsNone(bare.wanted(
                notifications.about(neutron.UPDATED, notifications.UPDATED), ZONE))
        self.assertIn('has neither formatv4 nor formatv6', logged.output[0])


class LoadTest(notifications.TestCase):

    def load(self, *names: str) -> list[handler.Handler]:
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        return handler.load(conf.CONF, names)

    def test_ours(self):
        self.assertEqual([nova.Fixed, neutron.FloatingIp, fake.Fake], [
            type(each) for each in self.load('nova_fixed', 'neutron_floatingip', 'fake')])
        self.assertEqual([('nova', ['notifications']), ('neutron', ['notifications'])], [
            (each.exchange, each.topics) for each in self.load('nova_fixed',
                                                               'neutron_floatingip')])

    def test_the_events_of_fake_are_configured(self):
        section = self.section('fake', allowed_event_types=['a.b'])
        self.assertEqual((['a.b'], None), (fake.Fake('fake', section).events,
                                           fake.Fake('fake', section).zone_id))

    def test_one_that_is_not_there(self):
        with self.assertRaisesRegex(
                errors.ConfigurationError, r"^\[service:sink\] enabled_notification_handlers: "
                "'nova' is not one of fake, neutron_floatingip, nova_fixed$"):
            self.load('fake', 'nova')

    def test_one_that_was_written_for_something_else(self):
        for other in (dict, len):
            with unittest.mock.patch.object(fake, 'Fake', other), \
                    self.assertRaisesRegex(errors.ConfigurationError, 'not a subclass of'):
                self.load('fake')
