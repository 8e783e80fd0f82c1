# SPDX-License-Identifier: Apache-2.0
"""Central as a service: its endpoints on the bus, over one database."""
import concurrent.futures
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg

from designate_like import metrics
from designate_like import notifications
from designate_like import policy
from designate_like import service
from designate_like import store
from designate_like.central import blacklists
from designate_like.central import endpoint
from designate_like.central import floatingips
from designate_like.central import guardian
from designate_like.central import health
from designate_like.central import inbound
from designate_like.central import limits
from designate_like.central import managed
from designate_like.central import network
from designate_like.central import orphans
from designate_like.central import pools
from designate_like.central import propagation
from designate_like.central import quotas
from designate_like.central import recordsets
from designate_like.central import reports
from designate_like.central import scheduler
from designate_like.central import service_statuses
from designate_like.central import shared_zones
from designate_like.central import tlds
from designate_like.central import tsigkeys
from designate_like.central import upkeep
from designate_like.central import worker
from designate_like.central import zone_exports
from designate_like.central import zone_imports
from designate_like.central import zone_tasks
from designate_like.central import zone_transfer_accepts
from designate_like.central import zone_transfer_requests
from designate_like.central import zones

ENDPOINTS = (zones.Zones, upkeep.Upkeep, propagation.Propagation, guardian.Guardian,
             orphans.Orphans, inbound.Inbound, zone_imports.ZoneImports, zone_exports.ZoneExports,
             recordsets.Recordsets, managed.Managed, pools.Pools, quotas.Quotas, limits.Limits,
             service_statuses.ServiceStatuses, tlds.Tlds, blacklists.Blacklists, tsigkeys.Tsigkeys,
             shared_zones.SharedZones, zone_tasks.ZoneTasks,
             zone_transfer_requests.ZoneTransferRequests,
             zone_transfer_accepts.ZoneTransferAccepts, reports.Reports, floatingips.Floatingips,
             health.Health)

# Imports that are worked on at the same time. Python runs one at a time; a small one should not
# wait for a large one.
_AT_ONCE = 2


class Central(service.Service):
    """The role that owns the database."""
    name = 'central'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        super().__init__(conf)
        self._store: store.Store
        self._worker: worker.Worker
        self._publisher: notifications.Publisher
        self._background: concurrent.futures.Executor

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Load what the options name, then look at the database; it must be migrated."""
        super().check(conf, wait)
        policy.init(conf)
        options = conf['service:central']
        scheduler.Scheduler(options.scheduler_filters, options.default_pool_id)
        network.from_conf(conf)
        notifications.check(conf)
        store.await_current(conf, wait)

    def gauges(self) -> Iterator[Any]:
        """How many zones there are of each status."""
        with self._store.read() as tx:
            yield metrics.family('zones', 'Zones by status', 'status', store.reports.census(tx))

    def endpoints(self) -> Sequence[Any]:
        """One endpoint per noun."""
        self._worker = worker.Worker(self.client('worker'))
        self._opened.callback(self._worker.stop)
        with_ = endpoint.Collaborators(
            self.conf, self._store, self._worker,
            notifications.Changes(self.conf, self._publisher), self._background)
        return [each(with_) for each in ENDPOINTS]

    def start(self) -> None:
        """Open the database, read the policy, take calls."""
        policy.init(self.conf)
        self._store = store.Store.from_conf(self.conf)
        self._opened.callback(self._store.dispose)
        self._publisher = notifications.Publisher(self.conf, self.name)
        self._opened.callback(self._publisher.stop)
        self._background = concurrent.futures.ThreadPoolExecutor(_AT_ONCE, 'background')
        # Others find what has not begun.
        self._opened.callback(self._background.shutdown, cancel_futures=True)
        super().start()

    def stop(self) -> None:
        """Finish what was taken, then close the database."""
        super().stop()
        self._opened.close()
