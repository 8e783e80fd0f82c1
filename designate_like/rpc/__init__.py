# SPDX-License-Identifier: Apache-2.0
"""The message bus: one door to oslo.messaging for all roles.

A role is called through a :class:`client.Client`, offers its endpoints with a
:class:`server.Server`, and what travels between them is made by :mod:`serializer`.
``inproc://`` is the bus inside one process (:mod:`inproc`), ``rabbit://`` the one between
machines. Every method has version 1.0 until one changes; the namespace is the noun.
"""
from oslo_config import cfg
import oslo_messaging

from designate_like import conf as configuration
from designate_like import errors
from designate_like.rpc import rabbit
from designate_like.rpc.client import Client
from designate_like.rpc.server import Server

__all__ = ('Client', 'Server', 'check', 'get_transport', 'set_transport_url')

# Where the service publishes; consumers of its notifications know the name.
oslo_messaging.set_transport_defaults('designate')


def get_transport(conf: cfg.ConfigOpts) -> oslo_messaging.Transport:
    """Connect to the bus that ``transport_url`` names; never before a fork."""
    url = rabbit.with_defaults(conf, oslo_messaging.TransportURL.parse(conf), rabbit.DEFAULTS)
    return oslo_messaging.get_rpc_transport(
        conf, url, allowed_remote_exmods=['designate_like.errors', *conf.allowed_remote_exmods])


def check(conf: cfg.ConfigOpts) -> None:
    """Refuse a ``transport_url`` that names no bus, and queues of two kinds, without connecting.

    :raises ConfigurationError: naming the option and what is wrong with it.
    """
    try:
        get_transport(conf).cleanup()
    except (oslo_messaging.InvalidTransportURL, oslo_messaging.DriverLoadFailure,
            ValueError) as problem:
        raise errors.ConfigurationError(
            f"{configuration.place(conf, 'transport_url')}: {problem}") from problem
    url = oslo_messaging.TransportURL.parse(conf)
    if url.transport.startswith('rabbit') and rabbit.is_on(conf, url, 'rabbit_ha_queues') \
            and any(rabbit.is_on(conf, url, name) for name in rabbit.QUORUM
                    if rabbit.is_said(conf, url, name)):
        raise errors.ConfigurationError(
            f"{configuration.place(conf, 'rabbit_ha_queues', rabbit.GROUP)}: a queue is either "
            f"mirrored or a quorum queue; take out {', '.join(rabbit.QUORUM)}, or this")


def set_transport_url(conf: cfg.ConfigOpts, url: str) -> None:
    """Use this bus whatever the configuration files say."""
    oslo_messaging.TransportURL.parse(conf, 'inproc://')    # Registers the option.
    conf.set_override('transport_url', url)
