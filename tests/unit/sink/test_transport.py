# SPDX-License-Identifier: Apache-2.0
"""How the sink's queues are declared, whatever those of our own calls are like."""
from unittest import mock

import oslo_messaging
from oslo_messaging import opts

from designate_like import conf
from designate_like.sink import transport
from tests import base

RABBIT, NOTIFICATIONS = 'oslo_messaging_rabbit', 'oslo_messaging_notifications'


class TransportTest(base.TestCase):

    def query(self, text: str) -> dict[str, str]:
        """What the URL says with these lines of configuration."""
        file = self.directory() / 'designate_like.conf'
        file.write_text(text)
        conf.CONF(['--config-file', str(file)], project=conf.PROJECT)
        self.addCleanup(conf.CONF.reset)
        conf.CONF.register_opts(dict(opts.list_opts())[RABBIT], RABBIT)
        conf.CONF.set_default('rabbit_quorum_queue', True, RABBIT)
        self.addCleanup(conf.CONF.clear_default, 'rabbit_quorum_queue', RABBIT)
        with mock.patch.object(oslo_messaging, 'get_notification_transport') as made:
            transport.get(conf.CONF, 7)
        return made.call_args.args[1].query

    def test_our_quorum_queues_are_not_for_notifications(self):
        self.assertEqual(
            {'rabbit_qos_prefetch_count': '7', 'rabbit_quorum_queue': 'false'},
            self.query('[DEFAULT]\ntransport_url = rabbit://a:b@192.0.2.1:5672//\n'))

    def test_what_the_operator_says_holds(self):
        self.assertEqual(
            {'rabbit_qos_prefetch_count': '7'},
            self.query('[DEFAULT]\ntransport_url = rabbit://a:b@192.0.2.1:5672//\n'
                       f'[{RABBIT}]\nrabbit_quorum_queue = true\n'))
        self.assertEqual(
            {'rabbit_qos_prefetch_count': '9', 'rabbit_quorum_queue': 'true'},
            self.query(f'[{NOTIFICATIONS}]\ntransport_url = rabbit://a:b@192.0.2.1:5672/?'
                       'rabbit_quorum_queue=true&rabbit_qos_prefetch_count=9\n'))

    def test_another_kind_of_bus(self):
        self.assertEqual({}, self.query('[DEFAULT]\ntransport_url = inproc:///x\n'))
