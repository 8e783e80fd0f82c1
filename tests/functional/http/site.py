# SPDX-License-Identifier: Apache-2.0
"""A running API and central, on SQLite and a port of its own, and things for cases to name."""
import http.client
import json
import pathlib
import tempfile
import uuid
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

from designate_like import conf
from designate_like import resources
from designate_like import rpc
from designate_like.api import service as api
from designate_like.central import service as central
from designate_like.manage import database
from tests.functional import engines

# Who asks; a case names one of them.
CALLERS = {
    'member': {'X-Auth-Project-ID': 'mine', 'X-Roles': 'member,reader'},
    'reader': {'X-Auth-Project-ID': 'mine', 'X-Roles': 'reader'},
    'stranger': {'X-Auth-Project-ID': 'other', 'X-Roles': 'member,reader'},
    'limited': {'X-Auth-Project-ID': 'limited', 'X-Roles': 'member,reader'},
    'admin': {'X-Auth-Project-ID': 'operators', 'X-Roles': 'admin'},
    'owning admin': {'X-Auth-Project-ID': 'mine', 'X-Roles': 'admin'},
}


class Reply(NamedTuple):
    """What came back."""
    code: int
    headers: Mapping[str, str]      # by lower-case name
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Site:
    """An API without name servers: what is created stays PENDING."""

    def __init__(self, overrides: Iterable[tuple[str, Any, str]] = ()) -> None:
        """Configure it.

        :param overrides: name, value and section of options that are other than here.
        """
        self._directory = tempfile.TemporaryDirectory()
        url = engines.empty_url(pathlib.Path(self._directory.name))
        options = conf.CONF
        options([], project='designate_like', default_config_files=[])
        rpc.set_transport_url(options, f'inproc:///{uuid.uuid4()}')
        options.set_override('connection', url, 'storage:sqlalchemy')
        options.set_override('auth_strategy', 'noauth', 'service:api')
        options.set_override('network_api', 'fake')
        options.set_override('listen', ['127.0.0.1:0'], 'service:api')
        options.set_override('min_ttl', 30, 'service:central')
        options.set_override('enable_api_admin', True, 'service:api')
        options.set_override('enabled_extensions_admin', ['reports', 'quotas', 'zones'],
                             'service:api')
        for override in overrides:
            options.set_override(*override)
        self._roles = [central.Central(options), api.Api(options)]

    def start(self) -> None:
        """Start the roles."""
        ns1 = resources.NsRecord(hostname='ns1.example.com.', priority=1)
        database.sync(conf.CONF, database.default_pool(conf.CONF, ns_records=[ns1]))
        for role in self._roles:
            role.start()

    def stop(self) -> None:
        """Stop the roles, and leave nothing behind."""
        for role in reversed(self._roles):
            role.stop()
        conf.CONF.reset()
        self._directory.cleanup()

    def send(self, method: str, path: str, headers: Mapping[str, str],
             body: bytes | None = None) -> Reply:
        """Send a request over a connection of its own."""
        connection = http.client.HTTPConnection(self._roles[1].addresses[0], timeout=10)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Reply(response.status, {name.lower(): value for name, value
                                           in response.getheaders()}, response.read().decode())
        finally:
            connection.close()

    def make(self, path: str, caller: str = 'member', **values: Any) -> dict[str, Any]:
        """Create something, and return its document."""
        headers = {'Content-Type': 'application/json', **CALLERS[caller]}
        reply = self.send('POST', f'/v2{path}', headers, json.dumps(values).encode())
        if reply.code >= 300:
            raise AssertionError(reply.text)
        return reply.json

    def populate(self) -> dict[str, str]:
        """Create what cases name, and return the ids by name."""
        zone = self.make('/zones', name='example.org.', email='a@example.org')['id']
        under = f'/zones/{zone}/recordsets'
        www = self.make(under, name='www.example.org.', type='A', records=['192.0.2.1'])
        self.make(under, name='alias.example.org.', type='CNAME', records=['www.example.org.'])
        self.make('/zones', name='child.example.org.', email='a@example.org')
        secondary = self.make('/zones', name='second.example.', type='SECONDARY',
                              masters=['192.0.2.53'])
        foreign = self.make('/zones', 'stranger', name='example.net.', email='a@example.net')
        going = self.make('/zones', name='going.example.', email='a@example.org')['id']
        self.send('DELETE', f'/v2/zones/{going}', CALLERS['member'])
        limited = self.make('/zones', 'limited', name='limited.example.', email='a@example.org')
        self.send('PATCH', '/v2/quotas/limited',
                  {'Content-Type': 'application/json', **CALLERS['admin']},
                  b'{"zones": 1, "zone_records": 3, "recordset_records": 2}')
        managed = {each['type']: each['id'] for each in self.send(
            'GET', f'/v2{under}?name=example.org.', CALLERS['member']).json['recordsets']}
        return {'zone': zone, 'www': www['id'], 'soa': managed['SOA'], 'ns': managed['NS'],
                'secondary': secondary['id'], 'foreign': foreign['id'], 'going': going,
                'limited': limited['id'], 'pool': foreign['pool_id'],
                'nobody': '00000000-0000-4000-8000-000000000000'}
