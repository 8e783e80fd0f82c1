# SPDX-License-Identifier: Apache-2.0
"""What every program does around its work: a wrong setting is one clear line and exit code 1."""
import sys
from collections.abc import Callable

from oslo_config import cfg

from designate_like import conf
from designate_like import errors
from designate_like import service


def run(work: Callable[[], int | None], failed: int = 1) -> int:
    """Do the work; returns the exit code of the program.

    :param failed: the code when it cannot be done.
    """
    try:
        return work() or 0
    except errors.InvalidObject as problem:
        message = problem.sentence()
    except (errors.Error, cfg.Error, OSError) as problem:
        message = conf.located(str(problem))
    print(f'{sys.argv[0].rpartition("/")[2]}: {message}', file=sys.stderr)
    return failed


def run_role(kind: type[service.Service]) -> int:
    """Be the program of one role."""
    def work() -> int:
        loaded = conf.load(sys.argv[1:])
        kind.check(loaded)
        return service.launch(loaded, kind(loaded))
    return run(work)
