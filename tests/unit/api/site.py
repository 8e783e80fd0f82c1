# SPDX-License-Identifier: Apache-2.0
"""The application as api-paste.ini makes it, and a central that answers what a test says."""
import datetime
from collections.abc import Callable
from typing import Any

import webob

from designate_like import conf
from designate_like import resources
from designate_like.api import wsgi
from tests import base

ZONE_ID = '5850a862-d57a-4738-ab13-9875525d9f4f'
RECORDSET_ID = 'b118b457-0d3f-4f3a-8f8b-0a1b2c3d4e5f'
POOL_ID = '794ccc2c-d751-44fe-b57f-8894c9f5c842'
NOW = datetime.datetime(2026, 11, 21, 0, 52, 40)

SETTLED = 1795222360


def zone(**changes: Any) -> resources.Zone:
    """A zone that name servers have still to show."""
    return resources.Zone(**{
        'id': ZONE_ID, 'pool_id': POOL_ID, 'project_id': 'noauth-project', 'name': 'example.com.',
        'email': 'a@example.com', 'ttl': 3600, 'serial': SETTLED, 'created_at': NOW,
        'key': 'com.example.', **changes})


def recordset(**changes: Any) -> resources.Recordset:
    """A recordset that name servers have still to show."""
    return resources.Recordset(**{
        'id': RECORDSET_ID, 'zone_id': ZONE_ID, 'project_id': 'noauth-project',
        'name': 'www.example.com.', 'zone_name': 'example.com.', 'type': 'A',
        'records': ['192.0.2.1'], 'created_at': NOW, 'key': 'com.example.www.',
        'serial': SETTLED, 'born_serial': SETTLED, **changes})


def pool(**changes: Any) -> resources.Pool:
    """A pool."""
    return resources.Pool(**{'id': POOL_ID, 'name': 'default', 'created_at': NOW,
                             'ns_records': [resources.NsRecord(hostname='ns1.example.org.',
                                                               priority=1)], **changes})


class Central:
    """Stands for the handle on central: notes every call, and answers what it was told to.

    An answer may be a function of the call's arguments, or an exception to raise.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.contexts: list[Any] = []
        self.answers: dict[str, Any] = {}

    def __getattr__(self, noun: str) -> '_Noun':
        return _Noun(self, noun)

    def within(self, seconds: float) -> 'Central':
        """The same, as a handle with another timeout."""
        return self


class _Noun:

    def __init__(self, central: Central, noun: str) -> None:
        self._central = central
        self._noun = noun

    def __getattr__(self, method: str) -> Callable[..., Any]:
        name = f'{self._noun}.{method}'

        def call(ctx: Any, **kwargs: Any) -> Any:
            self._central.calls.append((name, kwargs))
            self._central.contexts.append(ctx)
            answer = self._central.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer(**kwargs) if callable(answer) else answer
        return call


class TestCase(base.TestCase):
    """Has ``request()`` and ``central``."""

    def setUp(self) -> None:
        super().setUp()
        conf.CONF([], project='designate_like', default_config_files=[])
        self.addCleanup(conf.CONF.reset)
        self.set('auth_strategy', 'noauth')
        self.central = Central()
        # The filters register their options when they are made.
        wsgi.build(conf.CONF, self.central)
        self._app: Any = None

    def set(self, name: str, value: Any, group: str = 'service:api') -> None:
        """Set an option for this test."""
        conf.CONF.set_override(name, value, group)
        self.addCleanup(conf.CONF.clear_override, name, group)

    def request(self, method: str, path: str, body: Any = None, headers: Any = None,
                **environ: str) -> webob.Response:
        """Ask the application; a body that is not bytes is sent as JSON."""
        request = webob.Request.blank(path, environ=environ, method=method, headers=headers)
        if isinstance(body, bytes):
            request.body = body
        elif body is not None:
            request.content_type = 'application/json'
            request.json_body = body
        if self._app is None:
            self._app = wsgi.build(conf.CONF, self.central)
        return request.get_response(self._app)

    def refused(self, code: int, type_: str, response: webob.Response) -> dict[str, Any]:
        """Assert that a reply is an error of the API's shape, and return its body."""
        self.assertEqual((code, type_), (response.status_int, response.json['type']),
                         response.text)
        self.assertEqual(code, response.json['code'])
        self.assertEqual('application/json', response.content_type)
        self.assertEqual(response.headers['x-openstack-request-id'], response.json['request_id'])
        self.assertLessEqual(set(response.json),
                             {'code', 'type', 'request_id', 'message', 'errors'})
        return response.json
