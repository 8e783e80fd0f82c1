# SPDX-License-Identifier: Apache-2.0
"""Who asks: the filters that make the context of a request, one for each way to prove it.

All of them then read the modifiers, headers that ask to be allowed more, and refuse those
that the caller has no permission for.
"""
import json
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import webob
import webob.exc
from oslo_middleware import basic_auth
from oslo_middleware import exceptions
from oslo_utils import strutils

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like.api import faults
from designate_like.api import http

_LONGEST_PROJECT_ID = 36

# Modifier of the context: the headers and the query arguments that set it, and its rule.
_MODIFIERS = (
    ('all_tenants', 'HTTP_X_AUTH_ALL_PROJECTS', ('all_projects', 'all_tenants'), 'all_tenants'),
    ('edit_managed_records', 'HTTP_X_DESIGNATE_EDIT_MANAGED_RECORDS', ('edit_managed_records',),
     'edit_managed_records'),
    ('hard_delete', 'HTTP_X_DESIGNATE_HARD_DELETE', (), 'hard_delete'),
    ('delete_shares', 'HTTP_X_DESIGNATE_DELETE_SHARES', (), None),
    ('hide_counts', 'HTTP_OPENSTACK_DNS_HIDE_COUNTS', (), None),
)
# The services that central may ask with the caller's token.
_ASKED = ('identity', 'network')
_SUDO = ('HTTP_X_AUTH_SUDO_PROJECT_ID', 'HTTP_X_AUTH_SUDO_TENANT_ID')

Environ = dict[str, Any]
Filter = Callable[[faults.WsgiApp], faults.WsgiApp]


def keystone(environ: Environ) -> context.RequestContext:
    """The caller that keystonemiddleware's auth_token has found in a token.

    :raises Unauthorized: when that filter is missing, so that its headers are the client's.
    :raises InvalidTokenScope: for a token of the whole system.
    """
    if environ.get('HTTP_X_IDENTITY_STATUS') != 'Confirmed':
        raise errors.Unauthorized()
    catalog = json.loads(environ.get('HTTP_X_SERVICE_CATALOG') or '[]')
    ctx = context.RequestContext.from_environ(
        environ, client_addr=environ.get('REMOTE_ADDR'),
        service_catalog=[entry for entry in catalog if entry.get('type') in _ASKED])
    if ctx.system_scope:
        raise errors.InvalidTokenScope()
    return ctx


def noauth(environ: Environ) -> context.RequestContext:
    """The caller that the request says it is; by default one with the role admin."""
    return _trusted(environ, environ.get('HTTP_X_AUTH_USER_ID') or 'noauth-user',
                    'noauth-project', environ.get('HTTP_X_ROLES') or 'admin')


def basic(environ: Environ) -> context.RequestContext:
    """The caller whose password oslo.middleware's basic_auth has checked.

    There are no roles in a file of passwords: every user in it is an operator and has the
    role admin, as without Keystone there is nobody else. A user works in the project that
    X-Auth-Project-ID names, or else in one of the user's own name.
    """
    user = environ['HTTP_X_USER']
    return _trusted(environ, user, user, 'admin')


def _trusted(environ: Environ, user_id: str, project_id: str, roles: str) -> context.RequestContext:
    return context.RequestContext(
        user_id=user_id, project_id=environ.get('HTTP_X_AUTH_PROJECT_ID') or project_id,
        roles=[role.strip() for role in roles.split(',')],
        request_id=environ.get(http.REQUEST_ID),
        global_request_id=environ.get('openstack.global_request_id'),
        client_addr=environ.get('REMOTE_ADDR'))


def modify(ctx: context.RequestContext, environ: Environ) -> None:
    """Give the caller what the modifiers of the request ask for.

    :raises Forbidden: when the caller may not have it.
    """
    target = policy.target(ctx.project_id)
    query = dict(http.query(environ))
    sudo = next((environ[name] for name in _SUDO if environ.get(name)), None)
    if sudo:
        ctx.authorize('use_sudo', policy.target(sudo))
    for name, header, arguments, rule in _MODIFIERS:
        texts = [environ.get(header), *(query.get(argument) for argument in arguments)]
        if any(strutils.bool_from_string(text) for text in texts if text):
            if rule:
                ctx.authorize(rule, target)
            setattr(ctx, name, True)
    if sudo:
        ctx.sudo, ctx.project_id = ctx.project_id, sudo
    if len(ctx.project_id or '') > _LONGEST_PROJECT_ID:
        raise errors.InvalidProject(f"'{ctx.project_id}' is not the id of a project")


def _filter(identify: Callable[[Environ], context.RequestContext]) -> Callable[..., Filter]:
    """Make a PasteDeploy factory of a filter that puts the context into the environment."""
    def filter_factory(global_conf: dict[str, str], **local_conf: str) -> Filter:
        def wrap(app: faults.WsgiApp) -> faults.WsgiApp:
            def filtered(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
                ctx = identify(environ)
                modify(ctx, environ)
                environ[http.CONTEXT] = ctx
                return app(environ, start_response)
            return faults.guard(filtered)
        return wrap
    return filter_factory


keystone_factory = _filter(keystone)
noauth_factory = _filter(noauth)
basic_factory = _filter(basic)


class BasicAuth(basic_auth.BasicAuthMiddleware):
    """oslo.middleware's filter, with the API's error body and the header that asks for a
    password (RFC 7617 section 2).
    """

    def format_exception(self, e: Exception) -> webob.Response:
        """Ask for a name and a password."""
        reply = faults.response(errors.Unauthorized(), {})
        reply.headers['WWW-Authenticate'] = 'Basic realm="dns", charset="UTF-8"'
        return reply


def basic_auth_factory(global_conf: dict[str, str], **local_conf: str) -> Filter:
    """Make the filter that checks passwords, with the file that our own option names.

    :raises ConfigurationError: when the file cannot be used.
    """
    path = conf.CONF['service:api'].http_basic_auth_user_file
    try:
        basic_auth.validate_auth_file(path)
    except (exceptions.ConfigInvalid, webob.exc.HTTPBadRequest):
        raise errors.ConfigurationError(
            f'[service:api] http_basic_auth_user_file: {path} cannot be read, or has a password '
            'that is not a bcrypt hash') from None
    conf.CONF.set_override('http_basic_auth_user_file', path, 'oslo_middleware')
    return lambda app: BasicAuth(app, conf.CONF)


def maintenance_factory(global_conf: dict[str, str], **local_conf: str) -> Filter:
    """Make the filter that turns callers away during maintenance, for 60 seconds each time."""
    def wrap(app: faults.WsgiApp) -> faults.WsgiApp:
        def filtered(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            options = conf.CONF['service:api']
            if options.maintenance_mode \
                    and options.maintenance_mode_role not in environ[http.CONTEXT].roles:
                raise errors.Maintenance(retry_after=60)
            return app(environ, start_response)
        return faults.guard(filtered)
    return wrap
