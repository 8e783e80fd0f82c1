# SPDX-License-Identifier: Apache-2.0
"""A real Keystone: SQLite, Fernet tokens, and the projects, users and roles of a small cloud."""
import base64
import contextlib
import pathlib
import secrets
import subprocess
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from keystoneauth1 import exceptions
from keystoneauth1 import session
from keystoneauth1.identity import v3

from tests import base
from tests.interop import server

PASSWORD = 'secret'
REGION = 'RegionOne'
DOMAIN = {'user_domain_id': 'default', 'project_domain_id': 'default'}

# User: project and roles. Keystone lets admin imply member, and member reader. The operator,
# whom Keystone begins with, is an admin of the project operators and of the whole system.
USERS = {
    'reader': ('demo', ['reader']),
    'member': ('demo', ['member']),
    'admin': ('demo', ['admin']),
    'nobody': ('demo', ['manicurist']),
    'stranger': ('alt_demo', ['member']),
    'designate': ('service', ['admin', 'service']),
}

CONFIGURATION = '''
[database]
connection = sqlite:///{directory}/keystone.sqlite
[fernet_tokens]
key_repository = {directory}/tokens
[fernet_receipts]
key_repository = {directory}/receipts
[credential]
key_repository = {directory}/credentials
[identity]
password_hash_rounds = 4
'''

# What keystonemiddleware is told in the configuration of a service, here the DNS service.
SETTINGS = '''
[service:api]
auth_strategy = keystone
[keystone_authtoken]
www_authenticate_uri = {url}
auth_url = {url}
auth_type = password
username = designate
password = {password}
project_name = service
user_domain_id = default
project_domain_id = default
service_token_roles = service
service_token_roles_required = true
memcached_servers = {memcached}
http_request_max_retries = 0
'''

# Keystone has no server of its own any more; werkzeug comes with it.
_SERVE = '''
from keystone.server import wsgi
from werkzeug import serving
serving.run_simple('127.0.0.1', {port}, wsgi.initialize_public_application(), threaded=True)
'''


class Keystone:
    """One Keystone, with what it knows in a directory."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.port = server.free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self.projects: dict[str, str] = {}
        self._manage = pathlib.Path(base.require('keystone-manage'))
        self._process: subprocess.Popen | None = None
        (directory / 'keystone.conf').write_text(CONFIGURATION.format(directory=directory))
        for name in ('tokens', 'receipts', 'credentials'):
            keys = directory / name
            keys.mkdir(mode=0o700)
            for index in range(2):
                (keys / str(index)).write_bytes(base64.urlsafe_b64encode(secrets.token_bytes(32)))

    def create(self) -> None:
        """Make the database, the operator and the region."""
        self._run('db_sync')
        self._run('bootstrap', '--bootstrap-username', 'operator', '--bootstrap-password', PASSWORD,
                  '--bootstrap-project-name', 'operators', '--bootstrap-region-id', REGION,
                  '--bootstrap-public-url', self.url, '--bootstrap-internal-url', self.url)

    def _run(self, *words: str) -> None:
        ended = subprocess.run([self._manage, '--config-dir', self.directory, *words], check=False,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if ended.returncode:
            raise AssertionError(f'keystone-manage {words[0]}:\n{ended.stdout}')

    def start(self, expiration: int = 3600) -> None:
        """Start it, and return when it answers.

        :param expiration: seconds for which its tokens are good.
        """
        with (self.directory / 'log').open('ab') as log:
            self._process = subprocess.Popen(
                [self._manage.with_name('python'), '-c', _SERVE.format(port=self.port)],
                env={'OS_KEYSTONE_CONFIG_DIR': str(self.directory),
                     'OS_TOKEN__EXPIRATION': str(expiration)},
                stdout=log, stderr=subprocess.STDOUT)
        base.wait(self._answers, 30)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise AssertionError('Keystone has ended:\n' + (self.directory / 'log').read_text())
        with contextlib.suppress(exceptions.ClientException), \
                contextlib.closing(session.Session(timeout=10)) as plain:
            return plain.get(self.url + '/v3').ok
        return False

    def stop(self) -> None:
        """Stop it; what it knows stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def populate(self) -> None:
        """Create the projects and the users."""
        with self._operator() as ask:
            self.projects = {each['name']: each['id']
                             for each in ask('GET', '/projects')['projects']}
            roles = {each['name']: each['id'] for each in ask('GET', '/roles')['roles']}
            for user, (project, names) in USERS.items():
                if project not in self.projects:
                    self.projects[project] = ask(
                        'POST', '/projects', project={'name': project})['project']['id']
                user_id = ask('POST', '/users',
                              user={'name': user, 'password': PASSWORD})['user']['id']
                for name in names:
                    if name not in roles:
                        roles[name] = ask('POST', '/roles', role={'name': name})['role']['id']
                    ask('PUT', f'/projects/{self.projects[project]}/users/{user_id}'
                               f'/roles/{roles[name]}')

    def enlist(self, url: str, type_: str = 'dns', name: str = 'designate') -> None:
        """Put a service into the catalog, or say that it has moved."""
        with self._operator() as ask:
            for old in ask('GET', f'/services?type={type_}')['services']:
                ask('DELETE', f'/services/{old["id"]}')
            service = ask('POST', '/services', service={'type': type_, 'name': name})['service']
            ask('POST', '/endpoints', endpoint={
                'service_id': service['id'], 'interface': 'public', 'url': url,
                'region_id': REGION})

    @contextlib.contextmanager
    def _operator(self) -> Iterator[Callable[..., Any]]:
        """A call that asks Keystone as the operator, and returns the document."""
        auth = v3.Password(**self.access('operator', 'operators'))
        with contextlib.closing(session.Session(auth, timeout=30)) as made:
            def ask(method: str, path: str, **document: Any) -> Any:
                reply = made.request(f'{self.url}/v3{path}', method, json=document or None)
                return reply.json() if reply.content else None
            yield ask

    def access(self, user: str, project: str | None = None) -> dict[str, str]:
        """What clients are told: URL, name, password, and project, by default the user's own."""
        return {'auth_url': self.url, 'username': user, 'password': PASSWORD,
                'project_name': project or USERS[user][0], **DOMAIN}

    def token(self, user: str, **scope: Any) -> str:
        """A new token of a user, for the user's project unless ``scope`` says other.

        :param scope: keywords of keystoneauth: ``system_scope='all'``, ``unscoped=True``.
        """
        scope = scope or {'project_name': USERS[user][0], 'project_domain_id': 'default'}
        auth = v3.Password(self.url, username=user, password=PASSWORD, user_domain_id='default',
                           include_catalog=False, **scope)
        with contextlib.closing(session.Session(auth, timeout=30)) as made:
            return made.get_token()

    def settings(self, memcached: str = '') -> str:
        """The configuration of a DNS service whose users are known here."""
        return SETTINGS.format(url=self.url, password=PASSWORD, memcached=memcached)


@contextlib.contextmanager
def running() -> Iterator[Keystone]:
    """A Keystone with everybody in it, gone afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        made = Keystone(pathlib.Path(directory))
        made.create()
        made.start()
        try:
            made.populate()
            yield made
        finally:
            made.stop()
