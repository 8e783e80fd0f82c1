# SPDX-License-Identifier: Apache-2.0
"""Knot DNS: zones are added and removed at run time with knotc, in its configuration database.

Such changes are made in a transaction, of which knotd has only one at a time for everybody. So
those that wait for it go together into the next one.
"""
import collections
import contextlib
import logging
import random
import re
import subprocess
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from designate_like import errors
from designate_like import resources
from designate_like.backends import base

LOG = logging.getLogger(__name__)

# Seconds to wait for the end of somebody else's transaction before the call fails; the worker
# tries again. The pauses between are of random length, up to so many seconds.
PATIENCE = 3.0
PAUSE = 0.05

# Seconds that knotc may take for itself, besides its wait for knotd.
GRACE = 1.0

# Seconds after which an open transaction to which nothing is added is taken for that of a
# program that was killed, and aborted: it would keep everybody out for ever.
ABANDONED = 30.0

_MASTERS = re.compile(r'^zone\[(.+)\]\.master = (.*)$', re.MULTILINE)


class Sighting(NamedTuple):
    """Somebody else's transaction: what it holds, and between which times it was seen so."""
    content: str
    since: float
    last: float


class Change:
    """What is to be done with a zone in a transaction, and how that ended.

    :param steps: the commands for it.
    """

    def __init__(self, steps: Callable[[resources.Zone], None], zone: resources.Zone) -> None:
        self.steps = steps
        self.zone = zone
        self.error: errors.BackendError | None = errors.BackendError('knotc: not done')


class Knot(base.Backend):
    """A knotd that is told by knotc."""

    OPTIONS = {**base.Backend.OPTIONS, 'knotc_bin_path': 'knotc', 'socket': '', 'timeout': '10',
               'template': '', 'tsigkey_name': ''}

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        self._timeout = self.number('timeout')
        self._program = [self.options['knotc_bin_path'], '-t', str(self._timeout)]
        if self.options['socket']:
            self._program += ['-s', self.options['socket']]
        self._key = self.options['tsigkey_name']
        suffix = f'-{self._key}' if self._key else ''
        # By the ids of the remotes that are made for them, others for each key.
        self._masters = {f'designate_like-{host}-{port}{suffix}': f'{host}@{port}'
                         for host, port in self.masters()}
        self._lock = threading.Lock()
        self._waiting: collections.deque[Change] = collections.deque()
        self._closed = threading.Event()
        self._theirs: Sighting | None = None

    def create(self, zone: resources.Zone) -> None:
        """Add the zone, or declare it anew."""
        self._change(self._declare, zone)

    def update(self, zone: resources.Zone) -> None:
        """Declare the zone anew, or add it."""
        self._change(self._declare, zone)

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Remove the zone; one that is not there is gone already.

        All that Knot keeps of it goes too. That is named after the zone, so whoever creates a
        zone of that name next would have the old content served, and where its serial is the
        higher one for as long as it is.
        """
        # While the zone is declared this finds its file, afterwards what else is left of it.
        self._knotc('zone-purge', '-b', '-f', zone.name, unless='no such zone found')
        self._change(self._withdraw, zone)
        self._knotc('zone-purge', '-f', zone.name, '+orphan')

    def fetch(self, zone: resources.Zone) -> None:
        """Have it refresh the zone at once: a NOTIFY that comes in the last milliseconds of a
        second it heeds a second later.
        """
        self._knotc('zone-refresh', zone.name, unless='no such zone found')

    def retransfer(self, zone: resources.Zone) -> None:
        """Have it transfer the zone whole, or add it."""
        if self._knotc('zone-retransfer', zone.name, unless='no such zone found') is None:
            self.create(zone)

    def zones(self) -> list[str]:
        """The zones that have no other masters than the target's."""
        return self._ours('zone.master', unless='not exists')

    def carries(self, zone: resources.Zone) -> bool:
        """Whether the zone is one of those."""
        return bool(self._ours(f'zone[{zone.name}].master', unless='invalid identifier'))

    def _ours(self, item: str, unless: str) -> list[str]:
        """The names of zones of which an item tells that they have no other masters."""
        return [name for name, masters in _MASTERS.findall(
            self._knotc('conf-read', item, unless=unless) or '')
            if self._masters.keys() >= set(masters.split())]

    def close(self) -> None:
        """Begin no more transactions; one that is open is finished, or it would stay open."""
        self._closed.set()

    def _change(self, steps: Callable[[resources.Zone], None], zone: resources.Zone) -> None:
        """Take steps in a transaction, with the others that have come to wait for it."""
        change = Change(steps, zone)
        self._waiting.append(change)
        with self._lock:
            if change in self._waiting:     # Nobody has made it along with another.
                self._make([self._waiting.popleft() for _ in range(len(self._waiting))])
        if change.error is not None:
            raise change.error

    def _make(self, changes: list[Change]) -> None:
        """Make changes in one transaction; where that fails, in one for each."""
        error = None
        try:
            self._commit(changes)
        except errors.BackendError as problem:
            error = problem
        if error is not None and len(changes) > 1:
            for change in changes:
                self._make([change])
        else:
            for change in changes:
                change.error = error

    def _commit(self, changes: list[Change]) -> None:
        self._begin()
        try:
            for change in changes:
                change.steps(change.zone)
            self._knotc('conf-commit')
        except errors.BackendError:
            with contextlib.suppress(errors.BackendError):
                self._knotc('conf-abort')
            raise

    def _declare(self, zone: resources.Zone) -> None:
        item = f'zone[{zone.name}]'
        is_new = self._knotc('conf-set', item, unless='duplicate identifier') is not None
        template = self.options['template']
        for name, values in (('template', [template] if template else []),
                             ('master', list(self._masters))):
            if not is_new:
                self._knotc('conf-unset', f'{item}.{name}', unless='not exists')
            if values and self._knotc('conf-set', f'{item}.{name}', *values,
                                      unless='not exists') is None:
                self._make_remotes()
                self._knotc('conf-set', f'{item}.{name}', *values)

    def _make_remotes(self) -> None:
        for remote, address in self._masters.items():
            self._knotc('conf-set', f'remote[{remote}]', unless='duplicate identifier')
            self._knotc('conf-set', f'remote[{remote}].address', address)
            if self._key:
                self._knotc('conf-set', f'remote[{remote}].key', self._key)

    def _withdraw(self, zone: resources.Zone) -> None:
        self._knotc('conf-unset', f'zone[{zone.name}]', unless='invalid identifier')

    # -- transactions --

    def _begin(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._knotc('conf-begin', unless='too many transactions') is None:
            if self._is_abandoned():
                LOG.warning('An abandoned transaction of knotd is aborted: %s',
                            self._theirs.content or 'it was empty')
                self._knotc('conf-abort')
            elif self._closed.is_set() or time.monotonic() > deadline:
                raise errors.BackendError('knotc conf-begin: another transaction is open')
            else:
                self._closed.wait(random.uniform(0, PAUSE))
        self._theirs = None

    def _is_abandoned(self) -> bool:
        """Whether nobody has worked on the open transaction for long."""
        content = self._knotc('conf-diff', unless='no active transaction')
        if content is None:
            self._theirs = None
            return False
        now, before = time.monotonic(), self._theirs
        # After a pause as long, an equal transaction may be another one.
        is_same = before and before.content == content and now < before.last + ABANDONED
        self._theirs = Sighting(content, before.since if is_same else now, now)
        return now > self._theirs.since + ABANDONED

    def _knotc(self, *args: str, unless: str | None = None) -> str | None:
        """Run knotc.

        :param unless: knotd's words for a failure that is none.
        :returns: what it wrote, None when it said those words.
        :raises errors.BackendError: any other complaint, or no answer in time.
        """
        what = f'knotc {" ".join(args)}'
        try:
            done = subprocess.run(
                [*self._program, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
                timeout=self._timeout + GRACE if self._timeout else None)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise errors.BackendError(f'{what}: {error}') from error
        if done.returncode == 0:
            return done.stdout.strip()
        if unless is not None and f'({unless})' in done.stdout:
            return None
        raise errors.BackendError(f'{what}: {" ".join(done.stdout.split())}')
