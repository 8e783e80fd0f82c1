# SPDX-License-Identifier: Apache-2.0
"""Making a zone, whether its content comes later or with it: the checks in order, then the rows."""
import datetime
import random
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy
from oslo_config import cfg
from oslo_db import exception

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import apex
from designate_like.central import rules
from designate_like.central import scheduler
from designate_like.central import serials
from designate_like.resources import names

_COPIED = ('name', 'email', 'description', 'ttl', 'type', 'masters', 'attributes')


class Creation:
    """Makes zones as the configuration says."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._conf = conf
        self._options = conf['service:central']
        self._scheduler = scheduler.Scheduler(self._options.scheduler_filters,
                                              self._options.default_pool_id)

    @staticmethod
    def authorize(ctx: context.RequestContext, name: str) -> None:
        """Refuse callers who may not create a zone of that name.

        :raises Forbidden: the policy says no.
        :raises MissingProjectId: there is no project that could own it.
        """
        policy.authorize(ctx, 'create_zone', policy.target(ctx.project_id, zone_name=name))
        if not ctx.project_id:
            raise errors.MissingProjectId()

    def create(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
               values: Mapping[str, Any], now: datetime.datetime, **soa: int) -> resources.Zone:
        """Insert a zone with its apex, in the pool that the scheduler chooses.

        :param soa: what is otherwise the configuration's: serial, refresh, retry, expire, minimum.
        """
        name = values['name']
        limit = rules.room_for_zone(tx, self._conf, ctx.project_id)
        rules.zone_name(name, self._options.max_zone_name_len)
        rules.zone_tld(tx, name)
        rules.zone_blacklist(tx, ctx, name)
        rules.ttl(ctx, values.get('ttl'), self._options.min_ttl)
        return self._insert(tx, ctx, values, now, soa, limit)

    def create_managed(self, tx: sqlalchemy.Connection, ctx: context.RequestContext, name: str,
                       now: datetime.datetime) -> resources.Zone:
        """Insert a zone of the service itself, which no quota or rule for users concerns."""
        service = ctx.elevated(project_id=self._options.managed_resource_tenant_id)
        return self._insert(tx, service, {'name': name}, now, {}, -1)

    def _insert(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                values: Mapping[str, Any], now: datetime.datetime,
                soa: Mapping[str, int], limit: int) -> resources.Zone:
        store.name_locks.take(tx, names.key(values['name']))
        rules.zone_ownership(tx, values['name'], ctx.project_id)
        zone = self._new(tx, ctx, values, now, soa)
        pool = self.pool(tx, ctx, zone)
        rules.one_more_zone(tx, ctx.project_id, limit)
        return self._put(tx, zone, pool, pool.hostnames)

    def create_catalog(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                       pool: resources.Pool, now: datetime.datetime,
                       **soa: int) -> resources.Zone:
        """Insert the catalog zone of a pool, as yet without members."""
        service = ctx.elevated(project_id=self._options.managed_resource_tenant_id)
        name = pool.catalog_zone.catalog_zone_fqdn
        store.name_locks.take(tx, names.key(name))
        if store.zones.named(tx, [names.key(name)]):    # Even if it is the service's own.
            raise errors.DuplicateZone()
        rules.zone_ownership(tx, name, service.project_id)
        zone = self._new(tx, service, {'name': name, 'type': 'CATALOG'}, now, soa)
        return self._put(tx, zone, pool, ['invalid.'])      # RFC 9432 section 4.1

    @staticmethod
    def _put(tx: sqlalchemy.Connection, zone: resources.Zone, pool: resources.Pool,
             hostnames: list[str]) -> resources.Zone:
        """Insert a zone into a pool, with the name servers that its apex names."""
        zone = zone.replace(pool_id=pool.id, pool_version=pool.version, mname=pool.mname)
        try:
            store.zones.insert(tx, zone)
        except exception.DBDuplicateEntry:
            raise errors.DuplicateZone() from None
        apex.create(tx, zone, hostnames)
        return zone

    def _new(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
             values: Mapping[str, Any], now: datetime.datetime,
             soa: Mapping[str, int]) -> resources.Zone:
        secondary = values.get('type') == 'SECONDARY'
        given = {name: values[name] for name in _COPIED if name in values}
        if given.get('ttl') is None:
            given['ttl'] = self._conf.default_ttl
        given.setdefault('email', self._options.managed_resource_email)
        numbers = {
            # A server may still hold a zone of that name that was deleted a moment ago.
            'serial': 1 if secondary else max(
                int(serials.unix(now)), store.zones.last_serial(tx, names.key(values['name'])) + 1),
            'refresh': random.randint(*sorted((self._conf.default_soa_refresh_min,
                                               self._conf.default_soa_refresh_max))),
            'retry': self._conf.default_soa_retry, 'expire': self._conf.default_soa_expire,
            'minimum': self._conf.default_soa_minimum, **soa}
        return resources.Zone(
            id=values.get('id') or str(uuid.uuid4()), key=names.key(values['name']),
            project_id=ctx.project_id, born_serial=numbers['serial'], created_at=now,
            recordset_count=1 if secondary else 2, **numbers, **given)

    def pool(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
             zone: resources.Zone) -> resources.Pool:
        """The pool for a zone, as the scheduler chooses; for one that moves, another than its own.

        :raises BadRequest, NoServersConfigured: see :meth:`suited`.
        """
        others = [each for each in store.pools.every(tx) if each.id != zone.pool_id]
        return self.suited(tx, self._scheduler.choose(ctx, others, zone))

    def suited(self, tx: sqlalchemy.Connection, pool: resources.Pool) -> resources.Pool:
        """That pool, if it can carry zones.

        :raises BadRequest: when its servers could not prove that they are its.
        :raises NoServersConfigured: when it has no NS records.
        """
        if pool.id != self._options.default_pool_id and not store.tsigkeys.of_pool(tx, pool.id):
            # Only its key tells mdns which pool a server belongs to.
            raise errors.BadRequest(f"Pool '{pool.name}' has no TSIG key of scope POOL")
        if not pool.ns_records:
            raise errors.NoServersConfigured(
                f"Pool '{pool.name}' has no ns_records; say them in pools.yaml, and run "
                'designate-like-manage pool update')
        return pool
