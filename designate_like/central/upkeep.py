# SPDX-License-Identifier: Apache-2.0
"""What roles, not users, do with zones: reports of the worker, and the producer's sweeps."""
import contextlib
import datetime
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import apex
from designate_like.central import catalog
from designate_like.central import endpoint
from designate_like.resources import lifecycle
from designate_like.resources import types

_BATCH = 100        # zones, or thousands of rows, that one step takes
_PATIENCE = 30      # seconds in which servers should have followed a catalog


class Upkeep(endpoint.Endpoint):
    """More of the namespace ``zones``; a range of shards is half-open, of 4096."""
    namespace = 'zones'

    # -- reports of the worker --

    @store.retried
    def settle(self, ctx: context.RequestContext, zone_id: str, serial: int, told_version: int,
               pool_id: str, receipts: Sequence[resources.Receipt] = ()) -> bool:
        """Enough name servers of the pool showed this serial of the zone; late reports do no harm.

        :param receipts: what is new of single name servers.
        """
        with self._store.write() as tx:
            news = store.zones.settle(tx, zone_id, pool_id, serial, told_version)
            store.receipts.record(tx, receipts)
            zone = self._to_tell_of(tx, zone_id, news)
        if zone and zone.status == lifecycle.ACTIVE:
            self._emit(ctx, 'zone.update', zone)
        return news

    @store.retried
    def fail(self, ctx: context.RequestContext, zone_id: str, serial: int, reason: str,
             receipts: Sequence[resources.Receipt] = ()) -> bool:
        """No server could be told of this serial, or none answered."""
        with self._store.write() as tx:
            news = store.zones.fail(tx, zone_id, serial, reason)
            store.receipts.record(tx, receipts)
            zone = self._to_tell_of(tx, zone_id, news)
        if zone:
            self._emit(ctx, 'zone.update', zone)
        return news

    def _to_tell_of(self, tx: sqlalchemy.Connection, zone_id: str,
                    news: bool) -> resources.Zone | None:
        """The zone whose status has changed, if somebody is to know."""
        zone = store.zones.get(tx, zone_id) if news and self._changes.enabled else None
        return None if zone is None or zone.type == 'CATALOG' else zone

    @store.retried
    def removed(self, ctx: context.RequestContext, zone_id: str) -> bool:
        """The servers show the deleted zone no more; its name is free."""
        now = self._now()
        with self._store.write() as tx:
            try:
                zone = store.zones.lock(tx, zone_id)
            except errors.ZoneNotFound:     # The report is repeated.
                return False
            if not zone.deleting:
                return False
            store.zones.remove(tx, zone_id, now)
            store.quotas.give(tx, zone.project_id, 'zones')
            catalog.leave(tx, zone.id, zone.pool_id, now)   # If the sweep has not got round to it.
        self._emit(ctx, 'zone.update', zone, status=lifecycle.DELETED, action=lifecycle.NONE,
                   deleted=zone.id, deleted_at=types.DateTime().dump(now))
        return True

    def relist(self, ctx: context.RequestContext, zone_id: str) -> None:
        """A server has lost a zone that its pool's catalog names; a new version brings it back."""
        with self._store.read() as tx:
            zone = store.zones.get(tx, zone_id)
        self._repeat_catalog(ctx, zone.pool_id, self._ago(_PATIENCE))

    @store.retried
    def departed(self, ctx: context.RequestContext, zone_id: str, pool_id: str) -> bool:
        """The servers of a pool that the zone has left were told to carry it no more."""
        with self._store.write() as tx:
            return store.departures.done(tx, zone_id, pool_id)

    # -- sweeps of the producer --

    def sweep(self, ctx: context.RequestContext, shards: tuple[int, int]) -> int:
        """Have the worker start again what is not settled; returns how many zones."""
        self._renew(ctx, shards)
        with self._store.read() as tx:
            zones = store.sweeps.pending(tx, tuple(shards), 10 * _BATCH)
            departures = store.departures.due(tx, tuple(shards), 10 * _BATCH)
        for zone in zones:
            endpoint.deploy(self._worker, ctx, zone)
        self._repeat_catalogs(ctx, zones)
        for zone, pool_id, version in departures:
            self._leave_catalog(ctx, zone, pool_id)
            self._worker.cast.zones.leave(ctx, zone=zone, pool_id=pool_id, pool_version=version)
        return len(zones)

    def _renew(self, ctx: context.RequestContext, shards: tuple[int, int]) -> None:
        """Make new versions of the zones whose pool has changed."""
        with self._store.read() as tx:
            outdated = store.sweeps.outdated(tx, tuple(shards), 10 * _BATCH)
        for zone_id in outdated:
            with contextlib.suppress(errors.ZoneNotFound):      # It has gone since.
                self._renew_one(ctx, zone_id)

    @store.retried
    def _renew_one(self, ctx: context.RequestContext, zone_id: str) -> None:
        with self._store.write() as tx:
            zone = store.zones.lock(tx, zone_id)
            pool = store.pools.get(tx, zone.pool_id)
            if zone.pool_version == pool.version:
                return
            if zone.deleting:
                store.zones.update(tx, zone.id, pool_version=pool.version)
                catalog.leave(tx, zone.id, pool.id, self._now())
                return
            after = apex.renew(tx, zone, pool, self._now())
            catalog.join(tx, after, self._now())
        if zone.type != 'CATALOG':
            self._emit(ctx, 'zone.update', after, zone)

    def _repeat_catalogs(self, ctx: context.RequestContext, zones: list[resources.Zone]) -> None:
        """Tell servers again of zones that have joined or left their catalog long since."""
        since = self._ago(_PATIENCE)
        for pool_id in {zone.pool_id for zone in zones if zone.type != 'CATALOG' and (
                zone.deleting and zone.updated_at < since
                or zone.action == lifecycle.CREATE and zone.created_at < since)}:
            self._repeat_catalog(ctx, pool_id, since)

    @store.retried
    def _repeat_catalog(self, ctx: context.RequestContext, pool_id: str,
                        since: datetime.datetime) -> None:
        with self._store.write() as tx:
            listing = catalog.repeat(tx, pool_id, self._now(), since)
        endpoint.deploy(self._worker, ctx, listing)

    @store.retried
    def _leave_catalog(self, ctx: context.RequestContext, zone: resources.Zone,
                       pool_id: str) -> None:
        with self._store.write() as tx:
            listing = catalog.leave(tx, zone.id, pool_id, self._now())
        endpoint.deploy(self._worker, ctx, listing)

    def existing(self, ctx: context.RequestContext, shards: tuple[int, int], marker: str,
                 limit: int) -> list[resources.Zone]:
        """Some zones that are there and not on their way out, by id, after ``marker``."""
        with self._store.read() as tx:
            return store.sweeps.existing(tx, tuple(shards), marker, limit)

    @store.retried
    def purge(self, ctx: context.RequestContext, shards: tuple[int, int], older_than: float) -> int:
        """Delete for good zones that were removed so many seconds ago, in small transactions."""
        count = 0
        while True:
            with self._store.read() as tx:
                gone = store.sweeps.removed_before(tx, tuple(shards), self._ago(older_than), _BATCH)
            if not gone:
                return count
            for zone_id in gone:
                self._purge_one(zone_id)
            count += len(gone)

    def _purge_one(self, zone_id: str) -> None:
        more = True
        while more:
            with self._store.write() as tx:
                more = store.recordsets.delete_some(tx, zone_id, 10 * _BATCH) > 0
        with self._store.write() as tx:
            store.journal.forget(tx, zone_id)
            store.receipts.forget(tx, zone_id)
            store.zone_transfer_requests.forget(tx, zone_id)
            store.name_locks.forget(tx, zone_id)
            store.zones.forget(tx, zone_id)

    @store.retried
    def trim_journal(self, ctx: context.RequestContext, shards: tuple[int, int],
                     older_than: float, most: int) -> int:
        """Delete differences, in small transactions; transfers from before them become whole.

        :param older_than: seconds ago; what was made before, of any shard, goes.
        :param most: bytes that the differences of one zone may take; the oldest go first.
        :return: how many differences went.
        """
        count = self._repeat(store.journal.trim, self._ago(older_than))
        marker: str | None = ''
        while marker is not None:
            with self._store.read() as tx:
                large, marker = store.journal.large(tx, tuple(shards), marker, _BATCH, most)
            for zone_id, serial in large:
                count += self._repeat(store.journal.trim_zone, zone_id, serial)
        return count

    def _repeat(self, trim: Callable[..., int], *arguments: Any) -> int:
        """Trim step by step until nothing is left to trim; returns how many entries went."""
        count, some = 0, -1
        while some:
            with self._store.write() as tx:
                some = trim(tx, *arguments, 10 * _BATCH)
            count += some
        return count

    def _ago(self, seconds: float) -> datetime.datetime:
        return self._now() - datetime.timedelta(seconds=seconds)
