# SPDX-License-Identifier: Apache-2.0
"""The unmodified command ``openstack`` with python-designateclient, in processes of its own."""
import atexit
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from typing import Any

from tests import base

NO_AUTHENTICATION = ('--os-auth-type', 'none')

# Commands that print nothing, and so know no format.
_SILENT = ('dns quota reset', 'ptr record unset', 'tld delete', 'tsigkey delete',
           'zone abandon', 'zone axfr', 'zone blacklist delete', 'zone export delete',
           'zone import delete', 'zone move', 'zone share delete', 'zone transfer request delete')


class Failed(Exception):
    """The command ended with an error; its text is what it printed."""


class Shell:
    """What runs commands; the same for all tests of a process."""

    def __init__(self) -> None:
        base.require('openstack')
        self._lock = threading.Lock()
        self._directory = tempfile.TemporaryDirectory(prefix='openstack-')
        self._files = [pathlib.Path(self._directory.name, name) for name in ('out', 'err')]
        # What is set in the shell of the user is not for us, and the clients' own warnings are
        # not the service's.
        self._process = subprocess.Popen(
            [sys.executable, '-m', 'tests.interop.shell'], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, cwd=pathlib.Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items()
                 if not name.startswith('OS_') and name != 'PYTHONWARNINGS'})

    def run(self, words: list[str]) -> tuple[int, str, str]:
        """Run a command; returns its exit code and what it wrote to stdout and stderr."""
        with self._lock:
            for each in self._files:
                each.write_text('')
            self._process.stdin.write(json.dumps([words, *map(str, self._files)]) + '\n')
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, *(each.read_text() for each in self._files)

    def end(self) -> None:
        """Run no more."""
        self._process.kill()
        self._process.communicate()
        self._directory.cleanup()


@functools.cache
def shell() -> Shell:
    """The shell of this process."""
    made = Shell()
    atexit.register(made.end)
    return made


class Cli:
    """The command, told where the service is.

    :param endpoint: the URL of the API, with or without /v2; None for that in the catalog.
    :param options: how it authenticates.
    """

    def __init__(self, endpoint: str | None, *options: str) -> None:
        self._options = [*(options or NO_AUTHENTICATION),
                         *(('--os-endpoint', endpoint) if endpoint else ())]

    def __call__(self, command: str, *more: str) -> Any:
        """Run a command, and return the document that it prints, None for none.

        :param command: words that stand between blanks.
        :param more: words as they are.
        :raises Failed: when it ends with another code than 0.
        """
        words = [*command.split(), *more]
        silent = command.startswith(_SILENT)
        code, output, errors = shell().run(
            [*self._options, *words, *(() if silent else ('-f', 'json'))])
        if code:
            if code != 1 or output:
                raise AssertionError(f'{command}: {code} {output} {errors}')
            raise Failed(errors.strip())
        if errors:
            raise AssertionError(f'{command}: {errors}')
        return json.loads(output) if output else None
