# SPDX-License-Identifier: Apache-2.0
"""Quotas and usages in the database: limits per project, and exact counters."""
from collections.abc import Mapping

import sqlalchemy

from designate_like.store import query
from designate_like.store import tables

_quota = tables.quotas.c
_usage = tables.usages.c
_of_project = sqlalchemy.select(_quota.resource, _quota.hard_limit).where(
    _quota.project_id == sqlalchemy.bindparam('project'))
_used = sqlalchemy.select(_usage.used).where(
    _usage.project_id == sqlalchemy.bindparam('project'),
    _usage.resource == sqlalchemy.bindparam('resource'))


def get(tx: sqlalchemy.Connection, project_id: str) -> dict[str, int]:
    """The limits that were set for a project, by resource."""
    return dict(tx.execute(_of_project, {'project': project_id}).all())


def set(tx: sqlalchemy.Connection, project_id: str, limits: Mapping[str, int]) -> None:
    """Set some limits of a project."""
    for resource, limit in limits.items():
        query.ensure(tx, tables.quotas, {
            'project_id': project_id, 'resource': resource, 'hard_limit': limit})
        tx.execute(tables.quotas.update().where(
            _quota.project_id == project_id, _quota.resource == resource,
        ).values(hard_limit=limit))


def reset(tx: sqlalchemy.Connection, project_id: str) -> None:
    """Forget every limit that was set for a project."""
    tx.execute(tables.quotas.delete().where(_quota.project_id == project_id))


def used(tx: sqlalchemy.Connection, project_id: str, resource: str) -> int:
    """How much of a thing a project has, as far as is committed; nobody waits."""
    return tx.execute(_used, {'project': project_id, 'resource': resource}).scalar() or 0


def take(tx: sqlalchemy.Connection, project_id: str, resource: str, limit: int) -> bool:
    """Count one more of a thing, unless the limit (negative: none) is reached.

    The row stays locked until the transaction ends, so that the count is exact.
    """
    row = (_usage.project_id == project_id, _usage.resource == resource)
    more = tables.usages.update().where(*row).values(used=_usage.used + 1)
    if limit >= 0:
        more = more.where(_usage.used < limit)
    if tx.execute(more).rowcount:
        return True
    query.ensure(tx, tables.usages, {'project_id': project_id, 'resource': resource, 'used': 0})
    return tx.execute(more).rowcount > 0


def give(tx: sqlalchemy.Connection, project_id: str, resource: str) -> None:
    """Count one less of a thing."""
    tx.execute(tables.usages.update().where(
        _usage.project_id == project_id, _usage.resource == resource, _usage.used > 0,
    ).values(used=_usage.used - 1))
