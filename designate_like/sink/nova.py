# SPDX-License-Identifier: Apache-2.0
"""nova_fixed: the fixed addresses of an instance, from its creation to its deletion."""
from oslo_config import cfg

from designate_like.conf import sink as options
from designate_like.sink import handler
from designate_like.sink import names

CREATED = 'compute.instance.create.end'
DELETED = 'compute.instance.delete.start'


class Fixed(handler.Handler):
    """A and AAAA records of instances."""
    events = (CREATED, DELETED)
    resource_type = 'instance'
    OPTIONS = options.NOVA_FIXED

    def __init__(self, name: str, section: cfg.ConfigOpts.GroupAttr) -> None:
        super().__init__(name, section)
        self._names = names.Names(name, section, ('%(hostname)s.%(zone)s',))

    def wanted(self, notification: handler.Notification, zone: str) -> handler.Wanted:
        """One record for each address and template; none any more when the instance goes."""
        payload = notification.payload
        owner = self.owner(payload['instance_id'], payload.get('tenant_id'))
        if notification.event == DELETED:
            return handler.Wanted(owner)
        return handler.Wanted(owner, self._names.recordsets(
            payload, zone, notification.context.get('project_name'),
            [(each['address'], {'label': each.get('label')}) for each in payload['fixed_ips']]))
