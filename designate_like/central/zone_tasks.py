# SPDX-License-Identifier: Apache-2.0
"""Tasks on whole zones: a transfer from the primary now, abandoning, moving to another pool."""
import sqlalchemy
from oslo_db import exception

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import apex
from designate_like.central import catalog
from designate_like.central import creation
from designate_like.central import endpoint
from designate_like.central import rules


class ZoneTasks(endpoint.Endpoint):
    """More of the namespace ``zones``."""
    namespace = 'zones'

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._creation = creation.Creation(self._conf)

    @store.retried
    def xfr(self, ctx: context.RequestContext, zone_id: str) -> None:
        """Have the worker transfer a secondary zone now, whole and whatever serial masters show."""
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'xfr_zone', endpoint.zone_target(zone))
            rules.not_catalog(zone)
            rules.not_deleting(zone)
            if zone.type != 'SECONDARY':
                raise errors.BadRequest(f"Zone '{zone.name}' is not a secondary one, which is "
                                        'transferred from elsewhere')
            store.zones.update(tx, zone.id, master_serial=None)
        self._worker.cast.zones.transfer(ctx, zone_id=zone.id)

    @store.retried
    def abandon(self, ctx: context.RequestContext, zone_id: str) -> None:
        """Forget a zone at once, and leave it on its name servers as it is."""
        now = self._now()
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'abandon_zone', endpoint.zone_target(zone))
            rules.removable(tx, ctx, zone)
            store.shared_zones.end(tx, zone.id)
            pools = zone.pool_id, *store.departures.forget(tx, zone.id)
            store.zones.remove(tx, zone.id, now)
            store.quotas.give(tx, zone.project_id, 'zones')
            listings = [catalog.leave(tx, zone.id, each, now) for each in pools]
        endpoint.deploy(self._worker, ctx, *listings)
        self._emit(ctx, 'zone.delete', zone)

    @store.retried
    def move(self, ctx: context.RequestContext, zone_id: str, pool_id: str | None = None) -> None:
        """Move a zone to another pool: a version of it with that pool's name servers.

        The servers of the old pool carry it until those of the new one show it; then the sweep
        has them told, as often as it takes.

        :param pool_id: None lets the scheduler choose.
        """
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'pool_move_zone', endpoint.zone_target(zone))
            rules.not_deleting(zone)
            pool = self._destination(tx, ctx, zone, pool_id)
            try:
                after = apex.renew(tx, zone, pool, self._now(), pool_id=pool.id, told_version=0,
                                   version=zone.version + 1)
            except exception.DBDuplicateEntry:
                raise errors.DuplicateZone() from None
            store.departures.done(tx, zone.id, pool.id)     # It may come back to one that it left.
            store.departures.add(tx, zone.id, zone.pool_id, after.serial)
            listing = catalog.join(tx, after, self._now())
        endpoint.deploy(self._worker, ctx, listing, after)
        self._emit(ctx, 'zone.update', after, zone)

    def _destination(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                     zone: resources.Zone, pool_id: str | None) -> resources.Pool:
        """The pool that a zone is to move to."""
        if pool_id == zone.pool_id:
            raise errors.BadRequest('Target pool must be different for zone pool move')
        try:
            if pool_id is None:
                return self._creation.pool(tx, ctx, zone)
            return self._creation.suited(tx, store.pools.get(tx, pool_id))
        except errors.NoValidPoolFound:
            raise errors.BadRequest('No valid pool selected') from None
        except errors.PoolNotFound:
            raise errors.BadRequest('Target pool does not exist') from None
