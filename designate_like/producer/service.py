# SPDX-License-Identifier: Apache-2.0
"""The producer as a service: its tasks, each in a thread of its own."""
import os

from oslo_config import cfg

from designate_like import coordination
from designate_like import errors
from designate_like import service
from designate_like.producer import exists
from designate_like.producer import orphans
from designate_like.producer import refresh
from designate_like.producer import service_statuses
from designate_like.producer import sweep
from designate_like.producer import task
from designate_like.producer import verify
from designate_like.producer import zone_purge

TASKS = (sweep.Sweep, verify.Verify, orphans.Orphans, refresh.SecondaryRefresh,
         zone_purge.ZonePurge, exists.PeriodicExists, service_statuses.CheckServiceStatus,
         service_statuses.CleanupStoppedServiceStatus)
# Tasks of older configuration files, whose work the sweeps do.
_FORMER = ('increment_serial', 'delayed_notify', 'worker_periodic_recovery')
_PATIENCE = 1       # seconds that a stop waits for the runs under way


class Producer(service.Service):
    """The role that works by the clock."""
    name = 'producer'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        """Choose the tasks.

        :raises ConfigurationError: for a name in ``enabled_tasks`` that no task has.
        """
        super().__init__(conf)
        enabled = self.options.enabled_tasks
        unknown = set(enabled or ()) - {each.name for each in TASKS} - set(_FORMER)
        if unknown:
            raise errors.ConfigurationError('[service:producer] enabled_tasks: no such task: '
                                            + ', '.join(sorted(unknown)))
        self._kinds = [each for each in TASKS if enabled is None or each.name in enabled]
        options = conf.coordination
        self._partition = coordination.Partition(
            options.backend_url, f'{conf.host}:{os.getpid()}', options.heartbeat_interval)
        self._tasks: list[task.Task] = []

    def start(self) -> None:
        """Take a share of the shards and begin to work on it."""
        super().start()
        self._partition.start()
        self._tasks = [each(self.conf, self.central, self._partition) for each in self._kinds]
        for each in self._tasks:
            each.start()

    def stop(self) -> None:
        """Give the share back."""
        for each in self._tasks:
            each.stop()
        for each in self._tasks:
            each.wait(_PATIENCE)
        self._partition.stop()
        super().stop()
