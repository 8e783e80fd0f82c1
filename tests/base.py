# SPDX-License-Identifier: Apache-2.0
"""The class every test derives from, and the ways tests wait and ask for real programs.

In a test every warning is an error, and so is an exception that ends a thread.
"""
import os
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import unittest
import warnings
from collections.abc import Callable
from typing import TypeVar

import hypothesis

# The Debian package that has each program, for the sentence a person reads when it is missing.
PACKAGES = {
    'ansible-playbook': 'ansible',
    'apache2': 'apache2',
    'dig': 'bind9-dnsutils',
    'dnsperf': 'dnsperf',
    'epmd': 'erlang-base',
    'etcd': 'etcd-server',
    'haproxy': 'haproxy',
    'ip': 'iproute2',
    'kdig': 'knot-dnsutils',
    'keystone-manage': 'keystone',
    'knotc': 'knot',
    'knotd': 'knot',
    'mariadb': 'mariadb-client',
    'mariadb-install-db': 'mariadb-server',
    'mariadbd': 'mariadb-server',
    'named': 'bind9',
    'named-checkconf': 'bind9-utils',
    'named-checkzone': 'bind9-utils',
    'nft': 'nftables',
    'nsd-checkconf': 'nsd',
    'nsd-control': 'nsd',
    'nsd-control-setup': 'nsd',
    'pdns_server': 'pdns-server',
    'rabbitmq-server': 'rabbitmq-server',
    'redis-server': 'redis-server',
    'rndc': 'bind9-utils',
    'systemd-analyze': 'systemd',
    'rndc-confgen': 'bind9-utils',
}

# Warnings of other people's code that we cannot cause to end: category, start of the message.
UNAVOIDABLE: tuple[tuple[type[Warning], str], ...] = ()

T = TypeVar('T')

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile(
    'tests', deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile('tests')


def require(program: str) -> str:
    """Return the path of a program that a test runs.

    It is looked for beside the Python interpreter, in PATH, and where Debian keeps servers.

    :raises unittest.SkipTest: when it is missing.
    :raises AssertionError: when it is missing and ``CI=true``.
    """
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ.get('PATH', ''),
                            '/usr/sbin', '/sbin'])
    found = shutil.which(program, path=path)
    if found:
        return found
    raise _missing(program, PACKAGES.get(program, program))


def require_file(path: str, package: str) -> pathlib.Path:
    """Return the path of a file that a test reads.

    :param package: the Debian package that has it.
    :raises unittest.SkipTest: when it is missing.
    :raises AssertionError: when it is missing and ``CI=true``.
    """
    found = pathlib.Path(path)
    if found.exists():
        return found
    raise _missing(path, package)


def _missing(what: str, package: str) -> Exception:
    sentence = f'{what} is not installed; it is in the Debian package {package}'
    if os.environ.get('CI') == 'true':
        return AssertionError(sentence)
    return unittest.SkipTest(sentence)


def wait(condition: Callable[[], T], timeout: float = 10, pause: float = 0.005) -> T:
    """Call ``condition`` until what it returns is true, and return that.

    :param timeout: seconds after which the test fails.
    :param pause: seconds between two calls.
    :raises AssertionError: when the time is up; the last value is in the message.
    """
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f'not so within {timeout} seconds; last seen: {value!r}')
        time.sleep(pause)


class TestCase(unittest.TestCase):
    """A test in which nothing is overlooked."""
    maxDiff = None      # A log that should be empty is shown whole.

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(warnings.catch_warnings())
        warnings.simplefilter('error')
        for category, message in UNAVOIDABLE:
            warnings.filterwarnings('ignore', message, category)
        self._watch_threads()

    def _watch_threads(self) -> None:
        """Fail the test when a thread ends with an exception that nobody caught."""
        ended: list[str] = []

        def note(what: threading.ExceptHookArgs) -> None:
            ended.append(f'{what.thread and what.thread.name}: {what.exc_value!r}')
            before(what)

        before, threading.excepthook = threading.excepthook, note
        # Cleanups run last in, first out: whatever the test starts is stopped before this.
        self.addCleanup(lambda: self.assertEqual([], ended, 'threads ended with an exception'))
        self.addCleanup(setattr, threading, 'excepthook', before)

    def directory(self) -> pathlib.Path:
        """Return a new directory that is gone after the test."""
        return pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
