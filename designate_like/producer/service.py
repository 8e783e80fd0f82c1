# SPDX-License-Identifier: Apache-2.0
"""The producer as a service: its tasks, each in a thread of its own."""
import datetime
import os
import time
from collections.abc import Sequence

from oslo_config import cfg
from oslo_utils import timeutils

from designate_like import conf as configuration
from designate_like import context
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
_HEARD = 3          # heartbeats after which a silent producer counts as gone
_SOON = 5           # seconds that a question about others may take
_PATIENCE = 1       # seconds that a stop waits for the runs under way


class Producer(service.Service):
    """The role that works by the clock."""
    name = 'producer'

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        super().__init__(conf)
        self._partition: coordination.Partition | None = None
        self._tasks: list[task.Task] = []

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Several processes need something that divides the zones over them."""
        super().check(conf, wait)
        chosen(conf['service:producer'].enabled_tasks)
        try:
            coordination.check(conf.coordination.backend_url)
        except errors.ConfigurationError as problem:
            place = configuration.place(conf, 'backend_url', 'coordination')
            raise errors.ConfigurationError(f'{place}: {problem}') from problem
        if (conf['service:producer'].workers or 1) > 1 and not conf.coordination.backend_url:
            raise errors.ConfigurationError(
                '[service:producer] workers: more than one needs [coordination] backend_url')

    def start(self) -> None:
        """Take a share of the shards and begin to work on it."""
        kinds, options = chosen(self.options.enabled_tasks), self.conf.coordination
        super().start()
        self._partition = coordination.Partition(
            options.backend_url, f'{self.conf.host}:{os.getpid()}', options.heartbeat_interval,
            self._others)
        self._partition.start()
        troubles = task.Troubles()
        self._tasks = [each(self.conf, self.central, self._partition, troubles) for each in kinds]
        for each in self._tasks:
            each.start()

    def stop(self) -> None:
        """Give the share back."""
        for each in self._tasks:
            each.stop()
        deadline = time.monotonic() + _PATIENCE
        for each in self._tasks:
            each.wait(max(0, deadline - time.monotonic()))
        if self._partition is not None:
            self._partition.stop()
        super().stop()

    def _others(self) -> list[str]:
        """The other hosts on which a producer was heard of lately."""
        listed = self.client('central', _SOON).service_statuses.find(
            context.admin(), filters={'service_name': self.name, 'status': 'UP'}, marker=None,
            limit=1000, sort_key='created_at', sort_dir='asc')
        lately = timeutils.utcnow(with_timezone=False) - datetime.timedelta(
            seconds=_HEARD * self.conf.heartbeat_emitter.heartbeat_interval)
        return sorted(each.hostname for each in listed['items']
                      if each.hostname != self.conf.host and each.heartbeated_at > lately)


def chosen(names: Sequence[str] | None) -> list[type[task.Task]]:
    """The tasks of these names; all of them for None.

    :raises ConfigurationError: for a name that no task has.
    """
    unknown = set(names or ()) - {each.name for each in TASKS} - set(_FORMER)
    if unknown:
        raise errors.ConfigurationError('[service:producer] enabled_tasks: no such task: '
                                        + ', '.join(sorted(unknown)))
    return [each for each in TASKS if names is None or each.name in names]
