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

_SOON = 1       # seconds after which a run that failed is repeated; they double each time


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
        """Run for the first time at once, then every ``interval``, or sooner after a failure."""
        self._thread.start()

    def stop(self) -> None:
        """Stop between two runs."""
        self._stopping.set()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the run under way, at most so long."""
        self._thread.join(seconds)

    def _loop(self) -> None:
        pause, problem = 0.0, ''
        while not self._stopping.wait(pause):
            known, problem = problem, self._try(problem)
            soon = 2 * pause if known else _SOON
            pause = min(soon, self.interval) if problem else self.interval

    def _try(self, known: str) -> str:
        """Run once; returns what went wrong, and logs that unless it is known."""
        try:
            self.run(context.admin(), self._central, self._partition.shards())
        except errors.Error as problem:
            if problem.message != known:
                LOG.warning('Task %s fails, and is tried again: %s', self.name, problem.message)
            return problem.message
        except Exception as problem:
            if repr(problem) != known:
                LOG.exception('Task %s fails, and is tried again', self.name)
            return repr(problem)
        if known:
            LOG.warning('Task %s works again', self.name)
        return ''
