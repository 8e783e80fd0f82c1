# SPDX-License-Identifier: Apache-2.0
"""Errors as replies: the API's error body, and never more than a caller may know."""
import logging
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

import webob
import webob.exc

from designate_like import errors
from designate_like.api import http

LOG = logging.getLogger(__name__)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def body(error: errors.Error, request_id: str | None) -> dict[str, Any]:
    """The document that tells a caller what went wrong.

    What failed behind the API (5xx) is told by the sentence of its class alone.
    """
    document: dict[str, Any] = {'code': error.code, 'type': error.type}
    if 'problems' in error.kwargs:
        document['errors'] = {'errors': error.kwargs['problems']}
    elif 'listed' in error.kwargs:
        document['errors'] = error.kwargs['listed']
    elif error.code >= errors.Error.code:
        document['message'] = type(error)().message
    elif not isinstance(error, errors.MethodNotAllowed):
        document['message'] = error.message
    if request_id:
        document['request_id'] = request_id
    return document


def response(error: errors.Error, environ: dict[str, Any]) -> webob.Response:
    """The reply to a request that failed."""
    headers = {}
    if 'retry_after' in error.kwargs or error.code in (errors.Unavailable.code,
                                                       errors.Timeout.code):
        headers['Retry-After'] = str(error.kwargs.get('retry_after', 1))
    return http.reply(error.code, body(error, environ.get(http.REQUEST_ID)), headers)


def guard(app: WsgiApp) -> WsgiApp:
    """Answer with an error body where an application would raise."""
    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except webob.exc.HTTPException as error:
            plain = webob.Response(str(error), error.status, content_type='text/plain')
            return plain(environ, start_response)
        except errors.Error as error:
            if error.code >= errors.Error.code:
                level = logging.ERROR if error.code == errors.Error.code else logging.WARNING
                LOG.log(level, '%s: %s (%s)', _described(environ), error.message, error.type)
                _report(environ, error, error.code)
            return response(error, environ)(environ, start_response)
        except Exception as error:
            LOG.exception('%s failed', _described(environ))
            _report(environ, error, errors.Error.code)
            return response(errors.Error(), environ)(environ, start_response)
    return guarded


def filter_factory(global_conf: dict[str, str], **local_conf: str) -> Callable[[WsgiApp], WsgiApp]:
    """Make :func:`guard` a filter of PasteDeploy."""
    return guard


def _report(environ: dict[str, Any], error: Exception, status: int) -> None:
    if http.REPORT in environ:
        environ[http.REPORT](environ, error, status)


def _described(environ: dict[str, Any]) -> str:
    return (f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']}{environ['PATH_INFO']} "
            f"[{environ.get(http.REQUEST_ID, '-')}]")
