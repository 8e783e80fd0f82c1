# SPDX-License-Identifier: Apache-2.0
"""Giving the records of a zone to an owner, and taking them away, in one transaction.

Owners share recordsets with each other and with users. A record goes when the last who wants it
lets go of it, a recordset with its last record. While an owner has a record in it, a recordset is
managed: users may not change it.
"""
import datetime
import uuid
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import sqlalchemy
from oslo_config import cfg

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import content
from designate_like.central import rules
from designate_like.resources import names
from designate_like.resources import owners
from designate_like.resources import rdata


class Arrangement:
    """What one owner has, and what becomes of it."""

    def __init__(self, tx: sqlalchemy.Connection, conf: cfg.ConfigOpts, owner: resources.Owner,
                 places: Iterable[store.owners.Place], when: datetime.datetime,
                 now: datetime.datetime) -> None:
        """Begin; the owner is one that the transaction has locked.

        :param when: when the owner came to want what follows.
        """
        self._tx = tx
        self._conf = conf
        self._owner = owner
        self._when = when
        self._now = now
        #: Where the owner has records.
        self.places = set(places)
        #: The zones that have a new version, by id.
        self.changed: dict[str, resources.Zone] = {}
        #: What others are told once all is done: the event, the recordset, and as it was.
        self.events: list[tuple[Any, ...]] = []

    def arrange(self, zone: resources.Zone, wanted: Sequence[Mapping[str, Any]]) -> None:
        """Make the owner's records in a zone, which is locked, those of these recordsets.

        :param wanted: parsed bodies.
        """
        by_place = {(names.key(each['name']), each['type']): each for each in wanted
                    if each['records']}
        here = [place for place in self.places if place.zone_id == zone.id]
        present = {(each.key, each.type): each
                   for each in store.owners.records(self._tx, here)}
        self.leave(zone.id)
        for place, recordset in present.items():
            if place not in by_place:
                zone = self._hand(zone, recordset, [])
        for place, body in by_place.items():
            found = present.get(place) or store.recordsets.named(self._tx, zone.id, *place)
            if found is None:
                zone, found = self._add(zone, body)
            else:
                zone = self._hand(zone, found, body['records'])
            self.places.add(store.owners.Place(zone.id, found.id))

    def leave(self, zone_id: str) -> None:
        """Know no more of what the owner had in a zone."""
        self.places = {place for place in self.places if place.zone_id != zone_id}

    def keep(self) -> None:
        """Remember where the owner has records now."""
        store.owners.keep(self._tx, self._owner, sorted(self.places), self._when)

    def _add(self, zone: resources.Zone,
             body: Mapping[str, Any]) -> tuple[resources.Zone, resources.Recordset]:
        """Make a recordset of the owner's alone, in the project that the zone is of."""
        name, type_, records = body['name'], body['type'], body['records']
        rules.supported(type_, self._conf.supported_record_type)
        rules.not_soa(type_)
        rules.recordset_name(name, self._conf['service:central'].max_recordset_name_len)
        rules.location(self._tx, zone, name, type_)
        rules.within(self._limits(zone), 'zone_recordsets', zone.recordset_count + 1)
        self._check_records(zone, type_, records)
        after, recordset = content.add(self._tx, zone, resources.Recordset(
            id=str(uuid.uuid4()), zone_id=zone.id, project_id=zone.project_id, name=name,
            key=names.key(name), type=type_, records=records, ttl=body.get('ttl'),
            description=body.get('description'), created_at=self._now, managed=True,
            claims=[resources.Claim(data=each, owner=self._owner) for each in records],
        ), self._now)
        self._note(after, 'recordset.create', recordset)
        return after, recordset

    def _hand(self, zone: resources.Zone, recordset: resources.Recordset,
              wanted: Sequence[str]) -> resources.Zone:
        """Make the owner's records in a recordset these; returns the zone as it is then."""
        if recordset.managed and not recordset.claims:
            raise errors.BadRequest(f"The {recordset.type} records of '{recordset.name}' are made "
                                    'by the service')
        held = owners.handed(recordset.holders, self._owner, _spelled(recordset, wanted))
        if not held:
            after = content.remove(self._tx, zone, recordset, self._now)
            self._note(after, 'recordset.delete',
                       recordset.replace(zone_deleting=True, zone_failed=False))
            return after
        claims, records = owners.claims(held), list(held)
        values: dict[str, Any] = {'claims': claims, 'managed': bool(claims)}
        if records == recordset.records:
            if claims != recordset.claims:      # The DNS shows nothing of it.
                store.recordsets.update(self._tx, recordset.id, **values)
            return zone
        self._check_records(zone, recordset.type, records)
        after, changed = content.change(self._tx, zone, recordset,
                                        {'records': records, **values}, self._now)
        self._note(after, 'recordset.update', changed, recordset)
        return after

    def _check_records(self, zone: resources.Zone, type_: str, records: list[str]) -> None:
        rules.one_cname(type_, records)
        rules.within(self._limits(zone), 'recordset_records', len(records))

    def _limits(self, zone: resources.Zone) -> dict[str, int]:
        return rules.limits(self._tx, self._conf, zone.project_id)

    def _note(self, zone: resources.Zone, *event: Any) -> None:
        self.changed[zone.id] = zone
        self.events.append(event)


def _spelled(recordset: resources.Recordset, wanted: Iterable[str]) -> list[str]:
    """Records as the recordset has them, where it has the same in another spelling."""
    def canonical(text: str) -> bytes:
        return rdata.canonical(recordset.type,
                               rdata.parse(recordset.type, text, recordset.name))
    present = {canonical(text): text for text in recordset.records}
    return [present.get(canonical(text), text) for text in wanted]
