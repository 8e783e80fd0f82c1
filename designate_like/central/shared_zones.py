# SPDX-License-Identifier: Apache-2.0
"""Shares: which other projects may read a zone and keep recordsets of their own in it."""
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint
from designate_like.central import projects
from designate_like.central import rules

_shares = store.shared_zones.repository


class SharedZones(endpoint.Endpoint):
    """What users do with shares."""
    namespace = 'shared_zones'

    def create(self, ctx: context.RequestContext, zone_id: str,
               values: Mapping[str, Any]) -> resources.SharedZone:
        """Share a zone with a project.

        :raises InvalidProject: when Keystone knows no such project.
        """
        target = values['target_project_id']
        with self._store.read() as tx:
            self._shareable(tx, ctx, zone_id, target)
        projects.check(self._conf, ctx, target)     # Outside of any transaction: it may take long.
        share = self._insert(ctx, zone_id, target)
        self._emit(ctx, 'zone.share', share)
        return share

    @store.retried
    def _insert(self, ctx: context.RequestContext, zone_id: str,
                target: str) -> resources.SharedZone:
        with self._store.write() as tx:
            zone = self._shareable(tx, ctx, zone_id, target, lock=True)
            share = resources.SharedZone(
                id=str(uuid.uuid4()), zone_id=zone.id, project_id=zone.project_id,
                target_project_id=target, created_at=self._now())
            _shares.insert(tx, share)
        return share

    @staticmethod
    def _shareable(tx: sqlalchemy.Connection, ctx: context.RequestContext, zone_id: str,
                   target: str, lock: bool = False) -> resources.Zone:
        zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=lock)
        policy.authorize(ctx, 'share_zone', endpoint.zone_target(
            zone, target_project_id=target, target_tenant_id=target))
        rules.not_deleting(zone)
        if target == zone.project_id:
            raise errors.BadRequest('A zone cannot be shared with the project that owns it')
        return zone

    def find(self, ctx: context.RequestContext, zone_id: str, filters: Mapping[str, str],
             marker: str | None, limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of a zone's shares: all for its owner, for others those with them."""
        policy.authorize(ctx, 'find_zone_shares', policy.target(ctx.project_id, zone_id=zone_id))
        target = filters.get('target_project_id')
        if target is not None:
            policy.authorize(ctx, 'find_project_zone_share', policy.target(
                ctx.project_id, zone_id=zone_id, target_project_id=target,
                target_tenant_id=target))
        with self._store.read() as tx:
            return endpoint.listed(*_shares.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir),
                *store.shared_zones.of_zone(zone_id, endpoint.whose(ctx))))

    def get(self, ctx: context.RequestContext, zone_id: str,
            share_id: str) -> resources.SharedZone:
        """A share; the project that it is with knows of it, but may not look at it."""
        with self._store.read() as tx:
            return self._get(tx, ctx, zone_id, share_id, 'get_zone_share')[1]

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_id: str, share_id: str) -> None:
        """Share a zone with a project no longer, once that has nothing there."""
        with self._store.write() as tx:
            zone, share = self._get(tx, ctx, zone_id, share_id, 'unshare_zone', lock=True)
            if store.recordsets.owned(tx, zone.id, share.target_project_id):
                raise errors.SharedZoneHasRecordsets()
            if store.zones.below(tx, zone.key, project_id=share.target_project_id):
                raise errors.SharedZoneHasSubZone()
            _shares.delete(tx, share.id)
        self._emit(ctx, 'zone.unshare', share)

    @staticmethod
    def _get(tx: sqlalchemy.Connection, ctx: context.RequestContext, zone_id: str, share_id: str,
             rule: str, lock: bool = False) -> tuple[resources.Zone, resources.SharedZone]:
        """A zone and a share of it, if the caller may do what the rule guards."""
        zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=lock)
        share = _shares.get(tx, share_id)
        if share.zone_id != zone.id or zone.guest and share.target_project_id != ctx.project_id:
            raise errors.SharedZoneNotFound()
        policy.authorize(ctx, rule, endpoint.zone_target(
            zone, target_project_id=share.target_project_id,
            target_tenant_id=share.target_project_id))
        return zone, share
