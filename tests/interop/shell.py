# SPDX-License-Identifier: Apache-2.0
"""The command ``openstack`` without its second of imports: one process has made them, and forks.

It reads a line of JSON for each command, ``[words, file for stdout, file for stderr]``, has a
process of its own run what the script ``openstack`` runs, and writes the exit code as a line.
"""
import gc
import importlib
import importlib.metadata
import json
import os
import signal
import sys

from cliff import command
from openstackclient import shell

# Beginnings of the groups of entry points that the command looks through.
_GROUPS = ('openstack.', 'cliff.formatter.', 'keystoneauth1.')
_LONGEST = 60       # seconds that a command may take


def serve() -> None:
    """Run commands until there are no more."""
    found = importlib.metadata.entry_points()
    for group in found.groups:
        if group.startswith(_GROUPS):
            for each in found.select(group=group):
                importlib.import_module(each.module)
    command._get_distributions_by_modules()         # It is kept, and takes a tenth of a second.
    gc.freeze()
    for line in sys.stdin:
        words, *files = json.loads(line)
        child = os.fork()
        if not child:
            _become(words, files)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(words: list[str], files: list[str]) -> None:
    """Be the command, and end as it does."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY), number)
    signal.alarm(_LONGEST)
    sys.argv = ['openstack', *words]
    try:
        code = shell.main()
    except SystemExit as ended:         # As it does where words are wrong.
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)      # To take all apart first would last longer than the command.


if __name__ == '__main__':
    serve()
