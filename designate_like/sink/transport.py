# SPDX-License-Identifier: Apache-2.0
"""Connecting to the bus on which other services publish.

Queues and exchanges there are declared by publishers and listeners alike, and RabbitMQ refuses
whoever declares one in another way than it is (406 PRECONDITION_FAILED). So what the sink
declares is what oslo.messaging makes by default, as it does in those services, and not the
quorum queues that our own calls use; an operator who sets ``rabbit_quorum_queue``, in the
section or in the query of the URL, means the notifications' queues as well.
"""
from oslo_config import cfg
import oslo_messaging
from oslo_messaging import opts

_NOTIFICATIONS, _RABBIT = 'oslo_messaging_notifications', 'oslo_messaging_rabbit'


def get(conf: cfg.ConfigOpts, at_once: int) -> oslo_messaging.Transport:
    """Connect, where [oslo_messaging_notifications] or else [DEFAULT] transport_url says.

    :param at_once: how many messages the broker hands over before one of them is acknowledged.
    """
    known = dict(opts.list_opts())
    conf.register_opts(known[_NOTIFICATIONS], _NOTIFICATIONS)
    url = oslo_messaging.TransportURL.parse(conf, conf[_NOTIFICATIONS].transport_url)
    if url.transport.startswith(('rabbit', 'kombu')):
        conf.register_opts(known[_RABBIT], _RABBIT)
        queues = {'rabbit_qos_prefetch_count': str(at_once), 'rabbit_quorum_queue': 'false'}
        for name, value in queues.items():
            if not conf.get_location(name, _RABBIT).location.is_user_controlled:
                url.query.setdefault(name, value)
    return oslo_messaging.get_notification_transport(conf, url)
