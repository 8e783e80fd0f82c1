# SPDX-License-Identifier: Apache-2.0
"""The handlers of URLs that are unlike the others."""
import webob

from designate_like import errors
from designate_like import resources
from designate_like.api import http
from designate_like.api import view
from designate_like.resources import base


def nameservers(request: http.Request, zone_id: str) -> webob.Response:
    """List the name servers of a zone."""
    found = request.central.zones.nameservers(request.ctx, zone_id=zone_id)
    return http.reply(200, {'nameservers': [each.view() for each in found]})


def propagation(request: http.Request, zone_id: str) -> webob.Response:
    """Show how far a zone has come at each of its name servers."""
    found = request.central.zones.propagation(request.ctx, zone_id=zone_id)
    zone = found['zone'].view()
    return http.reply(200, {
        'nameservers': [each.view() for each in found['nameservers']],
        **{name: zone[name] for name in ('serial', 'status', 'action')},
        'links': {'self': request.link(f'/zones/{zone_id}/propagation')}})


def xfr(request: http.Request, zone_id: str) -> webob.Response:
    """Have a secondary zone transferred now, if its primary has a newer one."""
    request.central.zones.xfr(request.ctx, zone_id=zone_id)
    return http.reply(202, '')


def abandon(request: http.Request, zone_id: str) -> webob.Response:
    """Forget a zone, and leave it on its name servers."""
    request.central.zones.abandon(request.ctx, zone_id=zone_id)
    return http.reply(204)


def move(request: http.Request, zone_id: str) -> webob.Response:
    """Move a zone to another pool, which the body may name."""
    body = request.document() if request.body else {}
    values = resources.PoolMove.parse(body, base.CREATE)
    request.central.zones.move(request.ctx, zone_id=zone_id, **values)
    return http.reply(202, '')


def locate_recordset(request: http.Request, recordset_id: str) -> webob.Response:
    """Tell the URL of a recordset, which is under that of its zone."""
    found = request.central.recordsets.locate(request.ctx, recordset_id=recordset_id)
    path = f'/zones/{found.zone_id}/recordsets/{found.id}'
    return http.reply(301, headers={'Location': request.link(path)})


def floatingips(request: http.Request) -> webob.Response:
    """List all floating IPs of the caller's project, on one page."""
    found = request.central.floatingips.find(request.ctx)
    items = [view.item(request, f'/reverse/floatingips/{each.id}', each) for each in found]
    return http.reply(200, {'floatingips': items, 'links': view.page_links(request, None)})


def get_quotas(request: http.Request, project_id: str | None = None) -> webob.Response:
    """Show the quotas of a project; those of another only with all projects in sight.

    :raises Forbidden: for another project's, whatever the caller's roles.
    """
    ctx = request.ctx
    project_id = project_id or ctx.project_id
    if project_id != ctx.project_id and not ctx.all_tenants:
        raise errors.Forbidden('The quotas of another project need X-Auth-All-Projects')
    return http.reply(200, request.central.quotas.get(ctx, project_id=project_id).view())


def set_quotas(request: http.Request, project_id: str) -> webob.Response:
    """Set some quotas of a project, and show all."""
    values = resources.Quotas.parse(request.document(), base.UPDATE)
    found = request.central.quotas.update(request.ctx, project_id=project_id, values=values,
                                          verify=request.settings.verify_projects)
    return http.reply(200, found.view())


def reset_quotas(request: http.Request, project_id: str) -> webob.Response:
    """Put the quotas of a project back to the defaults."""
    request.central.quotas.delete(request.ctx, project_id=project_id)
    return http.reply(204)


def limits(request: http.Request) -> webob.Response:
    """Show the numbers that a client should know before it asks for something."""
    found = request.central.limits.get(request.ctx)
    return http.reply(200, {**found, 'max_page_limit': request.settings.max_limit})
