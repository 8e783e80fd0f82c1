# SPDX-License-Identifier: Apache-2.0
"""Records that the service keeps for things elsewhere in the cloud: their owners.

An owner says which records it wants in a zone, and has these and no others from then on. Asking
the same twice changes nothing, and news older than what an owner has said already are passed
over, so they may come in any order.

No policy is asked. Everything else that holds for the zone does: where names may stand, its
quotas, that it is a primary one.
"""
import datetime
import logging
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.central import arrangement
from designate_like.central import endpoint
from designate_like.central import rules
from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources import zones

LOG = logging.getLogger(__name__)

_BATCH = 1000       # rows that one step deletes


class Managed(endpoint.Endpoint):
    """More of the namespace ``recordsets``."""
    namespace = 'recordsets'

    @store.retried
    def manage(self, ctx: context.RequestContext, zone_id: str, owner: Mapping[str, Any],
               recordsets: Sequence[Mapping[str, Any]], when: str | None = None) -> None:
        """Make the records that an owner has in a zone these.

        :param owner: the members of an Owner.
        :param recordsets: bodies as the API takes them; their ttl and description are for where
            there is no such recordset yet.
        :param when: when the owner came to want them, in UTC as the API shows times; None is now.
        :raises BadRequest, Forbidden, NotFound, OverQuota: nothing has changed.
        """
        wanted = [resources.Recordset.parse(each, base.CREATE) for each in recordsets]
        with self._store.write() as tx:
            made = self._arrangement(tx, owner, when)
            if made is None:
                return
            zone = store.zones.lock(tx, zone_id)
            rules.not_deleting(zone)
            if zone.type != zones.PRIMARY:
                raise errors.Forbidden(f"Records of '{zone.name}' are made where that zone is "
                                       'transferred from')
            made.arrange(zone, wanted)
            made.keep()
        self._tell(ctx, made)

    @store.retried
    def unmanage(self, ctx: context.RequestContext, owner: Mapping[str, Any],
                 zone_id: str | None = None, when: str | None = None) -> None:
        """Take away the records that an owner has in a zone or, without one, in all zones."""
        with self._store.write() as tx:
            made = self._arrangement(tx, owner, when)
            if made is None:
                return
            for each in [zone_id] if zone_id else sorted({place.zone_id for place in made.places}):
                try:
                    zone = store.zones.lock(tx, each)
                    rules.not_deleting(zone)
                except (errors.ZoneNotFound, errors.BadRequest):    # All of it goes.
                    made.leave(each)
                else:
                    made.arrange(zone, [])
            made.keep()
        self._tell(ctx, made)

    @store.retried
    def trim_owners(self, ctx: context.RequestContext, older_than: float) -> int:
        """Forget owners that have had no records for so many seconds; returns how many."""
        before = self._now() - datetime.timedelta(seconds=older_than)
        count, some = 0, -1
        while some:
            with self._store.write() as tx:
                some = store.owners.forget(tx, before, _BATCH)
            count += some
        return count

    def _arrangement(self, tx: sqlalchemy.Connection, owner: Mapping[str, Any],
                     when: str | None) -> arrangement.Arrangement | None:
        """What is known of an owner, locked; None when these are old news."""
        about, now = resources.Owner(**resources.Owner.parse(owner, base.CREATE)), self._now()
        then = min(types.DateTime().load(when) or now, now)     # A clock ahead of ours is wrong.
        held = store.owners.lock(tx, about, then)
        if then < held.told_at:
            LOG.info('News of %s %s from %s are passed over: there are some from %s',
                     about.resource_type, about.resource_id, then, held.told_at)
            return None
        return arrangement.Arrangement(tx, self._conf, about, held.places, then, now)

    def _tell(self, ctx: context.RequestContext, made: arrangement.Arrangement) -> None:
        endpoint.deploy(self._worker, ctx, *made.changed.values())
        for event in made.events:
            self._emit(ctx, *event)
