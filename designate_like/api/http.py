# SPDX-License-Identifier: Apache-2.0
"""The request as handlers see it, and the replies that they make."""
import json
import urllib.parse
from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

import webob

from designate_like import context
from designate_like import errors
from designate_like import rpc

JSON = 'application/json'
MOUNT = '/v2'

# What filters put into the WSGI environment.
CENTRAL = 'designate_like.central'
CONTEXT = 'designate_like.context'
REPORT = 'designate_like.report'        # what is told of requests that fail behind the API
REQUEST_ID = 'openstack.request_id'


class Settings(NamedTuple):
    """What the configuration says of all requests."""
    base_uri: str | None        # of all links, instead of the Host header
    default_limit: int          # items on a page
    max_limit: int
    verify_projects: bool = False       # before quotas are set
    empty_secrets: bool = True          # of TSIG keys
    mount: str = MOUNT


class Request(webob.Request):
    """A request, its caller, and the role that decides."""

    def __init__(self, environ: dict[str, Any], settings: Settings) -> None:
        super().__init__(environ)
        self.settings = settings

    @property
    def ctx(self) -> context.RequestContext:
        """Who asks."""
        return self.environ[CONTEXT]

    @property
    def central(self) -> rpc.Client:
        """The handle on central."""
        return self.environ[CENTRAL]

    @property
    def root(self) -> str:
        """What all links begin with, without a final slash: scheme, host and script prefix."""
        base = self.settings.base_uri or self.application_url.removesuffix(self.settings.mount)
        return base.rstrip('/')

    def link(self, path: str, query: str = '') -> str:
        """The absolute URL of a path under /v2, or wherever the application is mounted."""
        return f'{self.root}{self.settings.mount}{path}{query and "?"}{query}'

    def segments(self) -> list[str]:
        """The path after /v2, in its parts; empty parts do not count.

        :raises NotFound: for a path that is not text.
        """
        try:
            path = self.environ['PATH_INFO'].encode('latin-1').decode()
        except UnicodeError:
            raise errors.NotFound() from None
        return [part for part in path.split('/') if part]

    @property
    def place(self) -> str:
        """The path after /v2, without what does not count, as URLs have it."""
        return ''.join('/' + urllib.parse.quote(part) for part in self.segments())

    def expect_json(self) -> None:
        """Refuse a body of another type.

        :raises UnsupportedContentType: when Content-Type is absent or another.
        """
        if self.content_type.lower() != JSON:
            raise errors.UnsupportedContentType(f'The Content-Type of the body must be {JSON}')

    def document(self) -> Any:
        """The JSON value of the body.

        :raises UnsupportedContentType: see :meth:`expect_json`.
        :raises EmptyRequestBody: when there is none.
        :raises InvalidJson: for anything that RFC 8259 does not allow, and for text that holds
            half a surrogate pair, which nothing can store.
        """
        self.expect_json()
        body = self.body
        if not body.strip():
            raise errors.EmptyRequestBody()
        try:
            value = json.loads(body.decode(), parse_constant=_no_constant)
            if b'\\u' in body:
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise errors.InvalidJson() from None
        return value


def produces(media: str) -> Callable[[Callable], Callable]:
    """Mark a handler whose replies are of another type than JSON."""
    def mark(handler: Callable) -> Callable:
        handler.media = media       # type: ignore[attr-defined]
        return handler
    return mark


def _no_constant(name: str) -> None:
    raise ValueError(f'{name} is not JSON')


def query(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The names and values of the query string, in order.

    :raises BadRequest: when they are not UTF-8.
    """
    text = environ.get('QUERY_STRING')
    if not text:
        return []
    try:
        return urllib.parse.parse_qsl(text.encode('latin-1').decode(), keep_blank_values=True,
                                      errors='strict')
    except ValueError:
        raise errors.BadRequest('The query string is not UTF-8') from None


def reply(status: int, document: Any = None, headers: Mapping[str, str] | None = None,
          ) -> webob.Response:
    """Make a reply; without a document it has no body, and no Content-Type either."""
    response = webob.Response(status=status)
    if document is None:
        del response.content_type
    else:
        response.content_type = JSON
        response.body = json.dumps(document).encode()
    response.headers.update(headers or {})
    return response
