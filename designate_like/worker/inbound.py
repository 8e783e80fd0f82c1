# SPDX-License-Identifier: Apache-2.0
"""Secondary zones: asking their masters what is new, fetching it, and telling central."""
import asyncio
import base64
import concurrent.futures
import logging
import random
import socket
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

_THREADS = 8
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
        """Look at the masters, in random order, until one could be used.

        Returns why none could, nothing when one could.
        """
        found = await self._central.call('tsigkeys', 'of_zone', ctx, zone_id=zone.id)
        try:
            key = None if found is None else keys.usable(found)
        except ValueError as problem:
            return [str(problem)]
        problems = []
        for address in await self._masters(zone):
            try:
                await self._try(ctx, zone, address, key)
                return []
            except errors.CommunicationFailure as problem:
                problems.append(problem.message)
        return problems or ['none has an address']

    async def _masters(self, zone: resources.Zone) -> list[dnsio.Address]:
        """Every address of every master."""
        found: list[dnsio.Address] = []
        for master in random.sample(zone.masters, len(zone.masters)):
            host, port = addresses.split(master, 53)
            try:
                infos = await asyncio.get_running_loop().getaddrinfo(
                    host, port, type=socket.SOCK_STREAM)
            except OSError as problem:
                LOG.warning('Master %s of zone %s: %s', host, zone.name, problem)
                continue
            found += [info[4][:2] for info in infos]
        return list(dict.fromkeys(found))

    async def _try(self, ctx: context.RequestContext, zone: resources.Zone,
                   address: dnsio.Address, key: dns.tsig.Key | None) -> None:
        """Bring what one master has.

        :raises CommunicationFailure: when it has nothing that can be used.
        """
        served = await self._serial(zone, address, key)
        here = zone.serial % serials.MODULUS if zone.transferred_at else None
        if here is not None and serials.at_least(here, served):
            await self._central.report('refreshed', ctx, zone_id=zone.id)
            return
        difference = await asyncio.get_running_loop().run_in_executor(
            self._threads, transfer.fetch, address, zone.name, here, key,
            self._patience.transfer)
        if difference.soa is None:
            await self._central.report('refreshed', ctx, zone_id=zone.id)
            return
        LOG.info('Zone %s: serial %d from %s', zone.name, difference.soa.serial, address[0])
        heard = await self._central.report(
            'transferred', ctx, zone_id=zone.id, base=here, soa=_soa(zone, difference),
            whole=difference.whole, removed=_packed(difference.removed),
            added=_packed(difference.added))
        if not heard:       # Its retry time is to pass before the same comes again.
            raise errors.CommunicationFailure(
                f'what {address[0]} port {address[1]} has was not taken over')

    async def _serial(self, zone: resources.Zone, address: dnsio.Address,
                      key: dns.tsig.Key | None) -> int:
        """The serial that a master shows with authority."""
        for _ in range(self._patience.tries):
            query = dns.message.make_query(zone.name, dns.rdatatype.SOA, flags=0)
            if key is not None:
                query.use_tsig(key)
            try:
                reply = await self._exchange.ask(address, query)
            except dnsio.NoReply:
                await asyncio.sleep(self._patience.pause)
                continue
            found = reply.flags & dns.flags.AA and reply.get_rrset(
                reply.answer, query.question[0].name, dns.rdataclass.IN, dns.rdatatype.SOA)
            if found:
                return found[0].serial
            raise errors.CommunicationFailure(
                f'{address[0]} port {address[1]} has no authority for the zone')
        raise errors.CommunicationFailure(f'{address[0]} port {address[1]} does not answer')


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
