# SPDX-License-Identifier: Apache-2.0
"""A real Neutron: its API alone, on SQLite, for users whom a real Keystone knows."""
import http.client
import json
import pathlib
import subprocess
from typing import Any

from tests import base
from tests.interop import keystone
from tests.interop import server

CONFIGURATION = '''
[DEFAULT]
auth_strategy = keystone
core_plugin = ml2
service_plugins = router
transport_url = fake://
state_path = {directory}
api_paste_config = {prefix}/etc/neutron/api-paste.ini
# Lists come in pages, however short they are.
pagination_max_limit = 1
[oslo_concurrency]
lock_path = {directory}
[database]
connection = sqlite:///{directory}/neutron.sqlite
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers =
'''

# Not all of Neutron's migrations run on SQLite; this makes what they lead to.
_CREATE = '''
import sqlalchemy
from neutron.db.migration.models import head
head.get_metadata().create_all(sqlalchemy.create_engine('sqlite:///{directory}/neutron.sqlite'))
'''

# Neutron has no server of its own any more; the one of the standard library will do.
_SERVE = '''
import socketserver
import sys
from wsgiref import simple_server
sys.argv = ['neutron-api', '--config-file', '{directory}/neutron.conf']
from neutron.wsgi import api
class Server(socketserver.ThreadingMixIn, simple_server.WSGIServer):
    daemon_threads = True
with simple_server.make_server('127.0.0.1', {port}, api.application, Server) as server:
    server.serve_forever()
'''


class Neutron:
    """One Neutron.

    :param keystone_: whom it asks about tokens.
    """

    def __init__(self, directory: pathlib.Path, keystone_: keystone.Keystone) -> None:
        self.directory = directory
        self.port = server.free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self._python = pathlib.Path(base.require('neutron-db-manage')).with_name('python')
        self._process: subprocess.Popen | None = None
        (directory / 'neutron.conf').write_text(CONFIGURATION.format(
            directory=directory, prefix=self._python.parent.parent) + keystone_.settings())

    def start(self) -> None:
        """Make the database, start it, and return when it answers."""
        with (self.directory / 'log').open('ab') as log:
            subprocess.run([self._python, '-c', _CREATE.format(directory=self.directory)],
                           check=True, env={}, stdout=log, stderr=subprocess.STDOUT)
            self._process = subprocess.Popen(
                [self._python, '-c', _SERVE.format(directory=self.directory, port=self.port)],
                env={}, stdout=log, stderr=subprocess.STDOUT)
        base.wait(self._answers, 60)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise AssertionError('Neutron has ended:\n' + self.log())
        try:
            return self._ask('GET', '/')[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def log(self) -> str:
        """Return all that it has written."""
        return (self.directory / 'log').read_text(errors='replace')

    def network(self, token: str, cidr: str) -> str:
        """Create an external network with a subnet, as an admin; returns its id."""
        made = self.create(token, 'network', **{'router:external': True})['id']
        self.create(token, 'subnet', network_id=made, ip_version=4, cidr=cidr, enable_dhcp=False)
        return made

    def create(self, token: str, noun: str, **members: Any) -> dict[str, Any]:
        """Create something, and return its document."""
        code, document = self._ask('POST', f'/v2.0/{noun}s', {noun: members}, token)
        if code != 201:
            raise AssertionError(f'{noun}: {code} {document}')
        return document[noun]

    def delete(self, token: str, noun: str, id_: str) -> None:
        """Delete something."""
        code, document = self._ask('DELETE', f'/v2.0/{noun}s/{id_}', token=token)
        if code != 204:
            raise AssertionError(f'{noun}: {code} {document}')

    def _ask(self, method: str, path: str, body: Any = None, token: str = '') -> tuple[int, Any]:
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)
        try:
            connection.request(method, path, body and json.dumps(body), {
                'Content-Type': 'application/json', 'X-Auth-Token': token})
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        finally:
            connection.close()
