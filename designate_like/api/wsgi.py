# SPDX-License-Identifier: Apache-2.0
"""Putting the application together as api-paste.ini says.

``designate_like.api.wsgi:application`` is for uWSGI, mod_wsgi and their like. Its configuration
comes from the usual files or, with OS_DESIGNATE_CONFIG_DIR set, from designate_like.conf (or, where
there is none, designate.conf) and api-paste.ini in that directory.
"""
import functools
import os
import pathlib
import threading
import time
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import webob.exc
from oslo_config import cfg
from oslo_middleware import cors
from oslo_middleware import sizelimit

from designate_like import conf as configuration
from designate_like import errors
from designate_like import metrics
from designate_like import policy
from designate_like import rpc
from designate_like.api import faults
from designate_like.api import http
from designate_like.api import notices
from designate_like.api import paste

PASTE_FILE = pathlib.Path(__file__).with_name('api-paste.ini')

_METHODS = ('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE')

_lock = threading.Lock()


def build(conf: cfg.ConfigOpts, central: rpc.Client) -> faults.WsgiApp:
    """Make the whole application.

    PasteDeploy's factories are handed text alone, so the handle on central travels in the
    environment of each request.
    """
    policy.get_enforcer()       # Now, so that a policy file which cannot be read shows at once.
    app = load(conf)
    report = notices.Notices(conf).report if conf.notify_api_faults else None

    def entrance(environ: dict[str, Any],
                 start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[http.CENTRAL] = central
        if report is not None:
            environ[http.REPORT] = report
        # "OPTIONS *" is a request for a path that is none.
        environ['PATH_INFO'] = '/' + environ['PATH_INFO'].removeprefix('/')
        return app(environ, start_response)
    return _measured(faults.guard(entrance))


def load(conf: cfg.ConfigOpts) -> faults.WsgiApp:
    """Make what the paste file describes; ours where the operator names none.

    :raises ConfigurationError: when it is not there, or wrong.
    """
    name = conf['service:api'].api_paste_config
    path = conf.find_file(name)
    if path is None and conf.get_location(
            'api_paste_config', 'service:api').location.is_user_controlled:
        place = configuration.place(conf, 'api_paste_config', 'service:api')
        raise errors.ConfigurationError(f'{place}: there is no file {name}')
    return paste.load(pathlib.Path(path or PASTE_FILE).resolve())


def _measured(app: faults.WsgiApp) -> faults.WsgiApp:
    """Time requests until their answer begins."""
    def measured(environ: dict[str, Any],
                 start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.monotonic()
        method = environ['REQUEST_METHOD']

        def started(status: str, *rest: Any) -> Any:
            metrics.observe('api_request_seconds', time.monotonic() - began,
                            method=method if method in _METHODS else 'other', code=status[:3])
            return start_response(status, *rest)
        return app(environ, started)
    return measured


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; while the configuration is wrong, with 500 and a line in the server's log.
    """
    try:
        with _lock:
            app = _configured()
    except (errors.Error, cfg.Error, OSError) as problem:
        environ['wsgi.errors'].write(f'designate_like: {problem}\n')
        return faults.response(errors.ConfigurationError(), environ)(environ, start_response)
    return app(environ, start_response)


@functools.cache
def _configured() -> faults.WsgiApp:
    """The application, made with the first request: servers fork after they have imported."""
    directory = os.environ.get('OS_DESIGNATE_CONFIG_DIR')
    conf = configuration.load([], configuration.files_in(directory) if directory else None)
    rpc.check(conf)
    central = rpc.Client(rpc.get_transport(conf), conf['service:central'].topic)
    return build(conf, central)


def by_strategy(loader: Any, global_conf: dict[str, str], **pipelines: str) -> faults.WsgiApp:
    """Make the one of several pipelines that ``auth_strategy`` names, for PasteDeploy.

    :raises ConfigurationError: when none is of that name.
    """
    strategy = configuration.CONF['service:api'].auth_strategy
    if strategy not in pipelines:
        raise errors.ConfigurationError(
            f'[service:api] auth_strategy: the paste file has no pipeline {strategy!r}')
    *filters, app = pipelines[strategy].split()
    wrapped = loader.get_app(app, global_conf=global_conf)
    for name in reversed(filters):
        wrapped = loader.get_filter(name, global_conf=global_conf)(wrapped)
    return wrapped


def cors_factory(global_conf: dict[str, str],
                 **local_conf: str) -> Callable[[faults.WsgiApp], faults.WsgiApp]:
    """Make oslo.middleware's CORS filter, for requests of browsers alone.

    It answers every OPTIONS with success, so others must not reach it.
    """
    cors.set_defaults(
        allow_headers=['X-Auth-Token', 'X-Auth-Sudo-Tenant-ID', 'X-Auth-Sudo-Project-ID',
                       'X-Auth-All-Projects', 'X-Designate-Edit-Managed-Records',
                       'X-Designate-Hard-Delete', 'OpenStack-DNS-Hide-Counts'],
        expose_headers=['X-OpenStack-Request-ID', 'Host'],
        allow_methods=['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD'])

    def wrap(app: faults.WsgiApp) -> faults.WsgiApp:
        for_browsers = cors.CORS(app, configuration.CONF)

        def filtered(environ: dict[str, Any],
                     start_response: Callable[..., Any]) -> Iterable[bytes]:
            return (for_browsers if 'HTTP_ORIGIN' in environ else app)(environ, start_response)
        return filtered
    return wrap


def sizelimit_factory(global_conf: dict[str, str],
                      **local_conf: str) -> Callable[[faults.WsgiApp], faults.WsgiApp]:
    """Make the filter that refuses bodies above ``[oslo_middleware] max_request_body_size``.

    Zone files have a limit of their own, ``[service:api] max_import_size``.
    oslo.middleware's own answers in HTML or in JSON that is not the API's, as Accept has it;
    its reader, for bodies of unknown length, is used here.
    """
    configuration.CONF.register_opts(sizelimit.OPTS, 'oslo_middleware')
    common = configuration.CONF.oslo_middleware.max_request_body_size
    imports = configuration.CONF['service:api'].max_import_size

    def wrap(app: faults.WsgiApp) -> faults.WsgiApp:
        def filtered(environ: dict[str, Any],
                     start_response: Callable[..., Any]) -> Iterable[bytes]:
            is_import = environ['REQUEST_METHOD'] == 'POST' \
                and environ['PATH_INFO'].strip('/') == 'zones/tasks/imports'
            most, option = (imports, 'max_import_size') if is_import \
                else (common, 'max_request_body_size')
            length = environ.get('CONTENT_LENGTH')
            if not length or not length.isdigit():
                environ['wsgi.input'] = sizelimit.LimitingReader(environ['wsgi.input'], most)
            elif int(length) > most:
                raise webob.exc.HTTPRequestEntityTooLarge(
                    f'The body may have {most} bytes ({option})')
            return app(environ, start_response)
        return faults.guard(filtered)
    return wrap
