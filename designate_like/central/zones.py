# SPDX-License-Identifier: Apache-2.0
"""Zones: creating, changing, deleting them, and settling what the name servers show."""
import functools
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import catalog
from designate_like.central import creation
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.central import serials


class Zones(endpoint.Endpoint):
    """What users do with zones."""
    namespace = 'zones'

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._creation = creation.Creation(self._conf)

    def create(self, ctx: context.RequestContext, values: Mapping[str, Any]) -> resources.Zone:
        """Create a zone, and have its pool's servers carry it."""
        return self._once(values, functools.partial(self._create, ctx), store.zones.get)

    @store.retried
    def _create(self, ctx: context.RequestContext, values: Mapping[str, Any]) -> resources.Zone:
        if values.get('type') == 'CATALOG':
            raise errors.Forbidden('Catalog zones are those of pools and made by the service')
        self._creation.authorize(ctx, values['name'])
        with self._store.write() as tx:
            zone = self._creation.create(tx, ctx, values, self._now())
            listing = catalog.join(tx, zone, self._now())
        self._deploy(ctx, listing, zone)
        self._fetch(ctx, zone)
        self._emit(ctx, 'zone.create', zone)
        return zone

    def get(self, ctx: context.RequestContext, zone_id: str) -> resources.Zone:
        """The zone with that id, if the caller sees it."""
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
        policy.authorize(ctx, 'get_zone', endpoint.zone_target(zone))
        return zone

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of the zones that the caller sees."""
        policy.authorize(ctx, 'find_zones', policy.target(
            ctx.project_id, all_tenants=str(ctx.all_tenants)))
        with self._store.read() as tx:
            return endpoint.listed(*store.zones.find(
                tx, endpoint.whose(ctx), filters, store.Page(marker, limit, sort_key, sort_dir)))

    @store.retried
    def update(self, ctx: context.RequestContext, zone_id: str,
               values: Mapping[str, Any]) -> resources.Zone:
        """Change a zone; that makes a version of it, whatever changes."""
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'update_zone', endpoint.zone_target(zone))
            rules.not_deleting(zone)
            rules.ttl(ctx, values.get('ttl'), self._options.min_ttl)
            after = self._change(tx, zone, values)
        self._deploy(ctx, after)
        if 'masters' in values:
            self._fetch(ctx, after)
        self._emit(ctx, 'zone.update', after, zone)
        return after

    def _change(self, tx: sqlalchemy.Connection, zone: resources.Zone,
                values: Mapping[str, Any]) -> resources.Zone:
        """Change members of a locked zone."""
        changes = {**values, 'version': zone.version + 1}
        if changes.get('ttl', zone.ttl) is None:
            changes['ttl'] = self._conf.default_ttl
        if zone.type == 'SECONDARY':
            # Its versions are its master's, and what users may change of it nobody sees.
            changes['updated_at'] = self._now()
            if 'masters' in values:     # What they have is wanted, whatever their serials.
                changes['master_serial'] = None
            store.zones.update(tx, zone.id, **changes)
            return zone.replace(**changes)
        # A new TTL is that of every record which has none of its own.
        return serials.advance(tx, zone, self._now(),
                               whole=changes.get('ttl', zone.ttl) != zone.ttl, **changes)

    def _fetch(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        """Have a secondary zone transferred from its masters."""
        if zone.type == 'SECONDARY':
            self._worker.cast.zones.transfer(ctx, zone_id=zone.id)

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_id: str) -> resources.Zone:
        """Start the deletion of a zone; it is gone once its servers show it no more."""
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'delete_zone', endpoint.zone_target(zone))
            rules.removable(tx, ctx, zone)
            store.shared_zones.end(tx, zone.id)
            begins, listing = not zone.deleting, None
            if begins:
                changes = {'deleting': True, 'failed': None, 'hard_delete': ctx.hard_delete,
                           'updated_at': self._now()}
                store.zones.update(tx, zone.id, **changes)
                zone = zone.replace(**changes, shared=False)
                listing = catalog.leave(tx, zone.id, zone.pool_id, self._now())
        self._deploy(ctx, listing, zone)
        if begins:
            self._emit(ctx, 'zone.delete', zone)
        return zone

    def nameservers(self, ctx: context.RequestContext, zone_id: str) -> list[resources.NsRecord]:
        """The name servers of a zone, as its pool has them."""
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            policy.authorize(ctx, 'get_zone_ns_records', endpoint.zone_target(zone))
            return store.pools.get(tx, zone.pool_id).ns_records

    def _deploy(self, ctx: context.RequestContext, *zones: resources.Zone | None) -> None:
        endpoint.deploy(self._worker, ctx, *zones)
