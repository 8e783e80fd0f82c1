# SPDX-License-Identifier: Apache-2.0
"""How far each zone has come at each of its name servers."""
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint


class Propagation(endpoint.Endpoint):
    """More of the namespace ``zones``."""
    namespace = 'zones'

    @store.retried
    def seen(self, ctx: context.RequestContext, receipts: list[resources.Receipt]) -> int:
        """Name servers were asked about zones, of any pool; returns how many receipts are news."""
        with self._store.read() as tx:
            news = store.receipts.news(tx, receipts)
        if news:
            with self._store.write() as tx:
                store.receipts.record(tx, news)
        return len(news)

    def propagation(self, ctx: context.RequestContext, zone_id: str) -> dict[str, Any]:
        """The ``zone``, and in ``nameservers`` what every name server of its pool shows of it.

        :raises ZoneNotFound: when there is none, or the caller does not see it.
        """
        with self._store.read() as tx:
            zone = endpoint.zone_seen_by(tx, ctx, zone_id)
            policy.authorize(ctx, 'get_zone_propagation', endpoint.zone_target(zone))
            pool = store.pools.get(tx, zone.pool_id)
            known = {(each.host, each.port): each
                     for each in store.receipts.of_zone(tx, zone_id)}
            nameservers = [
                self._shown(tx, zone, known.get((each.host, each.port)) or resources.Receipt(
                    zone_id=zone_id, host=each.host, port=each.port))
                for each in pool.nameservers]
        return {'zone': zone, 'nameservers': nameservers}

    def _shown(self, tx: sqlalchemy.Connection, zone: resources.Zone,
               receipt: resources.Receipt) -> resources.Propagation:
        return resources.Propagation(
            hostname=receipt.host, port=receipt.port, state=receipt.state(zone.serial),
            serial=receipt.serial, lag=self._lag(tx, zone, receipt), seen_at=receipt.seen_at,
            error=receipt.problem)

    def _lag(self, tx: sqlalchemy.Connection, zone: resources.Zone,
             receipt: resources.Receipt) -> int | None:
        """Seconds since there is a version that the name server lacks."""
        if receipt.serial is None:
            return None
        if receipt.serial >= zone.serial:
            return 0
        made = store.journal.made_after(tx, zone.id, receipt.serial)
        return None if made is None else max(0, int((self._now() - made).total_seconds()))
