# SPDX-License-Identifier: Apache-2.0
"""Central as a service: its endpoints on the bus, over one database."""
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg

from designate_like import policy
from designate_like import service
from designate_like import store
from designate_like.central import blacklists
from designate_like.central import endpoint
from designate_like.central import limits
from designate_like.central import pools
from designate_like.central import quotas
from designate_like.central import recordsets
from designate_like.central import service_statuses
from designate_like.central import tlds
from designate_like.central import tsigkeys
from designate_like.central import upkeep
from designate_like.central import zones

ENDPOINTS = (zones.Zones, upkeep.Upkeep, recordsets.Recordsets, pools.Pools, quotas.Quotas,
             limits.Limits, service_statuses.ServiceStatuses, tlds.Tlds, blacklists.Blacklists,
             tsigkeys.Tsigkeys)


class Central(service.Service):
    """The role that owns the database."""
    name = 'central'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        super().__init__(conf)
        self._store: store.Store

    def endpoints(self) -> Sequence[Any]:
        """One endpoint per noun."""
        with_ = endpoint.Collaborators(self.conf, self._store, self.client('worker'))
        return [each(with_) for each in ENDPOINTS]

    def start(self) -> None:
        """Open the database, read the policy, take calls."""
        policy.init(self.conf)
        self._store = store.Store.from_conf(self.conf)
        super().start()

    def stop(self) -> None:
        """Finish what was taken, then close the database."""
        super().stop()
        self._store.dispose()
