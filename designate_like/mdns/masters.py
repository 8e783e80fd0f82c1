# SPDX-License-Identifier: Apache-2.0
"""Whether an address is that of a master; masters that are names are looked up, off the threads
that answer, and remembered for a while."""
import concurrent.futures
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable
from collections.abc import Sequence

from designate_like.resources import addresses

LOG = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Known = concurrent.futures.Future[frozenset[Address]]

_DNS_PORT = 53
_PATIENCE = 0.3         # seconds that an answer waits for a lookup
_KEPT = 60              # seconds for which its outcome is remembered, also that there is none
_MOST_KEPT = 10_000
_AT_ONCE = 16           # lookups: the names are of tenants, who can make them slow
_WAITING = 2            # answers that wait at once: few threads answer what comes by UDP


class Masters:
    """What is known of the addresses of masters; safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Known]] = {}
        self._free = threading.Semaphore(_AT_ONCE)
        self._turn = threading.Semaphore(_WAITING)

    def include(self, masters: Sequence[str], sender: str) -> bool | None:
        """Whether the sender, an IP address, is one of the masters; None when not known yet."""
        wanted = ipaddress.ip_address(sender.partition('%')[0])
        hosts = [addresses.split(master, _DNS_PORT)[0] for master in masters]
        literal = [_literal(host) for host in hosts]
        if wanted in literal:
            return True
        lookups = [self._of(host) for host, address in zip(hosts, literal) if address is None]
        self._await([each for each in lookups if each and not each.done()])
        found = [each.result() for each in lookups if each and each.done()]
        if any(wanted in known for known in found):
            return True
        return False if len(found) == len(lookups) else None

    def _await(self, lookups: Sequence[Known]) -> None:
        """Give lookups a moment to end, unless too many answers wait already."""
        if lookups and self._turn.acquire(blocking=False):
            try:
                concurrent.futures.wait(lookups, _PATIENCE)
            finally:
                self._turn.release()

    def _of(self, host: str) -> Known | None:
        """The lookup of a name; None when it cannot be begun."""
        with self._lock:
            until, known = self._known.get(host, (0.0, None))
            if known is None or known.done() and self._clock() >= until:
                known = self._begin(host)
            return known

    def _begin(self, host: str) -> Known | None:
        """Look a name up in a thread of its own, unless too many are."""
        if not self._free.acquire(blocking=False):
            return None
        known: Known = concurrent.futures.Future()
        try:
            threading.Thread(target=self._look_up, args=(host, known), name='mdns-lookup',
                             daemon=True).start()
        except RuntimeError as problem:
            LOG.warning('Cannot look for the master %s: %s', host, problem)
            self._free.release()
            return None
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[host] = self._clock() + _KEPT, known
        return known

    def _look_up(self, host: str, known: Known) -> None:
        try:
            known.set_result(_addresses(host))
        finally:
            self._free.release()


def _addresses(host: str) -> frozenset[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as problem:
        LOG.info('Cannot find the master %s: %s', host, problem)
        return frozenset()
    return frozenset(ipaddress.ip_address(info[4][0].partition('%')[0]) for info in found)


def _literal(host: str) -> Address | None:
    """The host as an address, if it is one, however it is written."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
