# SPDX-License-Identifier: Apache-2.0
"""Recordsets: every change is a version of its zone, in the same transaction."""
import functools
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import content
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.resources import names
from designate_like.resources import soa


class Recordsets(endpoint.Endpoint):
    """What users do with recordsets."""
    namespace = 'recordsets'

    def create(self, ctx: context.RequestContext, zone_id: str,
               values: Mapping[str, Any]) -> resources.Recordset:
        """Create a recordset; without records it is stored and not served."""
        return self._once(values, functools.partial(self._create, ctx), store.recordsets.get,
                          zone_id=zone_id)

    @store.retried
    def _create(self, ctx: context.RequestContext, zone_id: str,
                values: Mapping[str, Any]) -> resources.Recordset:
        name, type_, records = values['name'], values['type'], values.get('records', [])
        with self._store.write() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
            rules.not_deleting(zone)
            rules.supported(type_, self._conf.supported_record_type)
            rules.not_soa(type_)
            policy.authorize(ctx, 'create_recordset', endpoint.zone_target(
                zone, recordset_name=name))
            limits = rules.limits(tx, self._conf, zone.project_id)
            rules.within(limits, 'zone_recordsets', zone.recordset_count + 1)
            rules.ttl(ctx, values.get('ttl'), self._options.min_ttl)
            rules.recordset_name(name, self._options.max_recordset_name_len)
            rules.location(tx, zone, name, type_)
            rules.one_cname(type_, records)
            rules.within(limits, 'recordset_records', len(records))
            rules.within(limits, 'zone_records', zone.record_count + len(records))
            now = self._now()
            after, recordset = content.add(tx, zone, resources.Recordset(
                id=values.get('id') or str(uuid.uuid4()), zone_id=zone.id,
                project_id=ctx.project_id or zone.project_id, name=name, key=names.key(name),
                type=type_, records=records, ttl=values.get('ttl'),
                description=values.get('description'), created_at=now), now)
        self._deploy(ctx, zone, after)
        self._emit(ctx, 'recordset.create', recordset)
        return recordset

    def get(self, ctx: context.RequestContext, zone_id: str,
            recordset_id: str) -> resources.Recordset:
        """The recordset with that id, if the caller sees its zone."""
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            recordset = _shown(store.recordsets.get(tx, recordset_id, zone_id), zone)
        policy.authorize(ctx, 'get_recordset', _target(zone, recordset))
        return recordset

    def locate(self, ctx: context.RequestContext, recordset_id: str) -> resources.Recordset:
        """The recordset with that id, whatever its zone."""
        with self._store.read() as tx:
            zone_id = store.recordsets.get(tx, recordset_id).zone_id
        try:
            return self.get(ctx, zone_id, recordset_id)
        except errors.ZoneNotFound:     # No word about zones: the caller named none.
            raise errors.RecordsetNotFound() from None

    def find(self, ctx: context.RequestContext, zone_id: str | None, filters: Mapping[str, str],
             marker: str | None, limit: int, sort_key: str, sort_dir: str,
             count: bool) -> Mapping[str, Any]:
        """One page of the recordsets of a zone or, without one, of the caller's project."""
        page = store.Page(marker, limit, sort_key, sort_dir)
        with self._store.read() as tx:
            if zone_id is None:
                policy.authorize(ctx, 'find_recordsets', policy.target(ctx.project_id))
                items, total = store.recordsets.find(tx, None, endpoint.whose(ctx), filters, page,
                                                     count)
                zones = {each.zone_id: store.zones.get(tx, each.zone_id)
                         for each in items if each.type == 'SOA'}
            else:
                zone = endpoint.zone_seen_by(tx, ctx, zone_id)
                # The list is the caller's, even where the zone is only shared.
                policy.authorize(ctx, 'find_recordsets', endpoint.zone_target(
                    zone.replace(project_id=ctx.project_id) if zone.guest else zone))
                items, total = store.recordsets.find(tx, zone, None, filters, page, count)
                zones = {zone_id: zone}
        return endpoint.listed([_shown(each, zones.get(each.zone_id)) for each in items], total)

    def writable(self, ctx: context.RequestContext, zone_id: str, recordset_id: str,
                 verb: str) -> resources.Recordset:
        """The recordset, if it is not one that only the service changes.

        :param verb: ``updated`` or ``deleted``, for the sentence of the refusal.
        """
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            recordset = store.recordsets.get(tx, recordset_id, zone_id)
        rules.changeable(ctx, zone, recordset, verb)
        return _shown(recordset, zone)

    @store.retried
    def update(self, ctx: context.RequestContext, zone_id: str, recordset_id: str,
               values: Mapping[str, Any]) -> resources.Recordset:
        """Change a recordset; what ``values`` does not hold stays."""
        with self._store.write() as tx:
            zone, recordset = self._lock(tx, ctx, zone_id, recordset_id, 'updated')
            policy.authorize(ctx, 'update_recordset', _target(zone, recordset))
            if 'ttl' in values:
                rules.ttl(ctx, values['ttl'], self._options.min_ttl)
            records = values.get('records', recordset.records)
            rules.one_cname(recordset.type, records)
            more = len(records) - len(recordset.records)
            if 'records' in values:
                limits = rules.limits(tx, self._conf, zone.project_id)
                rules.within(limits, 'recordset_records', len(records))
                if more > 0 and not recordset.managed:
                    rules.within(limits, 'zone_records', zone.record_count + more)
            after, changed = content.change(tx, zone, recordset, values, self._now())
        self._deploy(ctx, zone, after)
        self._emit(ctx, 'recordset.update', changed, recordset)
        return changed

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_id: str,
               recordset_id: str) -> resources.Recordset:
        """Delete a recordset; its name and type are free at once."""
        with self._store.write() as tx:
            zone, recordset = self._lock(tx, ctx, zone_id, recordset_id, 'deleted')
            policy.authorize(ctx, 'delete_recordset', _target(zone, recordset))
            after = content.remove(tx, zone, recordset, self._now())
        self._deploy(ctx, zone, after)
        gone = recordset.replace(zone_deleting=True, zone_failed=False)
        self._emit(ctx, 'recordset.delete', gone)
        return gone

    def _lock(self, tx: sqlalchemy.Connection, ctx: context.RequestContext, zone_id: str,
              recordset_id: str, verb: str) -> tuple[resources.Zone, resources.Recordset]:
        """The zone, locked, and its recordset, if the caller may change it so."""
        zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
        recordset = store.recordsets.get(tx, recordset_id, zone_id)
        rules.changeable(ctx, zone, recordset, verb)
        rules.not_deleting(zone)
        return zone, recordset

    def _deploy(self, ctx: context.RequestContext, before: resources.Zone,
                after: resources.Zone) -> None:
        if after.serial != before.serial:
            endpoint.deploy(self._worker, ctx, after)


def _shown(recordset: resources.Recordset, zone: resources.Zone | None) -> resources.Recordset:
    """A recordset as users see it: the SOA is made of its zone."""
    if recordset.type != 'SOA' or zone is None:
        return recordset
    return recordset.replace(records=[soa.text(zone)])


def _target(zone: resources.Zone, recordset: resources.Recordset) -> dict[str, Any]:
    return endpoint.zone_target(
        zone, recordset_id=recordset.id, recordset_name=recordset.name,
        recordset_project_id=recordset.project_id)
