# SPDX-License-Identifier: Apache-2.0
"""Notifications as Nova and Neutron send them, and the sections of handlers."""
import copy
from typing import Any

from oslo_config import cfg

from designate_like import conf
from designate_like.sink import handler
from tests import base

INSTANCE = '11111111-1111-4111-8111-111111111111'
FLOATING = '22222222-2222-4222-8222-222222222222'
ZONE_ID = '33333333-3333-4333-8333-333333333333'

CONTEXT = {'user_id': 'ab12', 'project_id': 'f00d', 'project_name': 'shop', 'is_admin': False,
           'request_id': 'req-1'}

CREATED = {
    'state_description': '', 'availability_zone': 'nova', 'terminated_at': '',
    'ephemeral_gb': 0, 'instance_type_id': 2, 'deleted_at': '', 'fixed_ips': [
        {'version': 4, 'vif_mac': 'fa:16:3e:00:00:01', 'floating_ips': [], 'label': 'private',
         'meta': {}, 'address': '10.1.2.3', 'type': 'fixed'},
        {'version': 6, 'vif_mac': 'fa:16:3e:00:00:01', 'floating_ips': [], 'label': 'private6',
         'meta': {}, 'address': 'fd00:a::b:c', 'type': 'fixed'}],
    'instance_id': INSTANCE, 'display_name': 'My server', 'hostname': 'my-server',
    'reservation_id': 'r-1', 'state': 'active', 'launched_at': '2026-11-21T02:00:00.000000',
    'metadata': {}, 'node': 'compute1', 'ramdisk_id': '', 'access_ip_v6': None, 'disk_gb': 1,
    'access_ip_v4': None, 'kernel_id': '', 'host': 'compute1', 'user_id': 'ab12',
    'image_ref_url': 'http://192.0.2.7/images/1', 'cell_name': '', 'tenant_id': 'f00d',
    'instance_type': 'm1.tiny', 'vcpus': 1, 'memory_mb': 512, 'message': 'Success'}
DELETED = {**CREATED, 'fixed_ips': [], 'state': 'active'}

UPDATED = {'floatingip': {
    'id': FLOATING, 'tenant_id': 'f00d', 'floating_ip_address': '203.0.113.9',
    'floating_network_id': '5', 'router_id': '6', 'port_id': '7', 'fixed_ip_address': '10.1.2.3',
    'status': 'DOWN', 'description': '', 'dns_domain': '', 'dns_name': 'shop', 'tags': [],
    'project_id': 'f00d', 'revision_number': 2}}
RELEASED = {'floatingip_id': FLOATING}


def freed() -> dict[str, Any]:
    """What Neutron says when a floating IP is taken from its port."""
    payload = copy.deepcopy(UPDATED)
    payload['floatingip'].update(fixed_ip_address=None, port_id=None, router_id=None)
    return payload


def about(event: str, payload: dict[str, Any]) -> handler.Notification:
    return handler.Notification(event, CONTEXT, payload)


class TestCase(base.TestCase):

    def section(self, name: str, **options: Any) -> cfg.ConfigOpts.GroupAttr:
        """The section of a handler, with these options set."""
        group = f'handler:{name}'
        conf.CONF([], project=conf.PROJECT, default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        for option, value in options.items():
            conf.CONF.set_override(option, value, group)
            self.addCleanup(conf.CONF.clear_override, option, group)
        return conf.CONF[group]
