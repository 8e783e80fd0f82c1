# SPDX-License-Identifier: Apache-2.0
"""Secondary zones: asking their masters what is new, fetching it, and telling central."""
import asyncio
import base64
import concurrent.futures
import logging
import socket
import weakref
import zlib
from typing import Any
from typing import NamedTuple

import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.tsig

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
from designate_like.dnsio import keys
from designate_like.dnsio import transfer
from designate_like.resources import addresses
from designate_like.resources import serials
from designate_like.worker import central
from designate_like.worker import loop

LOG = logging.getLogger(__name__)

# Transfers at once, and those of one project: its masters may be slow, or mean to be, and one
# transfer may last half an hour.
_THREADS = 32
_SHARE = 4
_LONGEST_EMAIL = 255        # characters that the database holds


class Patience(NamedTuple):
    """How often, and for how many seconds, a master is asked and listened to."""
    tries: int
    pause: float
    transfer: float


class Inbound:
    """Transfers in, one at a time for each zone."""

    def __init__(self, loop_: loop.Loop, central_: central.Central, exchange: dnsio.Exchange,
                 patience: Patience) -> None:
        self._loop = loop_
        self._central = central_
        self._exchange = exchange
        self._patience = patience
        self._again: dict[str, bool] = {}       # By zone under way: whether it was asked again.
        self._threads = concurrent.futures.ThreadPoolExecutor(_THREADS, 'inbound')
        self._turns: weakref.WeakValueDictionary[str, asyncio.Semaphore] = \
            weakref.WeakValueDictionary()           # By project.

    def start(self, ctx: context.RequestContext, zone_id: str) -> None:
        """Look at the masters of a zone now, or again when the look under way has ended."""
        if zone_id in self._again:
            self._again[zone_id] = True
        else:
            self._loop.run(self._work(ctx, zone_id))

    def close(self) -> None:
        """Begin no further transfers."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self, ctx: context.RequestContext, zone_id: str) -> None:
        try:
            while self._again.get(zone_id, True):
                self._again[zone_id] = False
                await self._look(ctx, zone_id)
        except errors.Error as error:
            LOG.warning('Zone %s is left to its next refresh: %s', zone_id, error.message)
        finally:
            self._again.pop(zone_id, None)

    async def _look(self, ctx: context.RequestContext, zone_id: str) -> None:
        """Bring a zone up to date, or have it wait for its retry time."""
        try:
            zone = await self._central.get('zones', ctx, zone_id=zone_id)
        except errors.NotFound:
            return
        if zone.type != 'SECONDARY' or zone.deleting:
            return
        problems = await self._fetch(ctx, zone)
        if problems:
            LOG.warning('No master of zone %s could be used: %s', zone.name, '; '.join(problems))
            await self._central.report('unreached', ctx, zone_id=zone.id)

    async def _fetch(self, ctx: context.RequestContext, zone: resources.Zone) -> list[str]:
        """Look at all masters at once, and take what is news as soon as one shows it.

        So one that is away or behind holds up none that is not. Where the zone is transferred
        anew, it is from the one that has the latest. Returns what went wrong with the news, or why
        no master could be used.
        """
        found = await self._central.call('tsigkeys', 'of_zone', ctx, zone_id=zone.id)
        try:
            key = None if found is None else keys.usable(found)
        except ValueError as problem:
            return [str(problem)]
        looks = [asyncio.ensure_future(self._shown(zone, each, key))
                 for each in await self._masters(zone)]
        try:
            return await self._take(ctx, zone, key, looks)
        finally:
            for each in looks:
                each.cancel()
            await asyncio.gather(*looks, return_exceptions=True)    # Nobody else hears of them.

    async def _take(self, ctx: context.RequestContext, zone: resources.Zone,
                    key: dns.tsig.Key | None, looks: list[asyncio.Future]) -> list[str]:
        """Take the news from the masters as they show it; see :meth:`_fetch`."""
        shown, problems, missed = [], [], []
        latest = zone
        for look in asyncio.as_completed(looks):
            try:
                address, serial = await look
            except errors.CommunicationFailure as problem:
                problems.append(problem.message)
                continue
            shown.append(serial)
            if _is_news(latest, serial):
                try:
                    latest = await self._transfer(ctx, latest, address, key)
                except errors.CommunicationFailure as problem:
                    missed.append(problem.message)
                else:
                    if zone.master_serial is not None:
                        return []
        if shown and latest is zone and not missed:
            await self._nothing_new(ctx, zone, shown)
        return missed if shown else problems or ['none has an address']

    async def _nothing_new(self, ctx: context.RequestContext, zone: resources.Zone,
                           shown: list[int]) -> None:
        if zone.master_serial not in shown:
            LOG.warning('The masters of zone %s have gone back from serial %d to %d, which is '
                        'taken over when a transfer of the zone is asked for', zone.name,
                        zone.master_serial, shown[0])
        await self._central.report('refreshed', ctx, zone_id=zone.id)

    async def _masters(self, zone: resources.Zone) -> list[dnsio.Address]:
        """Every address of every master."""
        found: list[dnsio.Address] = []
        for master in zone.masters:
            host, port = addresses.split(master, 53)
            try:
                infos = await asyncio.get_running_loop().getaddrinfo(
                    host, port, type=socket.SOCK_STREAM)
            except OSError as problem:
                LOG.warning('Master %s of zone %s: %s', host, zone.name, problem)
                continue
            found += [info[4][:2] for info in infos]
        return list(dict.fromkeys(found))

    async def _transfer(self, ctx: context.RequestContext, zone: resources.Zone,
                        address: dnsio.Address, key: dns.tsig.Key | None) -> resources.Zone:
        """Bring the news that one master has; returns the zone with its serial.

        :raises CommunicationFailure: when it has none that can be used.
        """
        async with self._turns.setdefault(zone.project_id, asyncio.Semaphore(_SHARE)):
            difference = await asyncio.get_running_loop().run_in_executor(
                self._threads, transfer.fetch, address, zone.name, zone.master_serial, key,
                self._patience.transfer)
        if difference.soa is None or not _is_news(zone, difference.soa.serial):
            raise errors.CommunicationFailure(
                f'{address[0]} port {address[1]} does not transfer the serial that it shows')
        LOG.info('Zone %s: serial %d from %s', zone.name, difference.soa.serial, address[0])
        heard = await self._central.report(
            'transferred', ctx, zone_id=zone.id, base=zone.master_serial,
            soa=_soa(zone, difference), whole=difference.whole,
            removed=_packed(difference.removed), added=_packed(difference.added))
        if not heard:       # Its retry time is to pass before the same comes again.
            raise errors.CommunicationFailure(
                f'what {address[0]} port {address[1]} has was not taken over')
        return zone.replace(master_serial=difference.soa.serial)

    async def _shown(self, zone: resources.Zone, address: dnsio.Address,
                     key: dns.tsig.Key | None) -> tuple[dnsio.Address, int]:
        """A master, and the serial that it shows with authority; asked by TCP as the last resort.

        :raises CommunicationFailure: when it shows none.
        """
        problem = ''
        for tcp in [False] * self._patience.tries + [True]:
            query = dns.message.make_query(zone.name, dns.rdatatype.SOA, flags=0)
            if key is not None:
                query.use_tsig(key)
            try:
                reply = await self._exchange.ask(address, query, tcp)
            except dnsio.NoReply as error:
                problem = problem or str(error)
                await asyncio.sleep(0 if tcp else self._patience.pause)
                continue
            found = reply.flags & dns.flags.AA and reply.get_rrset(
                reply.answer, query.question[0].name, dns.rdataclass.IN, dns.rdatatype.SOA)
            if found:
                return address, found[0].serial
            raise errors.CommunicationFailure(
                f'{address[0]} port {address[1]} has no authority for the zone')
        raise errors.CommunicationFailure(f'{address[0]} port {address[1]}: {problem}')


def _is_news(zone: resources.Zone, serial: int) -> bool:
    """Whether a master's serial (32 bits) is later than what came last from one."""
    return zone.master_serial is None or not serials.at_least(zone.master_serial, serial)


def _soa(zone: resources.Zone, difference: transfer.Difference) -> dict[str, Any]:
    """The SOA as fields of a zone."""
    soa: Any = difference.soa
    email = mailbox(soa.rname) or f'hostmaster@{zone.name[:-1]}'
    return {'mname': soa.mname.to_text(), 'email': email, 'serial': soa.serial,
            'refresh': soa.refresh, 'retry': soa.retry, 'expire': soa.expire,
            'minimum': soa.minimum, 'ttl': difference.soa_ttl}


def mailbox(rname: dns.name.Name) -> str:
    """The mailbox of a SOA as an email address; empty where that cannot be kept as one."""
    local, *domain = rname.labels
    if len(domain) < 2 or not local.isascii() or b'@' in local:
        return ''
    text = f'{local.decode()}@{dns.name.Name(domain).to_text(True)}'
    return text if len(text) <= _LONGEST_EMAIL else ''


def _packed(records: bytes) -> str:
    """Records as text for the bus, small also when there are a million."""
    return base64.b64encode(zlib.compress(records, 1)).decode()
