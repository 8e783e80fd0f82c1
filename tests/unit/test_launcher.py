# SPDX-License-Identifier: Apache-2.0
"""A role in processes: they start, are replaced, and stop."""
import contextlib
import os
import signal
import subprocess
import sys

from tests import base

PROGRAM = '''
import os
import pathlib
import sys
import time
import types
from cotyledon import _service_manager
from designate_like import conf, errors, launcher, rpc, service

wrong = pathlib.Path(sys.argv[1])
conf.load([])
rpc.set_transport_url(conf.CONF, 'inproc://')
conf.CONF.set_override('workers', 2, 'service:mdns')

def say(what):
    os.write(1, what.encode() + b'\\n')     # At once: several processes share it.

def pause(seconds):
    """Wait, for five seconds when processes end too soon; here less will do."""
    if seconds > 1:
        say('pausing')
    time.sleep(min(seconds, 1))

_service_manager.time = types.SimpleNamespace(sleep=pause, time=time.time)

class Mdns(service.Service):
    name = 'mdns'

    @classmethod
    def check(cls, conf, wait=True):
        if wrong.exists():
            raise LookupError('surprise')

    def start(self):
        if wrong.exists():
            raise errors.ConfigurationError('a file is wrong')
        super().start()
        say('started')

    def stop(self):
        super().stop()
        say('stopped')

sys.exit(launcher.launch(conf.CONF, Mdns(conf.CONF)))
'''


class LaunchTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        directory = self.directory()
        self.wrong, self.output = directory / 'wrong', directory / 'output'

    def run_program(self) -> subprocess.Popen:
        """Start it; its own words go to a file, and so does its log."""
        with self.output.open('wb') as output:
            child = subprocess.Popen(
                [sys.executable, '-c', PROGRAM, self.wrong], stdout=output, stderr=output,
                env=os.environ | {'PYTHONPATH': os.pathsep.join(sys.path)},
                start_new_session=True)
        self.addCleanup(self.kill, child)
        return child

    def kill(self, child: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def said(self, word: str, times: int) -> None:
        """Wait until it has said that so often."""
        base.wait(lambda: self.output.read_text().splitlines().count(word) >= times, 30)

    def test_processes_start_and_a_signal_stops_them(self) -> None:
        child = self.run_program()
        self.said('started', 2)
        child.send_signal(signal.SIGTERM)
        self.said('stopped', 2)
        base.wait(lambda: child.poll() is not None)
        self.assertEqual(0, child.returncode)

    def test_a_check_that_fails_in_any_way_leaves_all_as_it_is(self) -> None:
        child = self.run_program()
        self.said('started', 2)
        self.wrong.touch()
        child.send_signal(signal.SIGHUP)
        base.wait(lambda: "stays in force: LookupError('surprise')" in self.output.read_text(), 30)
        self.assertNotIn('stopped', self.output.read_text())
        self.wrong.unlink()
        child.send_signal(signal.SIGHUP)
        self.said('started', 4)

    def test_a_reload_mends_a_role_whose_processes_end_as_soon_as_they_begin(self) -> None:
        self.wrong.touch()
        child = self.run_program()
        self.said('pausing', 1)
        self.wrong.unlink()
        child.send_signal(signal.SIGHUP)
        self.said('started', 2)
        self.assertIn('mdns cannot start: a file is wrong', self.output.read_text())
        self.assertNotIn('Traceback', self.output.read_text())
