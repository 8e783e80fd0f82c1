# SPDX-License-Identifier: Apache-2.0
"""neutron_floatingip: the address of a floating IP, while it is associated."""
import logging

from oslo_config import cfg

from designate_like.conf import sink as options
from designate_like.sink import handler
from designate_like.sink import names

LOG = logging.getLogger(__name__)

UPDATED = 'floatingip.update.end'
DELETED = 'floatingip.delete.start'


class FloatingIp(handler.Handler):
    """A and AAAA records of floating IPs; Neutron tells no host name to make theirs of."""
    events = (UPDATED, DELETED)
    resource_type = 'floatingip'
    OPTIONS = options.NEUTRON_FLOATINGIP

    def __init__(self, name: str, section: cfg.ConfigOpts.GroupAttr) -> None:
        super().__init__(name, section)
        self._names = names.Names(name, section)

    def wanted(self, notification: handler.Notification, zone: str) -> handler.Wanted | None:
        """One record for each template while there is a fixed address behind it, else none."""
        payload = notification.payload
        if notification.event == DELETED:
            return handler.Wanted(self.owner(payload['floatingip_id']))
        lent = payload['floatingip']
        owner = self.owner(lent['id'], lent.get('tenant_id'))
        if not lent['fixed_ip_address']:
            return handler.Wanted(owner)
        if not self._names.any:
            LOG.error('[handler:%s] has neither formatv4 nor formatv6: no record is made for %s',
                      self.name, lent['floating_ip_address'])
            return None
        return handler.Wanted(owner, self._names.recordsets(
            lent, zone, notification.context.get('project_name'),
            [(lent['floating_ip_address'], {})]))
