# SPDX-License-Identifier: Apache-2.0
"""The application under /admin, for operators alone: reports, quotas, files; off by default.

Who may see all projects (the policy's rule all_tenants) does so here without asking for it.
"""
import functools
from collections.abc import Callable
from typing import Any

import webob

from designate_like import conf
from designate_like import errors
from designate_like import policy
from designate_like.api import actions
from designate_like.api import app
from designate_like.api import faults
from designate_like.api import http
from designate_like.api import rest
from designate_like.api import routes
from designate_like.api import view
from designate_like.api import wsgi
from designate_like.api import zonefiles
from designate_like.resources import quotas

MOUNT = '/admin'
_LARGEST = 2**31 - 1


def counts(request: http.Request, *names: str, report: str = '') -> webob.Response:
    """Show how many there are of some things, in all projects."""
    found = request.central.reports.counts(request.ctx, names=[*names] or [report])
    return http.reply(200, {'counts': [found]})


def tenants(request: http.Request) -> webob.Response:
    """List the projects that own zones."""
    found = request.central.reports.tenants(request.ctx)
    items = [{'id': id_, 'zone_count': count, 'links': _self(request, id_)}
             for id_, count in found]
    return http.reply(200, {'tenants': items, 'links': view.page_links(request, None),
                            'metadata': {'total_count': len(items)}})


def tenant(request: http.Request, project_id: str) -> webob.Response:
    """Show the zones of a project."""
    names = request.central.reports.tenant(request.ctx, project_id=project_id)
    return http.reply(200, {'id': project_id, 'zones_count': len(names), 'zones': names,
                            'links': _self(request, project_id)})


def _self(request: http.Request, project_id: str) -> dict[str, str]:
    return {'self': request.link(f'/reports/tenants/{project_id}')}


def get_quotas(request: http.Request, project_id: str) -> webob.Response:
    """Show the quotas of a project."""
    found = request.central.quotas.get(request.ctx, project_id=project_id)
    return http.reply(200, {'quota': found.view()})


def set_quotas(request: http.Request, project_id: str) -> webob.Response:
    """Set some quotas of a project, and show all."""
    values = _limits(request.document())
    found = request.central.quotas.update(request.ctx, project_id=project_id, values=values,
                                          verify=request.settings.verify_projects)
    return http.reply(200, {'quota': found.view()})


@http.produces(zonefiles.ZONEFILE)
def export(request: http.Request, zone_id: str) -> webob.Response:
    """Send a zone as a zone file."""
    return zonefiles.stream(request, request.central.zone_exports.write(
        request.ctx, zone_id=zone_id))


def _limits(document: Any) -> dict[str, int]:
    """The limits in a body; here there is none below 0.

    :raises InvalidObject: with everything that is wrong, as a bare list.
    """
    given = document.get('quota') if isinstance(document, dict) else None
    problems = []

    def note(path: list[str], message: str, validator: str) -> None:
        problems.append({'path': path, 'message': message, 'validator': validator})
    if not isinstance(given, dict):
        note(['quota'], "'quota' is a required property", 'required')
        given = {}
    for name, value in given.items():
        if name not in quotas.Quotas.FIELDS:
            note(['quota', name], f"'{name}' is not a quota", 'additionalProperties')
        elif not isinstance(value, int) or isinstance(value, bool):
            note(['quota', name], f'{value!r} is not an integer', 'type')
        elif value < 0:
            note(['quota', name], f'{value} is less than the minimum of 0', 'minimum')
        elif value > _LARGEST:
            note(['quota', name], f'{value} is greater than the maximum of {_LARGEST}', 'maximum')
    if problems:
        raise errors.InvalidObject(listed=problems)
    return given


# The URLs of each extension that enabled_extensions_admin may name.
TABLES: dict[str, tuple[tuple[str, rest.Methods], ...]] = {
    'reports': (
        ('/reports/counts', {'GET': lambda request: counts(
            request, 'zones', 'records', 'tenants')}),
        *((f'/reports/counts/{name}', {'GET': functools.partial(counts, report=name)})
          for name in ('zones', 'records', 'tenants', 'zones_delayed_notify')),
        ('/reports/counts/{report}', {'GET': counts}),
        ('/reports/tenants', {'GET': tenants}),
        ('/reports/tenants/{project_id}', {'GET': tenant})),
    'quotas': (
        ('/quotas/{project_id}', {'GET': get_quotas, 'PATCH': set_quotas,
                                  'DELETE': actions.reset_quotas}),),
    'zones': (('/zones/export/{zone_id}', {'GET': export}),),
}


def _for_operators(handler: rest.Handler) -> rest.Handler:
    """Give the caller all projects, or refuse."""
    @functools.wraps(handler)       # What it produces is written on it.
    def handle(request: http.Request, **slots: str) -> webob.Response:
        request.ctx.authorize('all_tenants', policy.target(request.ctx.project_id))
        request.ctx.all_tenants = True
        return handler(request, **slots)
    return handle


def app_factory(global_conf: dict[str, str], **local_conf: str) -> faults.WsgiApp:
    """Make the application for PasteDeploy.

    :raises ConfigurationError: for an extension that there is not.
    """
    enabled = conf.CONF['service:api'].enabled_extensions_admin
    unknown = sorted(set(enabled) - set(TABLES))
    if unknown:
        raise errors.ConfigurationError('[service:api] enabled_extensions_admin: no such '
                                        f"extension: {', '.join(unknown)}")
    table = [(path, {method: _for_operators(handler) for method, handler in methods.items()})
             for name in enabled for path, methods in TABLES[name]]
    return faults.guard(app.App(app.settings()._replace(mount=MOUNT), routes.Router(table)))


def composite(loader: Any, global_conf: dict[str, str], **pipelines: str) -> faults.WsgiApp:
    """Make the whole of /admin for PasteDeploy; nothing is there unless it is enabled."""
    if conf.CONF['service:api'].enable_api_admin:
        return wsgi.by_strategy(loader, global_conf, **pipelines)
    return faults.guard(_nothing)


def _nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    raise errors.NotFound()
