# SPDX-License-Identifier: Apache-2.0
"""What every program does around its work: a wrong setting is one clear line and exit code 1."""
import faulthandler
import gc
import sys
from collections.abc import Callable

from designate_like import conf
from designate_like import errors
from designate_like import launcher
from designate_like import service


def run(work: Callable[[], int | None], failed: int = 1) -> int:
    """Do the work; returns the exit code of the program.

    :param failed: the code when it cannot be done.
    """
    faulthandler.enable()       # Where the interpreter, or an extension of it, crashes is told.
    gc.freeze()     # What is imported stays; to look through it would hold all threads for 0.1 s.
    try:
        return work() or 0
    except errors.InvalidObject as problem:
        message = problem.sentence()
    except launcher.REFUSALS as problem:
        message = conf.located(str(problem))
    print(f'{sys.argv[0].rpartition("/")[2]}: {message}', file=sys.stderr)
    return failed


def run_role(kind: type[service.Service]) -> int:
    """Be the program of one role."""
    def work() -> int:
        loaded = conf.load(sys.argv[1:])
        kind.check(loaded)
        return launcher.launch(loaded, kind(loaded))
    return run(work)
