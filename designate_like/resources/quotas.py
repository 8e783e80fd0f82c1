# SPDX-License-Identifier: Apache-2.0
"""Quotas: how much of each thing a project may have; a negative number is no limit."""
from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

_LIMIT = types.Integer(-1, 2**31 - 1)


@base.resource('quota')
class Quotas(base.Resource):
    """The limits of one project."""
    zones: int = field(_LIMIT, write=(UPDATE,))
    zone_recordsets: int = field(_LIMIT, write=(UPDATE,))
    zone_records: int = field(_LIMIT, write=(UPDATE,))
    recordset_records: int = field(_LIMIT, write=(UPDATE,))
    api_export_size: int = field(_LIMIT, write=(UPDATE,))
