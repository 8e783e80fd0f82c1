# SPDX-License-Identifier: Apache-2.0
"""Zones: creating, changing, deleting them, and settling what the name servers show."""
import random
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from oslo_db import exception

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import apex
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.central import scheduler
from designate_like.central import serials
from designate_like.resources import names

_COPIED = ('name', 'email', 'description', 'ttl', 'type', 'masters', 'attributes')


class Zones(endpoint.Endpoint):
    """What users do with zones."""
    namespace = 'zones'

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._scheduler = scheduler.Scheduler(self._options.scheduler_filters,
                                              self._options.default_pool_id)

    @store.retried
    def create(self, ctx: context.RequestContext, values: Mapping[str, Any]) -> resources.Zone:
        """Create a zone, and have its pool's servers carry it."""
        if values.get('type') == 'CATALOG':
            raise errors.Forbidden('CATALOG zones are made by the service')
        policy.authorize(ctx, 'create_zone', policy.target(
            ctx.project_id, zone_name=values['name']))
        if not ctx.project_id:
            raise errors.MissingProjectId()
        with self._store.write() as tx:
            limits = rules.limits(tx, self._conf, ctx.project_id)
            if not store.quotas.take(tx, ctx.project_id, 'zones', limits['zones']):
                raise errors.OverQuota('Quota exceeded for zones.')
            rules.zone_name(values['name'], self._options.max_zone_name_len)
            rules.zone_tld(tx, values['name'])
            rules.zone_blacklist(tx, ctx, values['name'])
            rules.ttl(ctx, values.get('ttl'), self._options.min_ttl)
            store.zones.lock_name(tx, names.key(values['name']))
            rules.zone_ownership(tx, values['name'], ctx.project_id)
            zone = self._new(tx, ctx, values)
            try:
                store.zones.insert(tx, zone)
            except exception.DBDuplicateEntry:
                raise errors.DuplicateZone() from None
            apex.create(tx, zone, store.pools.get(tx, zone.pool_id).hostnames)
        self._deploy(ctx, zone)
        return zone

    def _new(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
             values: Mapping[str, Any]) -> resources.Zone:
        """The zone as it starts, in the pool that the scheduler chooses."""
        now, id_ = self._now(), str(uuid.uuid4())
        secondary = values.get('type') == 'SECONDARY'
        given = {name: values[name] for name in _COPIED if name in values}
        given.setdefault('ttl', self._conf.default_ttl)
        given.setdefault('email', self._options.managed_resource_email)
        serial = 1 if secondary else int(serials.unix(now))
        zone = resources.Zone(
            id=id_, shard=int(id_[:3], 16), key=names.key(values['name']),
            project_id=ctx.project_id, serial=serial, born_serial=serial, created_at=now,
            refresh=random.randint(*sorted((self._conf.default_soa_refresh_min,
                                            self._conf.default_soa_refresh_max))),
            retry=self._conf.default_soa_retry, expire=self._conf.default_soa_expire,
            minimum=self._conf.default_soa_minimum, **given)
        pool = self._scheduler.choose(ctx, store.pools.every(tx), zone)
        if pool.id != self._options.default_pool_id and not store.tsigkeys.of_pool(tx, pool.id):
            # Only its key tells mdns which pool a server belongs to.
            raise errors.BadRequest(f"Pool '{pool.name}' has no TSIG key of scope POOL")
        if not pool.ns_records:
            raise errors.NoServersConfigured()
        return zone.replace(pool_id=pool.id, pool_version=pool.version, mname=pool.mname,
                            recordset_count=1 if secondary else 2)

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
            # A new TTL is that of every record which has none of its own.
            zone = serials.advance(tx, zone, self._now(), version=zone.version + 1,
                                   whole=values.get('ttl', zone.ttl) != zone.ttl, **values)
        self._deploy(ctx, zone)
        return zone

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_id: str) -> resources.Zone:
        """Start the deletion of a zone; it is gone once its servers show it no more."""
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'delete_zone', endpoint.zone_target(zone))
            if store.zones.below(tx, zone.key):
                raise errors.ZoneHasSubZone()
            if not zone.deleting:
                changes = {'deleting': True, 'failed': None, 'hard_delete': ctx.hard_delete,
                           'updated_at': self._now()}
                store.zones.update(tx, zone.id, **changes)
                zone = zone.replace(**changes)
        self._deploy(ctx, zone)
        return zone

    def nameservers(self, ctx: context.RequestContext, zone_id: str) -> list[resources.NsRecord]:
        """The name servers of a zone, as its pool has them."""
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            policy.authorize(ctx, 'get_zone_ns_records', endpoint.zone_target(zone))
            return store.pools.get(tx, zone.pool_id).ns_records

    def _deploy(self, ctx: context.RequestContext, zone: resources.Zone) -> None:
        endpoint.deploy(self._worker, ctx, zone)
