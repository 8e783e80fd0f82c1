# SPDX-License-Identifier: Apache-2.0
"""The owner tag: for which thing elsewhere in the cloud the service keeps a recordset."""
from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import field


@base.resource('owner')
class Owner(base.Resource):
    """Whom a managed recordset is for; notifications show it as the members ``managed_*``."""
    plugin_type: str = field(types.Text(50))
    plugin_name: str = field(types.Text(50))
    resource_type: str = field(types.Text(50))
    resource_region: str | None = field(types.Text(100))
    resource_id: str = field(types.Text(36))
    project_id: str | None = field(types.Text(36))
