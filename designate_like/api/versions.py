# SPDX-License-Identifier: Apache-2.0
"""The document at the root, by which clients find out what is spoken here.

Clients that are given the root and do not look, as the openstack command is with
``--os-auth-type none``, ask for /zones: they are sent on to /v2/zones.
"""
import webob

from designate_like import errors
from designate_like.api import app
from designate_like.api import faults
from designate_like.api import http
from designate_like.api import routes

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


class Versions(app.App):
    """A WSGI application that needs no authentication."""

    def _answer(self, request: http.Request) -> webob.Response:
        parts = request.segments()
        if parts:
            self._router.match(parts)       # Raises NotFound for what is not there either.
            location = request.link(request.place, request.query_string)
            return http.reply(308, headers={'Location': location})
        if request.method != 'GET':
            raise errors.MethodNotAllowed()
        links = [{'href': f'{request.root}{http.MOUNT}', 'rel': 'self'},
                 {'href': HELP, 'rel': 'help'}]
        document = {'versions': [{'id': id_, 'status': status, 'updated': updated, 'links': links}
                                 for id_, status, updated in VERSIONS]}
        return http.reply(200, document)


def app_factory(global_conf: dict[str, str], **local_conf: str) -> faults.WsgiApp:
    """Make the application for PasteDeploy."""
    return faults.guard(Versions(app.settings(), routes.Router()))
