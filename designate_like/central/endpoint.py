# SPDX-License-Identifier: Apache-2.0
"""What the endpoints of all nouns share: their collaborators, and lists."""
import concurrent.futures
import contextlib
import dataclasses
import datetime
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import TypeVar

from oslo_config import cfg
from oslo_utils import timeutils

from designate_like import context
from designate_like import errors
from designate_like import notifications
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import rules
from designate_like.central import worker
from designate_like.resources import base

R = TypeVar('R', bound=base.Resource)


@dataclasses.dataclass(frozen=True)
class Collaborators:
    """What an endpoint works with."""
    conf: cfg.ConfigOpts
    store: store.Store
    worker: worker.Worker
    changes: notifications.Changes
    background: concurrent.futures.Executor     # for work that takes longer than a caller waits


class Endpoint:
    """The base of every noun's endpoint on the bus."""
    namespace: str

    def __init__(self, with_: Collaborators) -> None:
        self._conf = with_.conf
        self._options = with_.conf['service:central']
        self._store = with_.store
        self._worker = with_.worker
        self._changes = with_.changes

    def _emit(self, ctx: context.RequestContext, event: str, thing: base.Resource,
              old: base.Resource | None = None, **changes: Any) -> None:
        """Notify other services of a change, after its transaction; see notifications.Changes."""
        self._changes.tell(ctx, event, thing, old, **changes)

    def _once(self, values: Mapping[str, Any], create: Callable[..., R],
              get: Callable[..., R], **ids: str) -> R:
        """What a creation returns or, if the same request was done before, what it made then.

        A broker that dies may deliver a request a second time. The API gives each thing that it
        asks for an id, by which it is known.

        :param get: finds a thing by its id, in a transaction.
        """
        try:
            return create(values=values, **ids)
        except errors.Error as problem:
            if problem.code >= errors.Internal.code:
                raise
            with self._store.read() as tx, contextlib.suppress(errors.NotFound):
                return get(tx, values.get('id', ''), **ids)
            raise

    @staticmethod
    def _now() -> datetime.datetime:
        return timeutils.utcnow(with_timezone=False)


def whose(ctx: context.RequestContext) -> str | None:
    """The project whose things the caller sees; None is every project."""
    return None if ctx.all_tenants else ctx.project_id or ''


def zone_target(zone: resources.Zone, **more: Any) -> dict[str, Any]:
    """What the policy is told of a zone."""
    return policy.target(zone.project_id, zone_id=zone.id, zone_name=zone.name,
                         zone_type=zone.type, zone_shared=str(zone.guest), **more)


def zone_seen_by(tx: Any, ctx: context.RequestContext, zone_id: str,
                 lock: bool = False) -> resources.Zone:
    """The zone with that id, as the caller sees it; ``guest`` tells whose it is.

    :param lock: because the caller wants to change it.
    :raises Forbidden: when it is a catalog, which only the service changes.
    :raises ZoneNotFound: when there is none, or it is another project's and not shared.
    """
    zone = (store.zones.lock if lock else store.zones.get)(tx, zone_id)
    caller = ctx.project_id or ''
    guest = zone.shared and zone.project_id != caller \
        and store.shared_zones.shared_with(tx, zone.id, caller)
    seen = (zone.project_id == caller or guest) and zone.type != 'CATALOG'
    if not seen and not ctx.all_tenants:
        raise errors.ZoneNotFound()
    if lock:
        rules.not_catalog(zone)
    return zone.replace(guest=guest)


def listed(items: list[Any], total: int) -> Mapping[str, Any]:
    """The answer of every ``find``."""
    return {'items': items, 'total': total}


def deploy(worker_: worker.Worker, ctx: context.RequestContext,
           *zones: resources.Zone | None) -> None:
    """Ask the worker to bring zones to their servers now; a lost request is the sweep's to find."""
    for zone in zones:
        if zone is not None:
            worker_.deploy(ctx, zone=zone)
