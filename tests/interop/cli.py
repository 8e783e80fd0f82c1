# SPDX-License-Identifier: Apache-2.0
"""The unmodified command ``openstack`` with python-designateclient, in processes of its own."""
import json
import os
import subprocess
from typing import Any

from tests import base

NO_AUTHENTICATION = ('--os-auth-type', 'none')

# Commands that print nothing, and so know no format.
_SILENT = ('dns quota reset', 'ptr record unset', 'tld delete', 'tsigkey delete',
           'zone abandon', 'zone axfr', 'zone blacklist delete', 'zone export delete',
           'zone import delete', 'zone move', 'zone share delete', 'zone transfer request delete')


class Failed(Exception):
    """The command ended with an error; its text is what it printed."""


class Cli:
    """The command, told where the service is.

    :param endpoint: the URL of the API, with or without /v2; None for that in the catalog.
    :param options: how it authenticates.
    """

    def __init__(self, endpoint: str | None, *options: str) -> None:
        self._command = [base.require('openstack'), *(options or NO_AUTHENTICATION),
                         *(('--os-endpoint', endpoint) if endpoint else ())]
        # What is set in the shell of the user is not for us, and the clients' own warnings are
        # not the service's.
        self._environment = {name: value for name, value in os.environ.items()
                             if not name.startswith('OS_') and name != 'PYTHONWARNINGS'}

    def __call__(self, command: str, *more: str) -> Any:
        """Run a command, and return the document that it prints, None for none.

        :param command: words that stand between blanks.
        :param more: words as they are.
        :raises Failed: when it ends with another code than 0.
        """
        words = [*command.split(), *more]
        silent = command.startswith(_SILENT)
        ended = subprocess.run([*self._command, *words, *(() if silent else ('-f', 'json'))],
                               env=self._environment, stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=60, check=False)
        if ended.returncode:
            if ended.returncode != 1 or ended.stdout:
                raise AssertionError(f'{command}: {ended}')
            raise Failed(ended.stderr.strip())
        if ended.stderr:
            raise AssertionError(f'{command}: {ended.stderr}')
        return json.loads(ended.stdout) if ended.stdout else None
