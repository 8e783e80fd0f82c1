# SPDX-License-Identifier: Apache-2.0
"""The application under /v2: which handler a request is for, and whether it may be asked."""
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import webob
import webob.acceptparse

from designate_like import conf
from designate_like import errors
from designate_like.api import faults
from designate_like.api import http
from designate_like.api import routes


class App:
    """A WSGI application; the filters before it have put caller and central into the
    environment.
    """

    def __init__(self, settings: http.Settings, router: routes.Router) -> None:
        self._settings = settings
        self._router = router

    def __call__(self, environ: dict[str, Any],
                 start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = http.Request(environ, self._settings)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: http.Request) -> webob.Response:
        methods, slots = self._router.match(request.segments())
        if request.method not in methods:
            raise errors.MethodNotAllowed()
        routes.check(slots)
        handler = methods[request.method]
        media = getattr(handler, 'media', http.JSON)
        if not _accepted(request.environ.get('HTTP_ACCEPT'), media):
            raise errors.UnsupportedAccept(f'The response can only be {media}')
        return handler(request, **slots)


def _accepted(header: str | None, media: str) -> bool:
    """Whether a client takes a media type, in UTF-8 as all that is sent.

    No Accept is any type (RFC 9110 section 12.5.1).
    """
    if not header or header in (media, '*/*'):
        return True
    accept = webob.acceptparse.create_accept_header(header.lower())
    return isinstance(accept, webob.acceptparse.AcceptValidHeader) \
        and bool(accept.acceptable_offers([media, f'{media};charset=utf-8']))


def settings() -> http.Settings:
    """What the configuration says of all requests."""
    options = conf.CONF['service:api']
    return http.Settings(None if options.enable_host_header else options.api_base_uri,
                         options.default_limit_v2, options.max_limit_v2,
                         options.quotas_verify_project_id, options.allow_empty_secrets_for_tsig)


def app_factory(global_conf: dict[str, str], **local_conf: str) -> faults.WsgiApp:
    """Make the application for PasteDeploy."""
    return faults.guard(App(settings(), routes.Router()))
