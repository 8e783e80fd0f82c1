# SPDX-License-Identifier: Apache-2.0
"""A timed task: an interval, and one call to central for a share of the shards."""
import logging
import threading

from oslo_config import cfg

from designate_like import context
from designate_like import coordination
from designate_like import errors
from designate_like import rpc

LOG = logging.getLogger(__name__)


class Task:
    """The base of all tasks; a subclass says what its one call is.

    ``name`` is that of its section, ``[producer_task:name]``; ``interval`` is in seconds.
    """
    name: str

    def __init__(self, conf: cfg.ConfigOpts, central: rpc.Client,
                 partition: coordination.Partition) -> None:
        self.options = conf[f'producer_task:{self.name}']
        self.interval = self.options.interval
        self._central = central
        self._partition = partition
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=f'task-{self.name}', daemon=True)

    def run(self, ctx: context.RequestContext, central: rpc.Client, shards: range) -> None:
        """Do the task once."""
        raise NotImplementedError

    def start(self) -> None:
        """Run for the first time at once, then every ``interval``."""
        self._thread.start()

    def stop(self) -> None:
        """Stop between two runs."""
        self._stopping.set()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the run under way, at most so long."""
        self._thread.join(seconds)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run(context.admin(), self._central, self._partition.shards())
            except errors.Error as problem:
                LOG.warning('Task %s waits for its next turn: %s', self.name, problem.message)
            except Exception:
                LOG.exception('Task %s failed', self.name)
            self._stopping.wait(self.interval)
