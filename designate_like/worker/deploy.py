# SPDX-License-Identifier: Apache-2.0
"""Having the servers of a pool show the latest version of a zone."""
import asyncio
import logging
from collections.abc import Coroutine
from collections.abc import Iterable
from typing import Any

from oslo_utils import timeutils

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like.resources import serials
from designate_like.worker import job
from designate_like.worker import loop
from designate_like.worker import poll
from designate_like.worker import pools

LOG = logging.getLogger(__name__)

# Seconds before a server that does not show a change is sent another NOTIFY; they double.
NOTIFY_PAUSE = 1.0
MAX_NOTIFY_PAUSE = 8.0

# Seconds that a server which was told to carry a zone may be without it before it is told
# again: it has to transfer the zone first. They double each time.
REPAIR_PAUSE = 3.0


class Deployment(job.Job):
    """Creates the zone where it is not, sends NOTIFY, and reports the serials that are shown."""

    def __init__(self, ctx: context.RequestContext, zone: resources.Zone, pool: pools.Pool,
                 tools: job.Tools) -> None:
        super().__init__(ctx, zone, pool, tools)
        self._reported = (zone.settled_serial, zone.told_version)
        self._notified: dict[dnsio.Address, int] = {}       # The serial that each was told.
        self._also = [(each, asyncio.Event()) for each in pool.also_notifies]
        self._repair_pause = REPAIR_PAUSE
        self._bogus: set[int] = set()       # Serials (32 bits) shown that the zone never had.
        if zone.settled_serial < zone.born_serial:
            self._verb = 'create'
        else:
            self._verb = 'update' if zone.told_version < pool.version else ''

    def supersede(self, zone: resources.Zone) -> None:
        """Strive for a newer version of the zone from now on."""
        self.zone = zone
        self._bogus.clear()
        # It may be ending, with the version before; then another job is to begin.
        self.done = False
        for each in (*self._watches, *self._tellings):
            each.wake.set()
        for _, wake in self._also:
            wake.set()
        self._judge()

    def _parts(self) -> Iterable[Coroutine[Any, Any, None]]:
        yield from super()._parts()
        for address, wake in self._also:
            yield self._notify_also(address, wake)

    # -- how far it has come --

    def _satisfies(self, answer: dnsio.Answer) -> bool:
        return (answer.serial is not None and serials.at_least(answer.serial, self.zone.serial)
                and answer.serial not in self._bogus)

    def _complete(self) -> bool:
        addresses = [each.target.address for each in self._tellings] + self.pool.also_notifies
        return super()._complete() and all(
            self._notified.get(each, 0) >= self.zone.serial for each in addresses)

    def _tried(self) -> bool:
        """Whether nothing is left to do but to wait for servers that do not answer."""
        return (all(each.told or each.problem for each in self._tellings)
                and all(each.silent or self._satisfies(each.answer) for each in self._watches))

    def _achieved(self) -> bool:
        return self._settled() >= self.zone.serial

    def _problem(self) -> str:
        strange = [f'{host} port {port} ({each.answer.serial})' for each in self._watches
                   for host, port in [each.address] if each.answer.serial in self._bogus]
        if strange and not self._achieved():
            return 'Name servers show serials that the zone never had: ' + ', '.join(strange)
        return super()._problem()

    def _settled(self) -> int:
        """The highest serial that enough name servers show, 0 for none."""
        if not self._watches:
            return self.zone.serial if self._told_enough() else 0
        shown = [serials.shown(each.answer.serial, self.zone.serial)
                 for each in self._watches
                 if each.answer.serial is not None and each.answer.serial not in self._bogus]
        return poll.shown_by(shown, poll.quorum(len(self._watches), self._tools.threshold))

    async def _tell_central(self) -> bool:
        if self._achieved() and self._tried():
            await self._doubt()
        settled = self._settled()
        told = all(each.told for each in self._tellings)
        version = self.pool.version if told else self.zone.told_version
        # A serial from before its birth is that of an earlier zone of the same name.
        if settled < self.zone.born_serial or (settled, version) <= self._reported:
            return True
        heard = await self._tell('settle', serial=settled, told_version=version,
                                 pool_id=self.pool.id)
        if heard:
            if self._reported[0] < self.zone.serial <= settled:
                self._measure()
            self._reported = (settled, version)
        return heard

    def _measure(self) -> None:
        """Note how long after the change enough name servers show it."""
        metrics.observe('propagation_seconds', max(0, self._age()), pool=self.pool.id)

    def _age(self) -> float:
        """Seconds since the zone was changed."""
        changed = self.zone.updated_at or self.zone.created_at
        return (timeutils.utcnow(with_timezone=False) - changed).total_seconds()

    # -- what the servers are told --

    async def _serve(self, telling: job.Telling) -> None:
        if self._verb == 'update':
            # It has the zone, so it need not wait until it has learnt what is new of the pool.
            await self._announce(telling)
        if self._verb:
            await telling.tell(self._verb, self.zone)
        telling.told = True
        self._judge()
        news, pause = True, NOTIFY_PAUSE
        while True:
            if not news and self._is_overdue(telling) and not await telling.carries(self.zone):
                telling.remedy = 'update'       # Somebody gave it other masters, or none.
            if telling.remedy:
                await self._repair(telling)
                news = True
            heard = True
            if news or self._is_behind(telling):
                heard = await self._announce(telling)
            news = await loop.woken(telling.wake, pause)
            pause = NOTIFY_PAUSE if news else min(2 * pause, MAX_NOTIFY_PAUSE)
            news = news or not heard

    async def _announce(self, telling: job.Telling) -> bool:
        """Send a target NOTIFY, which it may heed late, and have it pull if it can be told to.

        Returns whether NOTIFY was acknowledged.
        """
        heard, _ = await asyncio.gather(
            self._notify(telling.target.address, self.pool.notifies), telling.fetch(self.zone))
        return heard

    async def _notify_also(self, address: dnsio.Address, wake: asyncio.Event) -> None:
        while True:
            await self._notify(address, self._tools.exchange)
            await loop.woken(wake, None)

    async def _notify(self, address: dnsio.Address | None,
                      exchange: dnsio.Exchange | dnsio.Signed) -> bool:
        """Send NOTIFY; returns whether it was acknowledged."""
        if address is None:
            return True
        zone = self.zone
        heard = await dnsio.notify(exchange, address, zone)
        self._notified[address] = zone.serial
        self._judge()
        return heard

    def _is_behind(self, telling: job.Telling) -> bool:
        """Whether a target's name servers do not show what they should."""
        return not all(self._satisfies(each.answer) for each in self._watches_of(telling))

    def _is_overdue(self, telling: job.Telling) -> bool:
        """Whether a target's name servers answer wrongly, and no earlier attempt has helped.

        Only once in an attempt, as it may just be slow.
        """
        return (not telling.target.learns and not telling.asked and self._age() > self._tools.budget
                and self._is_behind(telling)
                and not any(each.silent for each in self._watches_of(telling)))

    def _watches_of(self, telling: job.Telling) -> list[poll.Watch]:
        """The name servers that a target may stand behind: that of its address, else all."""
        same = [each for each in self._watches if each.address == telling.target.address]
        return same or self._watches

    # -- servers that have lost the zone, or show a version that it never had --

    def _seen(self, watch: poll.Watch) -> None:
        if watch.answer == dnsio.NO_ZONE and not watch.silent:
            self._miss(watch, 'create')
        elif watch.answer.serial in self._bogus and not watch.silent:
            self._miss(watch, 'retransfer')
        super()._seen(watch)

    def _miss(self, watch: poll.Watch, remedy: str) -> None:
        """Have the targets of a name server told again, unless they were told just now."""
        if self.zone.is_stale:
            return      # The primary does not serve it either.
        now = asyncio.get_running_loop().time()
        same = [each for each in self._tellings if each.target.address == watch.address]
        for telling in same or self._tellings:
            if telling.told and (not telling.told_at
                                 or now > telling.told_at + self._repair_pause):
                telling.remedy = remedy
                telling.wake.set()

    async def _doubt(self) -> None:
        """See whether serials beyond the zone's, as we know it, are those of newer versions."""
        ahead = [each for each in self._watches if each.answer.serial is not None
                 and serials.shown(each.answer.serial, self.zone.serial) > self.zone.serial]
        if not ahead:
            return
        try:
            latest = await self._tools.central.get('zones', self._ctx, zone_id=self.zone.id)
        except errors.Error as error:
            LOG.debug('Serials of zone %s are believed: %s', self.zone.name, error.message)
            return
        for watch in ahead:
            serial = watch.answer.serial
            if serial is not None and serials.shown(serial, latest.serial) > latest.serial:
                LOG.warning('%s port %s shows serial %s of zone %s, which it never had',
                            *watch.address, serial, self.zone.name)
                self._bogus.add(serial)
                self._miss(watch, 'retransfer')
                watch.wake.set()        # It was satisfied.
                self._reported = 0, self._reported[1]       # Central does not take these.

    async def _repair(self, telling: job.Telling) -> None:
        """Apply the remedy, if the zone is still to be there: what we know of it may be old."""
        remedy, telling.remedy = telling.remedy, ''
        try:
            zone = await self._tools.central.get('zones', self._ctx, zone_id=self.zone.id)
        except errors.NotFound:
            self.stop()
            return
        except errors.Error as error:
            LOG.warning('Zone %s is not repaired: %s', self.zone.name, error.message)
            return
        if zone.deleting:
            self.stop()
            return
        if telling.told_at:
            self._repair_pause *= 2
        LOG.warning('%s does not have zone %s as it should, and is told to %s it',
                    telling.target.description, self.zone.name, remedy)
        if telling.target.learns and remedy == 'create' and zone.settled_serial >= zone.born_serial:
            await self._tools.central.report('relist', self._ctx, zone_id=zone.id)
        await telling.tell(remedy, zone)
        self._judge()
