# SPDX-License-Identifier: Apache-2.0
"""The API as an application of other WSGI servers: uWSGI and Apache's mod_wsgi.

Both fork; what a process opens towards the message bus must be its own.
"""
import contextlib
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from tests import base
from tests import load
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
LoadModule headers_module {modules}/mod_headers.so
LoadModule wsgi_module {modules}/mod_wsgi.so
WSGISocketPrefix {directory}/wsgi
LogFormat "%h %r %s" combined
{user}
'''


# What Apache says for the API: code, Retry-After, document.
_AWAY = (503, '1', {'code': 503, 'type': 'unavailable', 'message': 'The API is being started'})
_KILLED = (500, None, {'code': 500, 'type': 'unknown', 'message': 'An unknown failure'})


class WsgiTestCase(base.TestCase):
    """A site whose API is served by another's server."""

    def setUp(self) -> None:
        super().setUp()
        self.reloads = 0
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
            base.wait(self.site.is_ready, 60, 0.05)
        except AssertionError as problem:
            raise AssertionError(self.log() + self.site.logs()) from problem
        self.site.manage('pool', 'update', '--file', str(self.site.pools))
        return process

    def end(self, process: subprocess.Popen) -> None:
        """Let it die, with all its processes."""
        if process.poll() is None:      # Another may have its number otherwise.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self) -> str:
        """Return all that the server has written."""
        return (self.place / 'wsgi.log').read_text(errors='replace')

    @contextlib.contextmanager
    def creating(self, prefix: str, refusals: Sequence[tuple[int, str | None, Any]] = ()
                 ) -> Iterator[list[str]]:
        """Create zones from several clients at once, while the block goes on.

        Yields the names of those accepted so far. All that were accepted are there in the end.

        :param refusals: code, Retry-After and document of answers that may come as well.
        """
        accepted: list[str] = []
        failures: list[Exception] = []
        enough = threading.Event()
        client = load.Client(f'127.0.0.1:{self.site.port}')

        def work(number: int) -> None:
            for each in itertools.count():
                if enough.is_set():
                    return
                name = f'{prefix}{number}-{each}.example.'
                try:
                    client('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})
                    accepted.append(name)
                except load.Refused as refused:
                    if (refused.code, refused.retry_after, refused.document) not in refusals:
                        failures.append(refused)
                except (OSError, ValueError) as problem:
                    failures.append(problem)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            yield accepted
        finally:
            enough.set()
            for thread in threads:
                thread.join()
            self.assertEqual([], failures, self.log())
        found: set[str] = set()
        marker = ''
        while page := client('GET', f'/v2/zones?name={prefix}*&limit=1000{marker}')['zones']:
            found |= {each['name'] for each in page}
            marker = f'&marker={page[-1]["id"]}'
        self.assertLessEqual(set(accepted), found)

    def reload(self, accepted: list[str], begin: Callable[[], object]) -> None:
        """Give the API another configuration under load, and return when it has it throughout.

        :param begin: has the server load it.
        """
        self.reloads += 1
        more = len(accepted) + 10
        base.wait(lambda: len(accepted) > more, 60)
        address = f'http://reload-{self.reloads}.example/'
        new = self.place / 'new.conf'
        new.write_text(self.site.file('api').read_text() + f'enable_host_header = false\n'
                       f'api_base_uri = {address}\n')
        new.rename(self.place / 'designate_like.conf')
        begin()
        client = load.Client(f'127.0.0.1:{self.site.port}')

        def loaded() -> bool:
            # Each process answers some of so many.
            with contextlib.suppress(load.Refused):
                return all(client('GET', '/')['versions'][0]['links'][0]['href'].startswith(
                    address) for _ in range(12))
            return False
        base.wait(loaded, 90, 0.05)


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
        with self.creating('one') as accepted:
            base.wait(lambda: len(accepted) > 30, 60)
        with contextlib.closing(self.site.client()) as client:
            for _ in range(3):      # On one connection, as far as the server keeps it.
                client('GET', '/v2/zones')
        process.terminate()
        self.assertEqual(0, process.wait(20), self.log())
        self.assertNotIn('Traceback', self.log())

    def test_a_graceful_reload_loses_no_request(self) -> None:
        process = self.uwsgi()
        with self.creating('two') as accepted:
            for number in range(1, 4):
                # A process that is still loading misses the signal, and is killed in the end.
                base.wait(lambda: self.log().count(' ready in ') == 2 * number, 60, 0.05)
                self.reload(accepted, lambda: process.send_signal(signal.SIGHUP))


class ModWsgiTest(WsgiTestCase):

    def setUp(self) -> None:
        apache.require_mod_wsgi(self)
        self.program = base.require('apache2')
        super().setUp()

    def apache(self) -> subprocess.Popen:
        """Start it as the sample says, at the port of the site, as another user if it can."""
        user, account = ('User www-data\nGroup www-data', 'user=www-data group=www-data') \
            if os.getuid() == 0 else ('', '')
        self.script = pathlib.Path(shutil.copy(SAMPLES / 'api.wsgi', self.place))
        sample = (SAMPLES / 'apache.conf').read_text()
        for pattern, text in (
                (r'(?m)^Listen .*$', f'Listen 127.0.0.1:{self.site.port}'),
                (r'\*:9001', f'127.0.0.1:{self.site.port}'),
                ('user=designate group=designate', account),
                ('python-home=/opt/designate_like', f'python-home={sys.prefix} python-path={TREE}'),
                (r'(?m)(?<=WSGIScriptAlias / )\S+', str(self.script)),
                (r'/var/log/apache2/designate_like\.log', f'{self.place}/wsgi.log'),
                (r'/var/log/apache2/', f'{self.place}/')):
            sample, count = re.subn(pattern, text, sample)
            self.assertEqual(1, count, pattern)
        configuration = self.place / 'apache.conf'
        configuration.write_text(_APACHE.format(
            directory=self.place, modules=apache.MODULES, user=user) + sample)
        return self.start(self.program, '-f', str(configuration), '-DFOREGROUND')

    def daemons(self, server: subprocess.Popen) -> set[int]:
        """Return the processes in which the API runs."""
        children = pathlib.Path(f'/proc/{server.pid}/task/{server.pid}/children').read_text()
        return {int(each) for each in children.split()
                if pathlib.Path(f'/proc/{each}/cmdline').read_bytes().startswith(b'(wsgi:')}

    def refusal(self) -> tuple[int, str | None, Any] | None:
        """Return code, Retry-After and document of an answer that is an error."""
        try:
            load.Client(f'127.0.0.1:{self.site.port}')('GET', '/v2/zones')
        except load.Refused as refused:
            return refused.code, refused.retry_after, refused.document
        return None

    def test_zones(self) -> None:
        process = self.apache()
        with self.creating('one') as accepted:
            base.wait(lambda: len(accepted) > 30, 60)
        process.terminate()
        self.assertEqual(0, process.wait(20), self.log())
        self.assertNotIn('Traceback', self.log())

    def test_a_touched_script_loses_no_request(self) -> None:
        self.apache()
        with self.creating('two') as accepted:
            for _ in range(3):
                self.reload(accepted, self.script.touch)

    def test_a_reload_of_apache_is_told_in_the_form_of_the_api(self) -> None:
        process = self.apache()
        with self.creating('three', refusals=[_AWAY, _KILLED]) as accepted:
            for _ in range(3):
                self.reload(accepted, lambda: process.send_signal(signal.SIGUSR1))

    def test_what_apache_says_while_the_api_is_away(self) -> None:
        process = self.apache()
        self.site.send('central-1', signal.SIGSTOP)
        answers: list[object] = []
        thread = threading.Thread(target=lambda: answers.append(self.refusal()))
        thread.start()
        # Once is enough, unless the request has not come to a process in that time.
        for patience in (1, 2, 4, 8, 16):
            thread.join(patience)
            if not thread.is_alive():
                break
            for each in self.daemons(process):
                os.kill(each, signal.SIGKILL)
        thread.join()
        self.assertEqual([_KILLED], answers)
        self.site.send('central-1', signal.SIGCONT)

        socket, = self.place.glob('wsgi.*.sock')
        socket.unlink()
        self.assertEqual(_AWAY, self.refusal())
        # What the API says itself stays as it says it.
        with (self.place / 'designate_like.conf').open('a') as configuration:
            configuration.write('maintenance_mode = true\nmaintenance_mode_role = nobody\n')
        process.send_signal(signal.SIGUSR1)

        def is_its_own() -> bool:
            code, retry_after, document = self.refusal() or (None, None, None)
            return (code, retry_after) == (503, '60') and 'request_id' in document
        base.wait(is_its_own, 40, 0.05)
