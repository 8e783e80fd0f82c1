# SPDX-License-Identifier: Apache-2.0
"""All sections in reading order, for registration and for oslo-config-generator."""
from oslo_config import cfg

from designate_like.conf import api
from designate_like.conf import base
from designate_like.conf import central
from designate_like.conf import coordination
from designate_like.conf import heartbeat
from designate_like.conf import keystone
from designate_like.conf import mdns
from designate_like.conf import metrics
from designate_like.conf import network
from designate_like.conf import producer
from designate_like.conf import quota
from designate_like.conf import sink
from designate_like.conf import storage
from designate_like.conf import worker

SECTIONS = (base, quota, api, central, worker, producer, mdns, sink, storage, coordination,
            heartbeat, keystone, network, metrics)


def list_opts() -> list[tuple[cfg.OptGroup | str | None, list[cfg.Opt]]]:
    """Return (group, options) of every section; group None is [DEFAULT]."""
    return [pair for section in SECTIONS for pair in section.list_opts()]
