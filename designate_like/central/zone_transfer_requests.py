# SPDX-License-Identifier: Apache-2.0
"""Transfer requests: offers of zones to other projects.

Everyone who writes a request of a zone has locked the zone's row first, so that it is offered
once and taken once.
"""
import secrets
import string
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
from designate_like.central import rules

_ALPHABET = string.ascii_uppercase + string.digits
_KEY_LENGTH = 8
_requests = store.zone_transfer_requests.repository


class ZoneTransferRequests(endpoint.Endpoint):
    """What users do with transfer requests."""
    namespace = 'zone_transfer_requests'

    @store.retried
    def create(self, ctx: context.RequestContext, zone_id: str,
               values: Mapping[str, Any]) -> resources.ZoneTransferRequest:
        """Offer a zone to a project, or to whoever is given the key."""
        target = values.get('target_project_id')
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            policy.authorize(ctx, 'create_zone_transfer_request', endpoint.zone_target(
                zone, target_project_id=target, target_tenant_id=target))
            rules.not_deleting(zone)
            if store.zone_transfer_requests.is_offered(tx, zone.id):
                raise errors.DuplicateZoneTransferRequest()
            key = ''.join(secrets.choice(_ALPHABET) for _ in range(_KEY_LENGTH))
            request = resources.ZoneTransferRequest(
                id=str(uuid.uuid4()), zone_id=zone.id, zone_name=zone.name, key=key,
                project_id=ctx.project_id or zone.project_id, created_at=self._now(), **values)
            _requests.insert(tx, request)
        self._emit(ctx, 'zone_transfer_request.create', request)
        return request

    def get(self, ctx: context.RequestContext,
            zone_transfer_request_id: str) -> resources.ZoneTransferRequest:
        """A request, for its owner with its key."""
        with self._store.read() as tx:
            request = _requests.get(tx, zone_transfer_request_id)
        policy.authorize(ctx, 'get_zone_transfer_request', target_of(request))
        return _shown(ctx, request)

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of the caller's requests, and of those that name the caller's project."""
        policy.authorize(ctx, 'find_zone_transfer_requests', policy.target(ctx.project_id))
        with self._store.read() as tx:
            items, total = _requests.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir),
                *store.zone_transfer_requests.seen_by(endpoint.whose(ctx)))
        return endpoint.listed([_shown(ctx, each) for each in items], total)

    @store.retried
    def update(self, ctx: context.RequestContext, zone_transfer_request_id: str,
               values: Mapping[str, Any]) -> resources.ZoneTransferRequest:
        """Change for whom a request is, or what it says."""
        with self._store.write() as tx:
            _, request = locked(tx, zone_transfer_request_id)
            policy.authorize(ctx, 'update_zone_transfer_request', target_of(request))
            changes = {**values, 'updated_at': self._now()}
            _requests.update(tx, request.id, **changes)
        changed = request.replace(**changes)
        self._emit(ctx, 'zone_transfer_request.update', changed, request)
        return changed

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_transfer_request_id: str) -> None:
        """Withdraw a request; of one that was accepted only the records go."""
        with self._store.write() as tx:
            _, request = locked(tx, zone_transfer_request_id)
            policy.authorize(ctx, 'delete_zone_transfer_request', target_of(request))
            store.zone_transfer_requests.delete(tx, request.id)
        self._emit(ctx, 'zone_transfer_request.delete', request)


def locked(tx: sqlalchemy.Connection,
           request_id: str) -> tuple[resources.Zone, resources.ZoneTransferRequest]:
    """A request and its zone, which is locked.

    :raises ZoneTransferRequestNotFound: when there is none.
    """
    zone = store.zones.lock(tx, _requests.get(tx, request_id).zone_id)
    return zone, _requests.get(tx, request_id)      # As it is now that nobody changes it.


def target_of(request: resources.ZoneTransferRequest) -> dict[str, Any]:
    """What the policy is told of a request."""
    return policy.target(
        request.project_id, zone_id=request.zone_id, zone_name=request.zone_name,
        target_project_id=request.target_project_id, target_tenant_id=request.target_project_id)


def _shown(ctx: context.RequestContext,
           request: resources.ZoneTransferRequest) -> resources.ZoneTransferRequest:
    """A request as the caller may see it."""
    if policy.allows(ctx, 'get_zone_transfer_request_detailed', target_of(request)):
        return request
    return request.replace(key=None)
