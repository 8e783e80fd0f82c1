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


class Troubles:
    """What keeps tasks from their work now; several have the same when central is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present: set[str] = set()

    def begin(self, trouble: str) -> bool:
        """Note one; returns whether it is new."""
        with self._lock:
            known = trouble in self._present
            self._present.add(trouble)
            return not known

    def end(self, troubles: set[str]) -> set[str]:
        """Forget some, as a task that had them works again; returns those that were there."""
        with self._lock:
            ended = troubles & self._present
            self._present -= troubles
            return ended


class Task:
    """The base of all tasks; a subclass says what its one call is.

    ``name`` is that of its section, ``[producer_task:name]``; ``interval`` is in seconds. The
    tasks of a producer share ``troubles``, so that the log tells once of what all of them have.
    """
    name: str

    def __init__(self, conf: cfg.ConfigOpts, central: rpc.Client,
                 partition: coordination.Partition, troubles: Troubles) -> None:
        self.options = conf[f'producer_task:{self.name}']
        self.interval = self.options.interval
        self._central = central
        self._partition = partition
        self._troubles = troubles
        self._had: set[str] = set()     # Its own, since it worked last.
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
        pause, failed = 0.0, False
        while not self._stopping.wait(pause):
            before, failed = failed, not self._try()
            soon = 2 * pause if before else _SOON
            pause = min(soon, self.interval) if failed else self.interval

    def _try(self) -> bool:
        """Run once; returns whether it went well, and logs what did not unless that is known."""
        try:
            self.run(context.admin(), self._central, self._partition.shards())
        except errors.Error as problem:
            if self._is_news(problem.message):
                LOG.warning('Task %s fails, and is tried again: %s', self.name, problem.message)
            return False
        except Exception as problem:
            if self._is_news(repr(problem)):
                LOG.exception('Task %s fails, and is tried again', self.name)
            return False
        if ended := self._troubles.end(self._had):
            LOG.warning('Task %s works again; it failed: %s', self.name, '; '.join(sorted(ended)))
        self._had = set()
        return True

    def _is_news(self, trouble: str) -> bool:
        self._had.add(trouble)
        return self._troubles.begin(trouble)
