# SPDX-License-Identifier: Apache-2.0
"""Secondary zones: taking over what their masters have, and when to look again."""
import base64
import datetime
import uuid
import zlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import serials as versions
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import rr
from designate_like.resources import serials

_BATCH = 1000       # zones that one sweep looks at
_Owner = tuple[str, str]                        # key and type
_SOA_FIELDS = ('mname', 'email', 'refresh', 'retry', 'expire', 'minimum')


class Inbound(endpoint.Endpoint):
    """More of the namespace ``zones``: reports of the worker, and the producer's refresh."""
    namespace = 'zones'

    @store.retried
    def transferred(self, ctx: context.RequestContext, zone_id: str, base: int | None,
                    soa: Mapping[str, Any], whole: bool, removed: str, added: str) -> None:
        """A master's zone has come: its content becomes the next version.

        :param base: the master's serial from which the difference starts (32 bits).
        :param whole: ``added`` is all that the zone holds.
        :param removed: resource records in wire form, compressed, as base64; so is ``added``.
        """
        now = self._now()
        with self._store.write() as tx:
            zone = store.zones.lock(tx, zone_id)
            if zone.master_serial != base:
                return      # Another transfer came first, or the masters are others by now.
            follow = serials.adopt if zone.transferred_at is None else serials.follow
            serial = follow(zone.serial, soa['serial'])
            change = _Change(tx, zone, serial, now)
            change.apply(whole, _unpacked(removed), _unpacked(added))
            known = {'transferred_at': now, 'master_serial': soa['serial'],
                     'refresh_at': _later(now, soa['refresh']),
                     'expire_at': _later(now, soa['expire'])}
            is_behind = serials.at_least(zone.serial, soa['serial'])
            if is_behind and zone.transferred_at and not change.removed + change.added:
                store.zones.update(tx, zone_id, **known)    # It was asked for anew.
                return
            after = versions.advance(
                tx, zone, now, serial=serial, removed=change.removed, added=change.added,
                whole=zone.transferred_at is None, **known,
                ttl=soa['ttl'] or self._options.min_ttl, recordset_count=change.recordset_count,
                record_count=change.record_count, **{name: soa[name] for name in _SOA_FIELDS})
        endpoint.deploy(self._worker, ctx, after)
        self._emit(ctx, 'zone.update', after)

    @store.retried
    def refreshed(self, ctx: context.RequestContext, zone_id: str) -> None:
        """A master has nothing new; a zone that has expired is served again."""
        with self._store.write() as tx:
            zone, now = store.zones.lock(tx, zone_id), self._now()
            changes = {'refresh_at': _later(now, zone.refresh),
                       'expire_at': _later(now, zone.expire)}
            store.zones.update(tx, zone_id, **changes)
        if zone.is_stale:
            endpoint.deploy(self._worker, ctx, zone.replace(**changes))

    @store.retried
    def unreached(self, ctx: context.RequestContext, zone_id: str) -> None:
        """No master could be used; the zone keeps what it has until it expires."""
        with self._store.write() as tx:
            zone = store.zones.lock(tx, zone_id)
            store.zones.update(tx, zone_id, refresh_at=_later(self._now(), zone.retry))

    def refresh(self, ctx: context.RequestContext, shards: tuple[int, int]) -> int:
        """Have the worker look at the masters of zones whose time has come; returns how many."""
        with self._store.read() as tx:
            due = store.sweeps.due(tx, tuple(shards), self._now(), _BATCH)
        for zone_id in due:
            self._worker.cast.zones.transfer(ctx, zone_id=zone_id)
        return len(due)


class _Change:
    """The step from what a zone holds to what its master has."""

    def __init__(self, tx: sqlalchemy.Connection, zone: resources.Zone, serial: int,
                 now: datetime.datetime) -> None:
        self._tx = tx
        self._zone = zone
        self._serial = serial
        self._now = now
        self._went: list[bytes] = []
        self._came: list[bytes] = []
        self._new: list[dict[str, Any]] = []
        self.recordset_count = zone.recordset_count
        self.record_count = zone.record_count

    @property
    def removed(self) -> bytes:
        """The records that go, for the journal."""
        return b''.join(self._went)

    @property
    def added(self) -> bytes:
        """The records that come."""
        return b''.join(self._came)

    def apply(self, whole: bool, removed: bytes, added: bytes) -> None:
        """Write the recordsets that differ."""
        gone, come = _grouped(removed), _grouped(added)
        present = self._present(None if whole else {key for key, _ in (*gone, *come)})
        for owner, (name, ttl, datas) in come.items():
            old = present.get(owner)
            kept = [] if whole or old is None else _left(
                old, gone.get(owner, ('', 0, []))[2] + datas)
            self._put(owner, name, ttl, kept + datas, old)
        for owner, old in present.items():
            if owner in come or not (whole or owner in gone):
                continue
            left = [] if whole else _left(old, gone[owner][2])
            if left:
                self._put(owner, old.name, self._ttl(old), left, old)
            else:
                self._drop(owner, old)
        store.recordsets.insert_many(self._tx, resources.Recordset(
            zone_id=self._zone.id, project_id=self._zone.project_id, serial=self._serial,
            born_serial=self._serial, created_at=self._now), self._new)

    def _present(self, keys: set[str] | None) -> dict[_Owner, store.recordsets.RRset]:
        found = store.recordsets.stream(self._tx, self._zone.id) if keys is None \
            else store.recordsets.at(self._tx, self._zone.id, sorted(keys))
        return {(each.key, each.type): each for each in found if each.type != 'SOA'}

    def _put(self, owner: _Owner, name: str, ttl: int, datas: list[bytes],
             old: store.recordsets.RRset | None) -> None:
        key, type_ = owner
        wire = rdata.join(datas)
        if old is not None:
            if old.ttl == ttl and sorted(rdata.split(old.wire)) == sorted(datas):
                return
            self._went.append(self._encode(old))
            store.recordsets.rewrite(
                self._tx, self._zone.id, key, type_, ttl=ttl, wire=wire, serial=self._serial,
                records=_texts(type_, datas), updated_at=self._now)
            self.record_count -= len(rdata.split(old.wire))
        else:
            self.recordset_count += 1
            self._new.append({'id': str(uuid.uuid4()), 'name': name, 'key': key, 'type': type_,
                              'ttl': ttl, 'records': _texts(type_, datas), 'wire': wire})
        self.record_count += len(datas)
        self._came.append(rr.encode(name, type_, ttl, wire))

    def _drop(self, owner: _Owner, old: store.recordsets.RRset) -> None:
        self._went.append(self._encode(old))
        self.recordset_count -= 1
        self.record_count -= len(rdata.split(old.wire))
        store.recordsets.delete_named(self._tx, self._zone.id, *owner)

    def _encode(self, old: store.recordsets.RRset) -> bytes:
        return rr.encode(old.name, old.type, self._ttl(old), old.wire)

    def _ttl(self, old: store.recordsets.RRset) -> int:
        return self._zone.ttl if old.ttl is None else old.ttl


def _grouped(records: bytes) -> dict[_Owner, tuple[str, int, list[bytes]]]:
    """Name, TTL and RDATA of each RRset of a run of records."""
    found: dict[_Owner, tuple[str, int, list[bytes]]] = {}
    for name, type_, ttl, data in rr.decode(records):
        found.setdefault((names.key(name), type_), (name, ttl, []))[2].append(data)
    return found


def _left(old: store.recordsets.RRset, going: list[bytes]) -> list[bytes]:
    """The records of an RRset but for some, which a master may spell otherwise than it did."""
    gone = {rdata.canonical(old.type, each) for each in going}
    return [each for each in rdata.split(old.wire)
            if rdata.canonical(old.type, each) not in gone]


def _texts(type_: str, datas: list[bytes]) -> list[str]:
    return [rdata.to_text(type_, data) for data in datas]


def _unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def _later(now: datetime.datetime, seconds: int) -> datetime.datetime:
    return now + datetime.timedelta(seconds=seconds)
