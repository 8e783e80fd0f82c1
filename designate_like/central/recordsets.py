# SPDX-License-Identifier: Apache-2.0
"""Recordsets: every change is a version of its zone, in the same transaction."""
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
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.central import serials
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.resources import rr
from designate_like.resources import soa


class Recordsets(endpoint.Endpoint):
    """What users do with recordsets."""
    namespace = 'recordsets'

    @store.retried
    def create(self, ctx: context.RequestContext, zone_id: str,
               values: Mapping[str, Any]) -> resources.Recordset:
        """Create a recordset; without records it is stored and not served."""
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
            self._length(name)
            rules.location(tx, zone, name, type_)
            rules.one_cname(type_, records)
            rules.within(limits, 'recordset_records', len(records))
            rules.within(limits, 'zone_records', zone.record_count + len(records))
            now = self._now()
            wire = _wire(type_, name, records)
            serial = serials.following(zone, now) if wire else 0
            recordset = resources.Recordset(
                id=str(uuid.uuid4()), zone_id=zone.id, project_id=ctx.project_id, name=name,
                key=names.key(name), type=type_, records=records, ttl=values.get('ttl'),
                description=values.get('description'), created_at=now, serial=serial,
                born_serial=serial, zone_name=zone.name, zone_settled=zone.settled_serial)
            try:
                store.recordsets.insert(tx, recordset, wire)
            except exception.DBDuplicateEntry:
                raise errors.DuplicateRecordset() from None
            counters = {'recordset_count': zone.recordset_count + 1,
                        'record_count': zone.record_count + len(records)}
            if wire:
                zone = serials.advance(tx, zone, now, added=_encode(zone, recordset, wire),
                                       **counters)
            else:
                store.zones.update(tx, zone.id, **counters)
        if wire:
            endpoint.deploy(self._worker, ctx, zone)
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
                policy.authorize(ctx, 'find_recordsets', endpoint.zone_target(zone))
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
            old = store.recordsets.wire(tx, recordset_id)
            wire = _wire(recordset.type, recordset.name, records) if 'records' in values else old
            now = self._now()
            changed = recordset.replace(**values, version=recordset.version + 1, updated_at=now)
            count = zone.record_count + (0 if recordset.managed else more)
            after = zone
            if old or wire:
                after = serials.advance(
                    tx, zone, now, removed=_encode(zone, recordset, old),
                    added=_encode(zone, changed, wire), record_count=count)
                changed = changed.replace(
                    serial=after.serial if wire else 0, zone_failed=False,
                    born_serial=(recordset.born_serial or after.serial) if wire else 0)
            store.recordsets.update(
                tx, recordset_id, **values, wire=wire, version=changed.version, updated_at=now,
                serial=changed.serial, born_serial=changed.born_serial)
        if after is not zone:
            endpoint.deploy(self._worker, ctx, after)
        return changed

    @store.retried
    def delete(self, ctx: context.RequestContext, zone_id: str,
               recordset_id: str) -> resources.Recordset:
        """Delete a recordset; its name and type are free at once."""
        with self._store.write() as tx:
            zone, recordset = self._lock(tx, ctx, zone_id, recordset_id, 'deleted')
            policy.authorize(ctx, 'delete_recordset', _target(zone, recordset))
            wire = store.recordsets.wire(tx, recordset_id)
            store.recordsets.delete(tx, recordset_id)
            fewer = 0 if recordset.managed else len(recordset.records)
            counters = {'recordset_count': zone.recordset_count - 1,
                        'record_count': zone.record_count - fewer}
            after = zone
            if wire:
                after = serials.advance(tx, zone, self._now(),
                                        removed=_encode(zone, recordset, wire), **counters)
            else:
                store.zones.update(tx, zone.id, **counters)
        if after is not zone:
            endpoint.deploy(self._worker, ctx, after)
        return recordset.replace(zone_deleting=True, zone_failed=False)

    def _lock(self, tx: sqlalchemy.Connection, ctx: context.RequestContext, zone_id: str,
              recordset_id: str, verb: str) -> tuple[resources.Zone, resources.Recordset]:
        """The zone, locked, and its recordset, if the caller may change it so."""
        zone = endpoint.zone_seen_by(tx, ctx, zone_id, lock=True)
        recordset = store.recordsets.get(tx, recordset_id, zone_id)
        rules.changeable(ctx, zone, recordset, verb)
        rules.not_deleting(zone)
        return zone, recordset

    def _length(self, name: str) -> None:
        longest = self._options.max_recordset_name_len
        if len(name) > longest:
            raise errors.InvalidRecordsetName(
                f"'{name}': a recordset name may have {longest} characters "
                f'(max_recordset_name_len), this one has {len(name)}')


def _wire(type_: str, name: str, records: list[str]) -> bytes:
    # Two texts may be one record (::1, 0::1), which the DNS holds once (RFC 2181 section 5).
    return rdata.join(list(dict.fromkeys(rdata.parse(type_, text, name) for text in records)))


def _encode(zone: resources.Zone, recordset: resources.Recordset, wire: bytes) -> bytes:
    ttl = zone.ttl if recordset.ttl is None else recordset.ttl
    return rr.encode(recordset.name, recordset.type, ttl, wire)


def _shown(recordset: resources.Recordset, zone: resources.Zone | None) -> resources.Recordset:
    """A recordset as users see it: the SOA is made of its zone."""
    if recordset.type != 'SOA' or zone is None:
        return recordset
    return recordset.replace(records=[soa.text(zone)], updated_at=zone.updated_at)


def _target(zone: resources.Zone, recordset: resources.Recordset) -> dict[str, Any]:
    return endpoint.zone_target(
        zone, recordset_id=recordset.id, recordset_name=recordset.name,
        recordset_project_id=recordset.project_id)
