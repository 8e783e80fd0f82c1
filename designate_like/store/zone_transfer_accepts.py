# SPDX-License-Identifier: Apache-2.0
"""Transfer accepts in the database."""
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

repository = base.Repository(
    resources.ZoneTransferAccept, tables.zone_transfer_accepts,
    errors.ZoneTransferAcceptNotFound, errors.Conflict)


def seen_by(project_id: str | None) -> list[Any]:
    """The conditions of what a project sees; None is every project."""
    return [] if project_id is None else [tables.zone_transfer_accepts.c.project_id == project_id]
