# SPDX-License-Identifier: Apache-2.0
"""Floating IPs: their PTR records, in reverse zones that the service keeps.

A PTR is a recordset of the nearest zone around its name; where there is none, that of the
address's /24 or /64 is made. It carries the tag of the floating IP and the project for which it
was set. One that says what is no longer so, because the address has gone to another floating IP
of the region or the floating IP to another project, is removed by whoever sees it first.
"""
import datetime
import logging
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import catalog
from designate_like.central import content
from designate_like.central import creation
from designate_like.central import endpoint
from designate_like.central import network
from designate_like.central import rules
from designate_like.resources import lifecycle
from designate_like.resources import names
from designate_like.resources import zones

LOG = logging.getLogger(__name__)


class Floatingips(endpoint.Endpoint):
    """What users do with the names of their floating IPs."""
    namespace = 'floatingips'

    def __init__(self, with_: endpoint.Collaborators) -> None:
        super().__init__(with_)
        self._network = network.from_conf(self._conf)
        self._creation = creation.Creation(self._conf)

    def find(self, ctx: context.RequestContext) -> list[resources.Floatingip]:
        """All floating IPs of the caller's project, with a PTR or without.

        :raises NoEndpoint, NeutronCommunicationFailure: see :mod:`network`.
        """
        policy.authorize(ctx, 'find_recordsets', policy.target(ctx.project_id))
        return self._named(ctx, self._network.floatingips(ctx))

    def get(self, ctx: context.RequestContext, floatingip_id: str) -> resources.Floatingip:
        """The floating IP with that id, which is ``region:id``.

        :raises NotFound: when the caller's project has none.
        """
        policy.authorize(ctx, 'get_recordset', policy.target(ctx.project_id))
        return self._named(ctx, [self._lent(ctx, floatingip_id)])[0]

    def update(self, ctx: context.RequestContext, floatingip_id: str,
               values: Mapping[str, Any]) -> resources.Floatingip:
        """Set the PTR of a floating IP or, without a name, unset it.

        :raises NotFound: when the caller's project has none, or there is nothing to unset.
        """
        policy.authorize(ctx, 'update_recordset', policy.target(
            ctx.project_id, zone_type=zones.PRIMARY))
        rules.ttl(ctx, values.get('ttl'), self._options.min_ttl)
        lent = self._lent(ctx, floatingip_id)
        if values.get('ptrdname') is not None:
            return self._set(ctx, lent, values)
        if not self._unset(ctx, lent, self._tag(ctx, lent)):
            raise errors.NotFound(f'{lent.address} has no PTR record')
        return lent

    def _lent(self, ctx: context.RequestContext, floatingip_id: str) -> resources.Floatingip:
        found = self._network.floatingips(ctx, *floatingip_id.split(':'))
        if not found:
            raise errors.NotFound(f"There is no floating IP '{floatingip_id}'")
        return found[0]

    def _tag(self, ctx: context.RequestContext, lent: resources.Floatingip) -> resources.Owner:
        region, id_ = lent.id.split(':')
        return resources.Owner(
            plugin_type='network_api', plugin_name=self._network.plugin_name,
            resource_type='floatingip', resource_region=region, resource_id=id_,
            project_id=ctx.project_id)

    # -- reading --

    def _named(self, ctx: context.RequestContext,
               lent: list[resources.Floatingip]) -> list[resources.Floatingip]:
        """Floating IPs with what the database knows of them."""
        with self._store.read() as tx:
            found = store.floatingips.pointers(tx, [each.pointer for each in lent])
        return [self._shown(ctx, each, found.get(each.pointer)) for each in lent]

    def _shown(self, ctx: context.RequestContext, lent: resources.Floatingip,
               pointer: store.floatingips.Pointer | None) -> resources.Floatingip:
        owner, tag = pointer and _owner(pointer.recordset), self._tag(ctx, lent)
        if owner == tag:
            return _with(lent, *pointer)
        if owner and owner.replace(resource_id=tag.resource_id, project_id=tag.project_id) == tag:
            try:
                self._unset(ctx, lent, owner)
            except errors.DatabaseUnavailable as problem:   # The next one who reads removes it.
                LOG.warning('The stale PTR of %s stays for now: %s', lent.address, problem.message)
        return lent

    # -- writing --

    @store.retried
    def _set(self, ctx: context.RequestContext, lent: resources.Floatingip,
             values: Mapping[str, Any]) -> resources.Floatingip:
        now, tag = self._now(), self._tag(ctx, lent)
        name = values['ptrdname']
        members = {'records': [name], 'ttl': values.get('ttl'),
                   'description': values.get('description'), 'managed': True,
                   'claims': [resources.Claim(data=name, owner=tag)]}
        with self._store.write() as tx:
            zone, is_new = self._zone(tx, ctx, lent, now)
            rules.location(tx, zone, lent.pointer, 'PTR')
            old = store.floatingips.pointers(tx, [lent.pointer]).get(lent.pointer)
            if old is None:
                after, recordset = content.add(tx, zone, resources.Recordset(
                    id=str(uuid.uuid4()), zone_id=zone.id, name=lent.pointer,
                    key=names.key(lent.pointer), type='PTR', created_at=now,
                    project_id=self._options.managed_resource_tenant_id, **members), now)
            else:
                after, recordset = content.change(tx, zone, old.recordset, members, now)
            listing = catalog.join(tx, zone, now) if is_new else None
        endpoint.deploy(self._worker, ctx, listing, after)
        if is_new:
            self._emit(ctx, 'zone.create', zone)
        self._emit(ctx, *(('recordset.create', recordset) if old is None else
                          ('recordset.update', recordset, old.recordset)))
        was_set = old is not None and _owner(old.recordset) == tag
        return _with(lent, recordset, after).replace(
            status=lifecycle.PENDING, action=lifecycle.UPDATE if was_set else lifecycle.CREATE)

    def _zone(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
              lent: resources.Floatingip, now: datetime.datetime) -> tuple[resources.Zone, bool]:
        """The zone for a PTR, locked, and whether it has just been made."""
        key = names.key(lent.pointer)
        found = store.zones.enclosing(tx, key)
        if found is None:
            store.name_locks.take(tx, key)      # Another transaction may be making it.
            found = store.zones.enclosing(tx, key)
        if found is None:
            return self._creation.create_managed(tx, ctx, lent.zone_name, now), True
        zone = store.zones.lock(tx, found.id)
        rules.not_deleting(zone)
        if zone.type != zones.PRIMARY:
            raise errors.Forbidden(f"PTR records of '{zone.name}' are made where that zone is "
                                   'transferred from')
        return zone, False

    @store.retried
    def _unset(self, ctx: context.RequestContext, lent: resources.Floatingip,
               owner: resources.Owner) -> bool:
        """Remove the PTR of an address; returns False if it is not, or no more, that owner's."""
        with self._store.write() as tx:
            zone = store.zones.enclosing(tx, names.key(lent.pointer))
            if zone is not None:
                store.zones.lock(tx, zone.id)
            found = store.floatingips.pointers(tx, [lent.pointer]).get(lent.pointer)
            if found is None or _owner(found.recordset) != owner:
                return False
            after = content.remove(tx, found.zone, found.recordset, self._now())
        endpoint.deploy(self._worker, ctx, after)
        self._emit(ctx, 'recordset.delete',
                   found.recordset.replace(zone_deleting=True, zone_failed=False))
        return True


def _owner(recordset: resources.Recordset) -> resources.Owner | None:
    """For which floating IP a PTR is kept, if it is for one alone."""
    return recordset.claims[0].owner if len(recordset.claims) == 1 else None


def _with(lent: resources.Floatingip, recordset: resources.Recordset,
          zone: resources.Zone) -> resources.Floatingip:
    """A floating IP as its PTR makes it."""
    return lent.replace(
        ptrdname=recordset.records[0], description=recordset.description,
        ttl=zone.ttl if recordset.ttl is None else recordset.ttl, status=recordset.status,
        action=recordset.action)
