# SPDX-License-Identifier: Apache-2.0
"""Service statuses: what the roles say of themselves."""
import datetime
from collections.abc import Mapping
from typing import Any

from designate_like import context
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.central import endpoint


class ServiceStatuses(endpoint.Endpoint):
    """What operators read, and roles report."""
    namespace = 'service_statuses'

    def get(self, ctx: context.RequestContext, status_id: str) -> resources.ServiceStatus:
        """The status with that id."""
        policy.authorize(ctx, 'find_service_status', policy.target(ctx.project_id))
        with self._store.read() as tx:
            return store.service_statuses.get(tx, status_id)

    def find(self, ctx: context.RequestContext, filters: Mapping[str, str], marker: str | None,
             limit: int, sort_key: str, sort_dir: str) -> Mapping[str, Any]:
        """One page of statuses."""
        policy.authorize(ctx, 'find_service_statuses', policy.target(ctx.project_id))
        with self._store.read() as tx:
            return endpoint.listed(*store.service_statuses.find(
                tx, filters, store.Page(marker, limit, sort_key, sort_dir)))

    @store.retried
    def heartbeat(self, ctx: context.RequestContext, service_name: str, hostname: str,
                  status: str, stats: dict[str, Any], capabilities: dict[str, Any],
                  sent_at: float) -> None:
        """A role on a host is alive, or stops.

        :param sent_at: seconds since 1970, by the clock of that host.
        """
        said_at = datetime.datetime.fromtimestamp(sent_at, datetime.UTC).replace(tzinfo=None)
        with self._store.write() as tx:
            store.service_statuses.beat(tx, service_name, hostname, self._now(), said_at,
                                        status=status, stats=stats, capabilities=capabilities)

    @store.retried
    def check(self, ctx: context.RequestContext, silent_for: float) -> int:
        """Call DOWN what has been silent for so many seconds."""
        with self._store.write() as tx:
            return store.service_statuses.mark_silent(
                tx, self._now() - datetime.timedelta(seconds=silent_for))

    @store.retried
    def clean(self, ctx: context.RequestContext, older_than: float) -> int:
        """Drop what stopped or went down and was last heard so many seconds ago."""
        with self._store.write() as tx:
            return store.service_statuses.delete_gone(
                tx, self._now() - datetime.timedelta(seconds=older_than))
