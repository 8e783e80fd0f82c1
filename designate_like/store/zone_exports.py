# SPDX-License-Identifier: Apache-2.0
"""Zone exports in the database."""
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.store import repository as base
from designate_like.store import tables

repository = base.Repository(resources.ZoneExport, tables.zone_exports, errors.ZoneExportNotFound,
                             errors.Conflict)


def seen_by(project_id: str | None) -> list[Any]:
    """The conditions of what a project sees; None is every project."""
    return [] if project_id is None else [tables.zone_exports.c.project_id == project_id]
