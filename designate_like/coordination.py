# SPDX-License-Identifier: Apache-2.0
"""Dividing the zones over the producers that are alive.

A zone belongs to one of 4096 shards, by the first three hexadecimal digits of its id. The
producers meet in a group of a tooz backend, and each takes an even range of the shards, by its
place among the members.

Two producers may for a moment work on the same shards, or none on some: timed work is such
that both do no harm. So a producer that loses the backend keeps the range it had, and one that
never reached it takes all shards. Without a backend there can be one producer only; a second one
does no harm either, but says so.
"""
import importlib.metadata
import logging
import threading
from collections.abc import Callable
from collections.abc import Iterable

from tooz import coordination

from designate_like import errors
from designate_like.resources import shards

LOG = logging.getLogger(__name__)

GROUP = b'producer'
_DRIVERS = 'tooz.backends'
_GRACE = 2      # Seconds that start and stop wait for the backend; drivers try for a minute or so.


def share(member: bytes, members: Iterable[bytes]) -> range:
    """Return the shards of one of the members."""
    ordered = sorted(members)
    place = ordered.index(member)
    return range(shards.COUNT * place // len(ordered),
                 shards.COUNT * (place + 1) // len(ordered))


def check(backend_url: str | None) -> None:
    """Refuse a URL for which no driver of tooz, or not all of it, is installed; do not connect.

    :raises ConfigurationError: one sentence.
    """
    kind = (backend_url or '').partition(':')[0]
    found = importlib.metadata.entry_points(group=_DRIVERS)
    if backend_url and kind not in found.names:
        raise errors.ConfigurationError(f'{kind!r} is not one of {", ".join(sorted(found.names))}')
    for driver in found.select(name=kind):
        try:
            driver.load()
        except ImportError as problem:
            raise errors.ConfigurationError(
                f'the driver for {kind!r} is not installed: {problem}') from problem


class Partition:
    """This producer's part of the shards, kept up to date by a thread."""

    def __init__(self, backend_url: str | None, member: str, interval: float,
                 others: Callable[[], list[str]] = list) -> None:
        """Describe the part, without connecting.

        :param backend_url: the tooz backend; None means that there is no other producer.
        :param member: a name that no other producer has.
        :param interval: seconds between two heartbeats, each with a look at the members.
        :param others: where other producers are, for the case that there is no backend.
        """
        self._url = backend_url
        self._member = member.encode()
        self._interval = interval
        self._others = others
        self._company: list[str] = []
        self._coordinator: coordination.CoordinationDriver | None = None
        self._away = False
        self._shards = range(shards.COUNT)
        self._looked, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name='partition', daemon=True)

    def shards(self) -> range:
        """Return the shards that are this producer's now."""
        return self._shards

    def start(self) -> None:
        """Join the group, if the backend is there, and go on looking who else is."""
        self._thread.start()
        self._looked.wait(_GRACE)

    def stop(self) -> None:
        """Leave the group, so that the others take over at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_GRACE)

    def _run(self) -> None:
        if self._url:
            self._try_to_look()
        self._looked.set()
        while not self._stopping.wait(self._interval):
            self._try_to_look()
        self._disconnect(leave=True)

    def _try_to_look(self) -> None:
        try:
            if self._url:
                self._look()
            else:
                self._look_for_company()
        except errors.Error as error:
            LOG.debug('Not known whether there are other producers: %s', error)
        except Exception as error:     # Drivers let the errors of their libraries through.
            if not self._away:
                LOG.warning('Coordination is away, this producer keeps shards %d to %d: %r',
                            self._shards.start, self._shards.stop - 1, error)
            self._away = True
            self._disconnect()
        else:
            if self._away:
                LOG.warning('Coordination is there again')
            self._away = False

    def _look(self) -> None:
        """Be a member, and take the part that falls to it."""
        if self._coordinator is None:
            self._coordinator = coordination.get_coordinator(self._url, self._member)
            self._coordinator.start()
            self._create_group()
        self._coordinator.heartbeat()
        members = self._coordinator.get_members(GROUP).get()
        if self._member not in members:
            # So it is at first, and after every partition: no backend takes a member back.
            self._join()
            members = self._coordinator.get_members(GROUP).get()
        mine = share(self._member, members)
        if mine != self._shards:
            LOG.info('%d producers; this one has shards %d to %d', len(members), mine.start,
                     mine.stop - 1)
            self._shards = mine

    def _look_for_company(self) -> None:
        """Say so when there are producers with which the shards cannot be divided."""
        company = self._others()
        if company and company != self._company:
            LOG.error('[coordination] backend_url is not set, but there are other producers, on '
                      '%s: each of them works on all zones. Set it to the same tooz backend for '
                      'all producers, or run only one of them.', ', '.join(company))
        self._company = company

    def _create_group(self) -> None:
        try:
            self._coordinator.create_group(GROUP).get()
        except coordination.GroupAlreadyExist:
            pass

    def _join(self) -> None:
        try:
            self._coordinator.join_group(GROUP).get()
        except coordination.MemberAlreadyExist:
            pass

    def _disconnect(self, leave: bool = False) -> None:
        """Drop the connection, which may be dead already; the next look makes a new one."""
        coordinator, self._coordinator = self._coordinator, None
        if coordinator is None:
            return
        try:
            if leave:
                coordinator.leave_group(GROUP).get()
            coordinator.stop()
        except Exception as error:
            LOG.debug('The connection to the coordination backend did not close: %r', error)
