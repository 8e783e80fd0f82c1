# SPDX-License-Identifier: Apache-2.0
"""From a packet to the messages that answer it: who is in what scope, and who speaks."""
import contextlib
import logging
from collections.abc import Callable
from collections.abc import Iterator
from typing import NamedTuple

import dns.rcode
import dns.rdataclass
import dns.rdatatype
import sqlalchemy

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.mdns import masters
from designate_like.mdns import notify
from designate_like.mdns import query
from designate_like.mdns import slots
from designate_like.mdns import transfer
from designate_like.mdns import tsig
from designate_like.mdns import wire
from designate_like.resources import names

LOG = logging.getLogger(__name__)

_EDNS_VERSION = 0
_PATIENCE = 60      # seconds that a transfer waits for its turn


class Scope(NamedTuple):
    """What a request may see: the zones of one pool, or a single zone."""
    pool_id: str | None = None
    zone_id: str | None = None

    def zone(self, tx: sqlalchemy.Connection, name: str) -> resources.Zone | None:
        """The nearest zone that encloses the name, if its content is here to be served."""
        zone = store.zones.enclosing(tx, names.key(name), self.pool_id, self.zone_id)
        return None if zone is None or zone.is_stale else zone


def _opened_by(key: resources.Tsigkey) -> Scope:
    """What a key opens."""
    return Scope(pool_id=key.resource_id) if key.scope == 'POOL' \
        else Scope(zone_id=key.resource_id)


class Answerer:
    """Answers packets; safe to use from many threads."""

    def __init__(self, database: store.Store, *, default_pool_id: str, enforce_tsig: bool,
                 max_message_size: int, transfers: int,
                 on_notify: Callable[[resources.Zone, str], None]) -> None:
        """Make an answerer.

        :param default_pool_id: the pool that unsigned requests see.
        :param enforce_tsig: let unsigned requests see nothing.
        :param max_message_size: octets of a message of a transfer.
        :param transfers: how many by TCP are made at once; others wait.
        :param on_notify: called with a secondary zone and the address of its master, which
            says that the zone has changed.
        """
        self._database = database
        self._unsigned = None if enforce_tsig else Scope(default_pool_id)
        self._max_message_size = max_message_size
        self._on_notify = on_notify
        self._slots = slots.Slots(transfers, _PATIENCE)
        self._masters = masters.Masters()

    def respond(self, packet: bytes, sender: str, stream: bool) -> Iterator[bytes]:
        """The messages that answer a packet, none when it deserves no answer.

        Whatever fails becomes SERVFAIL, also in the midst of a transfer, which that ends
        (RFC 5936 section 2.2). Close the iterator when it is not used up.

        :param sender: the IP address that sent it.
        :param stream: whether it came by TCP.
        """
        try:
            request = wire.decode(packet)
        except ValueError as problem:
            LOG.debug('Dropped a packet from %s: %s', sender, problem)
            return
        if request.flags & wire.QR:
            return      # Replies answer nothing.
        yield from _or_failure(request, sender, self._checked(packet, request, sender, stream))

    def _checked(self, packet: bytes, request: wire.Request, sender: str,
                 stream: bool) -> Iterator[bytes]:
        if not request.tsig_at:
            yield from self._answer(request, self._unsigned, sender, stream)
            return
        try:
            signature = tsig.check(packet, request, self._key)
        except tsig.Unproven as problem:
            LOG.info('Dropped a request from %s: %s', sender, problem)
            return
        request = request._replace(reserve=signature.size)
        # A failure is signed as well (RFC 8945 section 5.3).
        yield from signature.sign(_or_failure(
            request, sender, self._signed(request, signature, sender, stream)))

    def _key(self, name: str) -> resources.Tsigkey | None:
        with self._database.read() as tx:
            return store.tsigkeys.named(tx, name)

    def _signed(self, request: wire.Request, signature: tsig.Signature, sender: str,
                stream: bool) -> Iterator[bytes]:
        if signature.error:
            return iter([wire.encode(request, wire.Reply(rcode=dns.rcode.NOTAUTH))])
        return self._answer(request, _opened_by(signature.key), sender, stream)

    def _answer(self, request: wire.Request, scope: Scope | None, sender: str,
                stream: bool) -> Iterator[bytes]:
        if len(request.edns) > 1:
            yield wire.encode(request, wire.Reply(rcode=dns.rcode.FORMERR))
        elif request.edns and request.edns[0].version > _EDNS_VERSION:
            yield wire.encode(request, wire.Reply(rcode=dns.rcode.BADVERS))
        elif request.opcode == wire.NOTIFY:
            yield from self._notified(request, sender)
        elif request.opcode == wire.QUERY and _is_proper(request) and scope:
            # By UDP a transfer is one message, which does not wait for the client.
            with self._slots.one(sender) if stream and _is_transfer(request) \
                    else contextlib.nullcontext():
                yield from self._query(request, scope, stream)
        else:
            yield _refused(request)

    def _query(self, request: wire.Request, scope: Scope, stream: bool) -> Iterator[bytes]:
        question, = request.questions
        with self._database.read() as tx:
            zone = _zone(tx, scope, question)
            if zone is None:
                reply = wire.Reply(rcode=dns.rcode.REFUSED)
            elif not _is_transfer(request):
                reply = query.lookup(tx, zone, question,
                                     lambda name: scope.zone(tx, name) == zone)
            elif names.key(question.name) == zone.key:
                # The snapshot is held while the client takes the transfer.
                yield from transfer.messages(tx, zone, request, stream, self._max_message_size)
                return
            else:
                reply = wire.Reply(rcode=dns.rcode.REFUSED)
        yield wire.encode(request, reply, wire.TCP_SIZE if stream else request.udp_size)

    def _notified(self, request: wire.Request, sender: str) -> Iterator[bytes]:
        if len(request.questions) != 1:
            yield wire.encode(request, wire.Reply(rcode=dns.rcode.FORMERR))
            return
        with self._database.read() as tx:
            zones = notify.secondaries(tx, request)
        rcode, changed = notify.judge(zones, sender, self._masters)
        for zone in changed:
            self._on_notify(zone, sender)
        if rcode is not None:
            yield wire.encode(request, wire.Reply(
                rcode=rcode, authoritative=rcode == dns.rcode.NOERROR))


def _or_failure(request: wire.Request, sender: str, messages: Iterator[bytes]) -> Iterator[bytes]:
    """The messages that answer a request, and SERVFAIL where making them fails."""
    try:
        yield from messages
    except Exception as problem:
        if isinstance(problem, errors.Unavailable):
            LOG.warning('Cannot answer %s: %s', sender, problem)
        else:
            LOG.exception('Cannot answer %s: %r', sender, request.questions)
        yield wire.encode(request, wire.Reply(rcode=dns.rcode.SERVFAIL))


def _is_proper(request: wire.Request) -> bool:
    return (len(request.questions) == 1
            and request.questions[0].class_ == dns.rdataclass.IN)


def _is_transfer(request: wire.Request) -> bool:
    return request.questions[0].type in transfer.TYPES


def _zone(tx: sqlalchemy.Connection, scope: Scope,
          question: wire.Question) -> resources.Zone | None:
    """The zone to answer from; a DS stands above the cut (RFC 4035 section 3.1.4.1)."""
    if question.type == dns.rdatatype.DS:
        above = next(names.parents(question.name), None)
        zone = scope.zone(tx, above) if above else None
        if zone is not None:
            return zone
    return scope.zone(tx, question.name)


def _refused(request: wire.Request) -> bytes:
    return wire.encode(request, wire.Reply(rcode=dns.rcode.REFUSED))
