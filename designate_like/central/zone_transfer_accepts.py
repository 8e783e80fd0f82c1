# SPDX-License-Identifier: Apache-2.0
"""Transfer accepts: projects taking over zones that are offered to them."""
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import owned
from designate_like.central import rules
from designate_like.central import zone_transfer_requests
from designate_like.resources.zone_transfer_requests import ACTIVE
from designate_like.resources.zone_transfer_requests import COMPLETE


class ZoneTransferAccepts(owned.Owned):
    """What users do with transfer accepts."""
    namespace = 'zone_transfer_accepts'
    kind = resources.ZoneTransferAccept
    rows = store.zone_transfer_accepts
    missing = errors.ZoneTransferAcceptNotFound

    @store.retried
    def create(self, ctx: context.RequestContext,
               values: Mapping[str, Any]) -> resources.ZoneTransferAccept:
        """Take over a zone; its content stays as it is, and so do its name servers.

        :raises InvalidZoneTransferRequest: when it was taken over before.
        :raises InvalidKey: when the key is not that of the request.
        """
        if not ctx.project_id:
            raise errors.MissingProjectId()
        now = self._now()
        with self._store.write() as tx:
            zone, request = zone_transfer_requests.locked(tx, values['zone_transfer_request_id'])
            if request.status != ACTIVE:
                raise errors.InvalidZoneTransferRequest()
            if not secrets.compare_digest(values['key'].encode(), request.key.encode()):
                raise errors.InvalidKey()
            policy.authorize(ctx, 'create_zone_transfer_accept',
                             zone_transfer_requests.target_of(request))
            rules.not_deleting(zone)
            changes = {'project_id': ctx.project_id, 'version': zone.version + 1,
                       'updated_at': now}
            self._hand_over(tx, zone, changes)
            store.zone_transfer_requests.repository.update(
                tx, request.id, status=COMPLETE, updated_at=now)
            accept = resources.ZoneTransferAccept(
                id=str(uuid.uuid4()), zone_id=zone.id, project_id=ctx.project_id, created_at=now,
                **values)
            self.rows.repository.insert(tx, accept)
        self._emit(ctx, 'zone_transfer_accept.create', accept)
        self._emit(ctx, 'zone.update', zone.replace(**changes), zone)
        return accept

    def _hand_over(self, tx: sqlalchemy.Connection, zone: resources.Zone,
                   changes: Mapping[str, Any]) -> None:
        """Make a zone another project's, in a few statements however large it is."""
        project_id = changes['project_id']
        store.quotas.give(tx, zone.project_id, 'zones')
        rules.one_more_zone(tx, project_id, rules.limits(tx, self._conf, project_id)['zones'])
        store.shared_zones.end(tx, zone.id, project_id)
        store.recordsets.hand_over(tx, zone.id, project_id)
        store.zones.update(tx, zone.id, **changes)
