# SPDX-License-Identifier: Apache-2.0
"""The caller's token, for what central asks other services of the cloud on a caller's behalf."""
from keystoneauth1 import access
from keystoneauth1 import plugin
from keystoneauth1.identity import access as access_plugin

from designate_like import context


def plugin_of(ctx: context.RequestContext) -> plugin.BaseAuthPlugin | None:
    """The token and the catalog that came with a request, as keystoneauth wants them.

    None when there was no token, as without Keystone.
    """
    if not ctx.auth_token:
        return None
    token = {'id': ctx.auth_token, 'tenant': {'id': ctx.project_id}}
    return access_plugin.AccessInfoPlugin(access.create(
        body={'access': {'token': token, 'serviceCatalog': ctx.service_catalog}}))
