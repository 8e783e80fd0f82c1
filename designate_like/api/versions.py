# SPDX-License-Identifier: Apache-2.0
"""The document at the root, by which clients find out what is spoken here."""
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from designate_like import errors
from designate_like.api import app
from designate_like.api import faults
from designate_like.api import http

HELP = 'https://docs.openstack.org/api-ref/dns'

# Clients tell by the current one which features there are: shared zones came with 2.1, SVCB
# and HTTPS with 2.2, TLSA with 2.3, imports with attributes with 2.4.
VERSIONS = (
    ('v2', 'SUPPORTED', '2022-06-29T00:00:00Z'),
    ('v2.0', 'SUPPORTED', '2022-06-29T00:00:00Z'),
    ('v2.1', 'SUPPORTED', '2023-01-25T00:00:00Z'),
    ('v2.2', 'SUPPORTED', '2025-08-25T00:00:00Z'),
    ('v2.3', 'SUPPORTED', '2026-04-06T00:00:00Z'),
    ('v2.4', 'CURRENT', '2026-04-13T00:00:00Z'),
)


class Versions:
    """A WSGI application that needs no authentication."""

    def __init__(self, settings: http.Settings) -> None:
        self._settings = settings

    def __call__(self, environ: dict[str, Any],
                 start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = http.Request(environ, self._settings)
        if request.segments():
            raise errors.NotFound()
        if request.method != 'GET':
            raise errors.MethodNotAllowed()
        links = [{'href': f'{request.root}{http.MOUNT}', 'rel': 'self'},
                 {'href': HELP, 'rel': 'help'}]
        document = {'versions': [{'id': id_, 'status': status, 'updated': updated, 'links': links}
                                 for id_, status, updated in VERSIONS]}
        return http.reply(200, document)(environ, start_response)


def app_factory(global_conf: dict[str, str], **local_conf: str) -> faults.WsgiApp:
    """Make the application for PasteDeploy."""
    return faults.guard(Versions(app.settings()))
