# SPDX-License-Identifier: Apache-2.0
"""The API as an application of other WSGI servers: uWSGI and Apache's mod_wsgi.

Both fork; what a process opens towards the message bus must be its own.
"""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from designate_like.api import wsgi
from tests import base
from tests.interop import apache
from tests.interop import deployment

TREE = pathlib.Path(__file__).parents[2]
SAMPLES = TREE / 'etc/designate_like'

# What stands before the sample on a Debian host.
_APACHE = '''\
ServerName localhost
ServerRoot {directory}
PidFile {directory}/apache.pid
ErrorLog {directory}/wsgi.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule wsgi_module {modules}/mod_wsgi.so
WSGISocketPrefix {directory}/wsgi
LogFormat "%h %r %s" combined
{user}
'''


class WsgiTestCase(base.TestCase):
    """A site whose API is served by another's server."""

    def setUp(self) -> None:
        super().setUp()
        self.place = self.directory()
        self.place.chmod(0o755)     # Apache gives up being root.
        self.site = deployment.Deployment(self.place)
        self.addCleanup(self.site.kill_all)
        shutil.copy(self.site.file('api'), self.place / 'designate_like.conf')
        self.site.manage('database', 'sync')
        self.site.start_role('central-1')

    def start(self, *command: str, **environment: str) -> subprocess.Popen:
        """Start the server, and return when the API answers, and central behind it."""
        with (self.place / 'wsgi.log').open('ab') as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
                env={**os.environ, 'OS_DESIGNATE_CONFIG_DIR': str(self.place), **environment})
        self.addCleanup(self.end, process)
        try:
            base.wait(self.site.is_ready, 40, 0.05)
        except AssertionError as problem:
            raise AssertionError(self.log() + self.site.logs()) from problem
        self.site.manage('pool', 'update', '--file', str(self.site.pools))
        return process

    def end(self, process: subprocess.Popen) -> None:
        """Let it die, with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self) -> str:
        """Return all that the server has written."""
        return (self.place / 'wsgi.log').read_text(errors='replace')

    def create(self, prefix: str, clients: int, zones: int,
               meanwhile: Callable[[], object] | None = None) -> None:
        """Create zones from several clients at once; fail unless all are there.

        :param meanwhile: is called when some are there, and others under way.
        """
        made: list[str] = []
        failures: list[Exception] = []

        def work(number: int) -> None:
            for each in range(zones):
                name = f'{prefix}{number}-{each}.example.'
                try:
                    with contextlib.closing(self.site.client()) as client:
                        client('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})
                    made.append(name)
                except Exception as problem:
                    failures.append(problem)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        if meanwhile:
            base.wait(lambda: len(made) >= clients or failures, 30)
            meanwhile()
        for thread in threads:
            thread.join()
        self.assertEqual([], failures, self.log())
        with contextlib.closing(self.site.client()) as client:
            found = client('GET', f'/v2/zones?name={prefix}*&limit=1')['metadata']
        self.assertEqual(clients * zones, found['total_count'])


class UwsgiTest(WsgiTestCase):

    def setUp(self) -> None:
        self.program = base.require('uwsgi')
        super().setUp()

    def uwsgi(self) -> subprocess.Popen:
        """Start it as the sample says, at the port of the site."""
        sample, count = re.subn(r'(?m)^http-socket = .*$', f'http-socket = 127.0.0.1:'
                                f'{self.site.port}', (SAMPLES / 'uwsgi.ini').read_text())
        self.assertEqual(1, count)
        (self.place / 'uwsgi.ini').write_text(sample)
        return self.start(self.program, '--ini', str(self.place / 'uwsgi.ini'),
                          VIRTUAL_ENV=sys.prefix, PYTHONPATH=str(TREE),
                          UWSGI_VIRTUALENV=sys.prefix)

    def test_zones(self) -> None:
        process = self.uwsgi()
        self.create('one', 8, 4)
        with contextlib.closing(self.site.client()) as client:
            for _ in range(3):      # On one connection, as far as the server keeps it.
                client('GET', '/v2/zones')
        process.terminate()
        self.assertEqual(0, process.wait(20), self.log())
        self.assertNotIn('Traceback', self.log())

    def test_a_graceful_reload_loses_no_request(self) -> None:
        process = self.uwsgi()
        self.create('two', 4, 25, lambda: process.send_signal(signal.SIGHUP))
        base.wait(lambda: self.log().count('spawned uWSGI worker 1 ') == 2, 20)


class ModWsgiTest(WsgiTestCase):

    def setUp(self) -> None:
        apache.require_mod_wsgi(self)
        self.program = base.require('apache2')
        super().setUp()

    def apache(self) -> subprocess.Popen:
        """Start it as the sample says, at the port of the site, as another user if it can."""
        user, account = ('User www-data\nGroup www-data', 'user=www-data group=www-data') \
            if os.getuid() == 0 else ('', '')
        sample = (SAMPLES / 'apache.conf').read_text()
        for pattern, text in (
                (r'(?m)^Listen .*$', f'Listen 127.0.0.1:{self.site.port}'),
                (r'\*:9001', f'127.0.0.1:{self.site.port}'),
                ('user=designate group=designate', account),
                ('python-home=/opt/designate_like', f'python-home={sys.prefix} python-path={TREE}'),
                (r'/opt/designate_like/lib\S+/wsgi\.py', wsgi.__file__),
                (r'/var/log/apache2/designate_like\.log', f'{self.place}/wsgi.log'),
                (r'/var/log/apache2/', f'{self.place}/')):
            sample, count = re.subn(pattern, text, sample)
            self.assertEqual(1, count, pattern)
        configuration = self.place / 'apache.conf'
        configuration.write_text(_APACHE.format(
            directory=self.place, modules=apache.MODULES, user=user) + sample)
        return self.start(self.program, '-f', str(configuration), '-DFOREGROUND')

    def test_zones(self) -> None:
        process = self.apache()
        self.create('one', 8, 4)
        process.terminate()
        self.assertEqual(0, process.wait(20), self.log())
        self.assertNotIn('Traceback', self.log())

    def test_a_graceful_restart_loses_no_request(self) -> None:
        process = self.apache()
        self.create('two', 4, 25, lambda: process.send_signal(signal.SIGUSR1))
        base.wait(lambda: 'Doing graceful restart' in self.log(), 20)
