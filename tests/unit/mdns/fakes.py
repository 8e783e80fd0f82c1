# SPDX-License-Identifier: Apache-2.0
"""A store in memory, with what mdns reads of the real one, and zones written as text."""
import contextlib
import datetime
import unittest.mock
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import dns.message

from designate_like import resources
from designate_like import store
from designate_like.mdns import answer
from designate_like.resources import names
from designate_like.resources import rdata

POOL = '11111111-1111-1111-1111-111111111111'
OTHER_POOL = '22222222-2222-2222-2222-222222222222'
NOW = datetime.datetime(2026, 1, 1)

EXAMPLE = """
    example.org.            NS      ns1.example.org.
    example.org.            NS      ns.elsewhere.net.
    example.org.            MX      10 mail.example.org.
    ns1.example.org.        A       192.0.2.53
    mail.example.org.       A       192.0.2.25
    mail.example.org.       AAAA    2001:db8::25
    www.example.org.        A       192.0.2.80
    www.example.org.        A       192.0.2.81
    Mixed.Example.org.      TXT     "case"
    alias.example.org.      CNAME   www.example.org.
    far.example.org.        CNAME   www.elsewhere.net.
    loop1.example.org.      CNAME   loop2.example.org.
    loop2.example.org.      CNAME   loop1.example.org.
    broken.example.org.     CNAME   nothing.example.org.
    into.example.org.       CNAME   host.child.example.org.
    *.wild.example.org.     TXT     "wild"
    *.wild.example.org.     MX      5 mail.example.org.
    x.ent.wild.example.org. TXT     "below an empty non-terminal"
    host.wild.example.org.  A       192.0.2.1
    *.aka.example.org.      CNAME   www.example.org.
    child.example.org.      NS      ns.child.example.org.
    child.example.org.      NS      ns.elsewhere.net.
    ns.child.example.org.   A       192.0.2.54
    _sip._tcp.example.org.  SRV     1 2 5060 mail.example.org.
"""


def zone(name: str, **fields: Any) -> resources.Zone:
    """A zone of the default pool."""
    values: dict[str, Any] = {
        'id': str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), 'pool_id': POOL, 'project_id': 'project',
        'name': name, 'key': names.key(name), 'email': 'admin@example.org', 'ttl': 3600,
        'serial': 2**32 + 1000, 'created_at': NOW, 'mname': 'ns1.example.org.',
        'minimum': 300}
    return resources.Zone(**{**values, **fields})


def rrsets(text: str) -> list[store.recordsets.RRset]:
    """The RRsets of lines ``name [ttl] type data``, ordered by key."""
    found: dict[tuple[str, str], store.recordsets.RRset] = {}
    for line in text.strip().splitlines():
        name, *rest = line.split(maxsplit=2)
        ttl = int(rest[0]) if rest[0].isdigit() else None
        if ttl is not None:
            rest = rest[1].split(maxsplit=1)
        type_, data = rest
        wire = rdata.join([rdata.parse(type_, data.strip(), name)])
        before = found.get((names.key(name), type_))
        found[names.key(name), type_] = store.recordsets.RRset(
            name, names.key(name), type_, ttl, (before.wire if before else b'') + wire)
    return sorted(found.values(), key=lambda rrset: rrset.key)


class Store:
    """Zones and what they hold; the object is its own snapshot."""

    def __init__(self, enter: Callable[[Any], Any]) -> None:
        """Put this store in the place of the real one.

        :param enter: enters a context that ends when the real one shall be back.
        """
        self.zones: list[resources.Zone] = []
        self.content: dict[str, list[store.recordsets.RRset]] = {}
        self.differences: dict[tuple[str, int], list[tuple[bytes, bytes]]] = {}
        self.keys: list[resources.Tsigkey] = []
        for module, methods in ((store.zones, (self.enclosing, self.named)),
                                (store.recordsets, (self.at, self.below, self.stream)),
                                (store.journal, (self.size, self.since)),
                                (store.tsigkeys, (self.key_named,))):
            enter(unittest.mock.patch.multiple(
                module, **{method.__name__.removeprefix('key_'): method for method in methods}))

    def add(self, added: resources.Zone, text: str = '') -> resources.Zone:
        """Serve a zone."""
        self.zones.append(added)
        soa = store.recordsets.RRset(added.name, added.key, 'SOA', None, b'')
        self.content[added.id] = [soa, *(rrsets(text) if text else [])]
        return added

    def key_named(self, tx: 'Store', wire_name: str) -> resources.Tsigkey | None:
        return next((key for key in self.keys if key.wire_name == wire_name), None)

    @contextlib.contextmanager
    def read(self) -> Iterator['Store']:
        yield self

    def enclosing(self, tx: 'Store', key: str, pool_id: str | None = None,
                  zone_id: str | None = None) -> resources.Zone | None:
        return max((each for each in self.zones
                    if key.startswith(each.key) and pool_id in (None, each.pool_id)
                    and zone_id in (None, each.id)),
                   key=lambda each: len(each.key), default=None)

    def named(self, tx: 'Store', keys: Sequence[str]) -> list[resources.Zone]:
        return [each for each in self.zones if each.key in keys]

    def at(self, tx: 'Store', zone_id: str,
           keys: Sequence[str]) -> list[store.recordsets.RRset]:
        return [each for each in self.content[zone_id] if each.key in keys]

    def below(self, tx: 'Store', zone_id: str, key: str) -> bool:
        return any(each.key.startswith(key) and each.key != key
                   for each in self.content[zone_id])

    def stream(self, tx: 'Store', zone_id: str) -> Iterator[store.recordsets.RRset]:
        yield from (each for each in self.content[zone_id] if each.type != 'SOA')

    def size(self, tx: 'Store', zone: resources.Zone, serial32: int,
             most: int | None = None) -> int | None:
        differences = self.differences.get((zone.id, serial32))
        total = differences and sum(len(part) for each in differences for part in each)
        return None if total is None or total > (most or store.journal.SMALL) else total

    def since(self, tx: 'Store', zone: resources.Zone,
              serial32: int) -> Iterator[tuple[bytes, bytes]]:
        yield from self.differences[zone.id, serial32]


class Client:
    """Asks an answerer and reads what it says."""

    def __init__(self, database: Any, **options: Any) -> None:
        self.notified: list[tuple[str, str]] = []
        self.answerer = answer.Answerer(database, **{
            'default_pool_id': POOL, 'enforce_tsig': False, 'max_message_size': 65535,
            'transfers': 100,
            'on_notify': lambda zone, master: self.notified.append((zone.id, master)),
            **options})

    def send(self, packet: bytes, sender: str = '192.0.2.200',
             stream: bool = False) -> list[bytes]:
        return list(self.answerer.respond(packet, sender, stream))

    def ask(self, name: str, type_: str, **options: Any) -> dns.message.Message:
        """The reply to a query by UDP; the options are those of dnspython's make_query."""
        query = dns.message.make_query(name, type_, **options)
        packet, = self.send(query.to_wire())
        reply = dns.message.from_wire(packet)
        assert query.is_response(reply), reply
        return reply

    def transfer(self, query: dns.message.Message) -> list[dns.message.Message]:
        """The messages that answer a query by TCP, one RR an RRset."""
        return [dns.message.from_wire(packet, one_rr_per_rrset=True)
                for packet in self.send(query.to_wire(), stream=True)]
