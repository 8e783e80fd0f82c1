# SPDX-License-Identifier: Apache-2.0
"""The guardian's half in central: which zones name servers should show, and with what content."""
import random
from typing import Any

from designate_like import context
from designate_like import store
from designate_like.central import endpoint
from designate_like.resources import digest
from designate_like.resources import names

_BATCH = 100        # zones in one message


class Guardian(endpoint.Endpoint):
    """More of the namespace ``zones``; a range of shards is half-open, of 4096."""
    namespace = 'zones'

    def verify(self, ctx: context.RequestContext, shards: tuple[int, int]) -> int:
        """Have the worker compare settled zones with what their servers show.

        It also asks for zones that were deleted lately. Returns how many are settled.
        """
        count = self._cast(ctx, shards, store.sweeps.healthy, self._worker.cast.zones.verify)
        self._cast(ctx, shards, store.sweeps.removed, self._worker.cast.zones.look_for)
        return count

    def _cast(self, ctx: context.RequestContext, shards: tuple[int, int], some: Any,
              cast: Any) -> int:
        marker, count = '', 0
        while True:
            with self._store.read() as tx:
                zones = some(tx, tuple(shards), marker, _BATCH)
            if not zones:
                return count
            cast(ctx, zones=zones)
            marker, count = zones[-1].id, count + len(zones)

    def digest(self, ctx: context.RequestContext, zone_id: str) -> dict[str, Any]:
        """The fingerprint of all that a zone holds: its ``serial``, ``digest`` and ``count``.

        :raises ZoneNotFound: when there is no such zone.
        """
        total = digest.Sum()
        with self._store.read() as tx:
            zone = store.zones.get(tx, zone_id)
            for each in store.recordsets.stream(tx, zone_id):
                _add(total, zone.ttl, each)
        return {'serial': zone.serial, 'digest': total.digest.text, 'count': total.count}

    def sample(self, ctx: context.RequestContext, zone_id: str, count: int) -> dict[str, Any]:
        """Some sets of records of a zone: its ``serial``, and ``rrsets`` with their digests.

        They are neighbours; each is as likely to be among them as any other. A zone that has no
        more than ``count`` comes whole. Names in child zones are left out, as servers that have
        these answer from them.

        :raises ZoneNotFound: when there is no such zone.
        """
        with self._store.read() as tx:
            zone = store.zones.get(tx, zone_id)
            there = zone.recordset_count - 1        # Without the SOA.
            first = random.randrange(1 - count, there) if there > count else 0
            drawn = store.recordsets.some(tx, zone_id, max(first, 0), count + min(first, 0))
            above = {key for each in drawn for key in _keys(each.name)
                     if len(key) > len(zone.key)}
            children = {child.key for child in store.zones.named(tx, above)}
        rrsets = []
        for each in drawn:
            if children.isdisjoint(_keys(each.name)):
                total = digest.Sum()
                _add(total, zone.ttl, each)
                rrsets.append({'name': each.name, 'type': each.type, 'digest': total.digest.text})
        return {'serial': zone.serial, 'rrsets': rrsets}


def _add(total: digest.Sum, ttl: int, rrset: store.recordsets.RRset) -> None:
    total.add_stored(rrset.name, rrset.type, ttl if rrset.ttl is None else rrset.ttl, rrset.wire)


def _keys(name: str) -> list[str]:
    """The keys of a name and of all names that enclose it."""
    return [names.key(each) for each in (name, *names.parents(name))]
