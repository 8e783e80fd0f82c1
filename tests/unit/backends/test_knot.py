# SPDX-License-Identifier: Apache-2.0
"""What knotc is told, by a program in its place that writes down its arguments."""
import concurrent.futures
import json
import sys
import textwrap
import time
from typing import Any
from unittest import mock

from designate_like import errors
from designate_like import resources
from designate_like.backends import knot
from tests import base
from tests.unit.backends import test_load
from tests.unit.dnsio import test_verbs

ZONE = test_verbs.zone(name='Example.org.')
ITEM = 'zone[Example.org.]'
REMOTE = 'designate_like-192.0.2.1-5354'


class KnotTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.place = self.directory()
        self.replies: dict[str, str] = {}

    def backend(self, masters=(test_load.MASTER,), **options: str) -> knot.Knot:
        """Return a backend whose knotc complains of commands as ``self.replies`` says.

        A key is a command's beginning, a value the complaint, or several between bars, the last
        of which is given for ever; an empty one is a success.
        """
        program = self.place / 'knotc'
        (self.place / 'replies').write_text(json.dumps(self.replies))
        program.write_text(f'#!{sys.executable}\n' + textwrap.dedent('''\
            import json, pathlib, sys
            place = pathlib.Path(__file__).parent
            with open(place / 'calls', 'a') as calls:
                print(json.dumps(sys.argv[1:]), file=calls)
            command = ' '.join(sys.argv[3:])
            replies = json.loads((place / 'replies').read_text())
            for start, reply in replies.items():
                if command.startswith(start):
                    first, *more = reply.split('|')
                    if more:
                        replies[start] = '|'.join(more)
                        (place / 'replies').write_text(json.dumps(replies))
                    if first:
                        print(f'error: ({first}) of it')
                        sys.exit(1)
                    break
            print('OK')
            '''))
        program.chmod(0o700)
        return knot.Knot(test_load.target('knot', masters, **{
            'knotc_bin_path': str(program), **options}))

    def raw_calls(self) -> list[Any]:
        return [json.loads(line) for line in (self.place / 'calls').read_text().splitlines()]

    def calls(self) -> list[str]:
        return [' '.join(call[2:]) for call in self.raw_calls()]

    def test_create(self):
        self.backend().create(ZONE)
        self.assertEqual(['conf-begin', f'conf-set {ITEM}',
                          f'conf-set {ITEM}.master {REMOTE}', 'conf-commit'], self.calls())

    def test_the_first_zone_needs_the_remotes(self):
        self.replies[f'conf-set {ITEM}.master'] = 'not exists|'
        masters = [test_load.MASTER, resources.Address(host='2001:db8::1', port=53)]
        self.backend(masters, template='cloud').create(ZONE)
        other = 'designate_like-2001:db8::1-53'
        self.assertEqual([
            'conf-begin', f'conf-set {ITEM}', f'conf-set {ITEM}.template cloud',
            f'conf-set {ITEM}.master {REMOTE} {other}',
            f'conf-set remote[{REMOTE}]', f'conf-set remote[{REMOTE}].address 192.0.2.1@5354',
            f'conf-set remote[{other}]', f'conf-set remote[{other}].address 2001:db8::1@53',
            f'conf-set {ITEM}.master {REMOTE} {other}', 'conf-commit'], self.calls())

    def test_a_key(self):
        self.replies[f'conf-set {ITEM}.master'] = 'not exists|'
        self.backend(tsigkey_name='ours.').create(ZONE)
        remote = f'remote[{REMOTE}-ours.]'
        self.assertEqual([f'conf-set {remote}', f'conf-set {remote}.address 192.0.2.1@5354',
                          f'conf-set {remote}.key ours.',
                          f'conf-set {ITEM}.master {REMOTE}-ours.'], self.calls()[3:-1])

    def test_those_that_wait_share_a_transaction(self):
        backend = self.backend(())
        with concurrent.futures.ThreadPoolExecutor(3) as threads:
            with backend._lock:
                made = [threads.submit(backend.create, ZONE.replace(name=f'{letter}.example.'))
                        for letter in 'abc']
                base.wait(lambda: len(backend._waiting) == 3)
            self.assertEqual([None] * 3, [each.result() for each in made])
        begin, *middle, commit = self.calls()
        self.assertEqual(['conf-begin', 'conf-commit'], [begin, commit])
        self.assertEqual([f'conf-set zone[{letter}.example.]' for letter in 'abc'],
                         sorted(middle))

    def test_masters_of_the_template(self):
        self.backend((), template='cloud').create(ZONE)
        self.assertEqual(['conf-begin', f'conf-set {ITEM}', f'conf-set {ITEM}.template cloud',
                          'conf-commit'], self.calls())

    def test_update_of_what_is_there(self):
        self.replies = {f'conf-set {ITEM}.': '', f'conf-set {ITEM}': 'duplicate identifier',
                        f'conf-unset {ITEM}.template': 'not exists'}
        self.backend().update(ZONE)
        self.assertEqual(['conf-begin', f'conf-set {ITEM}', f'conf-unset {ITEM}.template',
                          f'conf-unset {ITEM}.master', f'conf-set {ITEM}.master {REMOTE}',
                          'conf-commit'], self.calls())

    def test_delete(self):
        purge, again = 'zone-purge -b -f Example.org.', 'zone-purge -f Example.org. +orphan'
        expected = [purge, 'conf-begin', f'conf-unset {ITEM}', 'conf-commit', again]
        self.backend().delete(ZONE)
        self.assertEqual(expected, self.calls())
        self.replies = {purge: 'no such zone found', 'conf-unset': 'invalid identifier'}
        self.backend().delete(ZONE)
        self.assertEqual(expected * 2, self.calls())

    def test_fetch(self):
        self.backend().fetch(ZONE)
        self.replies['zone-refresh'] = 'no such zone found'
        self.backend().fetch(ZONE)
        self.assertEqual(['zone-refresh Example.org.'] * 2, self.calls())

    def test_retransfer(self):
        self.backend().retransfer(ZONE)
        self.assertEqual([f'zone-retransfer {ZONE.name}'], self.calls())

    def test_retransfer_of_what_is_not_there(self):
        self.replies['zone-retransfer'] = 'no such zone found'
        self.backend().retransfer(ZONE)
        self.assertEqual('conf-begin', self.calls()[1])

    def test_zones(self):
        shown = (f'zone[example.org.].master = {REMOTE}\nzone[own.example.].master = other\n'
                 f'zone[both.example.].master = other {REMOTE}\n')
        backend = self.backend()
        with mock.patch.object(backend, '_knotc', return_value=shown):
            self.assertEqual(['example.org.'], backend.zones())

    def test_carries(self):
        backend = self.backend()
        for masters, carried in ((REMOTE, True), ('other', False), (f'other {REMOTE}', False)):
            shown = f'zone[example.org.].master = {masters}'
            with mock.patch.object(backend, '_knotc', return_value=shown):
                self.assertEqual(carried, backend.carries(ZONE))
        self.replies['conf-read'] = 'invalid identifier'
        self.assertFalse(self.backend().carries(ZONE))
        self.assertEqual(['conf-read zone[Example.org.].master'], self.calls())

    def test_there_are_no_zones(self):
        self.replies['conf-read'] = 'not exists'
        self.assertEqual([], self.backend().zones())

    def test_options(self):
        self.backend(socket='/run/knot.sock', timeout='3').create(ZONE)
        self.assertEqual(['-t', '3', '-s', '/run/knot.sock', 'conf-begin'], self.raw_calls()[0])

    def test_a_complaint_ends_the_transaction(self):
        for command in f'conf-set {ITEM}', 'conf-set zone[Example.org.].master', 'conf-commit':
            with self.subTest(command):
                self.replies = {command: 'invalid parameter', 'conf-abort': 'no connection'}
                with self.assertRaisesRegex(errors.BackendError, f'knotc {command[:8]}.*invalid'):
                    self.backend().create(ZONE)
                self.assertEqual('conf-abort', self.calls()[-1])

    def test_waits_for_the_transaction_of_another(self):
        self.replies['conf-begin'] = 'too many transactions|too many transactions|'
        self.backend().create(ZONE)
        self.assertEqual(['conf-begin', 'conf-diff'] * 2 + ['conf-begin'], self.calls()[:5])
        self.assertNotIn('conf-abort', self.calls())

    def test_gives_up_waiting(self):
        self.replies['conf-begin'] = 'too many transactions'
        for backend in self.backend(), self.backend():
            with mock.patch.object(knot, 'PATIENCE', 0):
                with self.assertRaisesRegex(errors.BackendError, 'another transaction is open'):
                    backend.create(ZONE)
        self.assertNotIn('conf-abort', self.calls())

    def test_what_is_an_abandoned_transaction(self):
        seen = [  # Seconds, what the open transaction holds, whether it is abandoned.
            (0, '', False), (29, '', False), (31, '', True),
            (40, '+zone.domain = a.', False), (60, '+zone.domain = a.', False),
            (65, '+zone.domain = b.', False), (80, '+zone.domain = b.', False),
            (85, None, False), (86, '+zone.domain = b.', False), (96, '+zone.domain = b.', False),
            # Nobody looked for long.
            (130, '+zone.domain = b.', False), (159, '+zone.domain = b.', False),
            (161, '+zone.domain = b.', True)]
        backend = self.backend()
        for now, content, expected in seen:
            with (self.subTest(now), mock.patch.object(knot.time, 'monotonic', lambda: now),
                  mock.patch.object(backend, '_knotc', lambda *_, unless: content)):
                self.assertEqual(expected, backend._is_abandoned())

    def test_an_abandoned_transaction_is_aborted(self):
        self.replies['conf-begin'] = 'too many transactions|too many transactions|'
        backend = self.backend()
        with mock.patch.object(backend, '_theirs', knot.Sighting('OK', -1000, time.monotonic())):
            with self.assertLogs(knot.LOG, 'WARNING'):
                backend.create(ZONE)
        self.assertEqual(['conf-begin', 'conf-diff', 'conf-abort'] * 2 + ['conf-begin'],
                         self.calls()[:7])

    def test_close_lets_nobody_wait(self):
        self.replies['conf-begin'] = 'too many transactions'
        backend = self.backend()
        backend.close()
        self.assertRaises(errors.BackendError, backend.create, ZONE)
        self.assertEqual(['conf-begin', 'conf-diff'], self.calls())

    def test_knotc_is_not_there_or_hangs(self):
        for path in '/no/such/knotc', self.sleeper():
            with mock.patch.object(knot, 'GRACE', -0.5):
                backend = self.backend(knotc_bin_path=path, timeout='1')
                with self.assertRaisesRegex(errors.BackendError, '(No such file|timed out)'):
                    backend.delete(ZONE)

    def test_a_target_that_is_wrong(self):
        for masters, options in [([resources.Address(host='mdns.example.org', port=5354)], {}),
                                 ((), {'timeout': 'x'})]:
            with self.assertRaises(errors.ConfigurationError):
                self.backend(masters, **options)

    def sleeper(self) -> str:
        """Return a program that does nothing for long."""
        program = self.place / 'sleeper'
        program.write_text('#!/bin/sh\nexec sleep 60\n')
        program.chmod(0o700)
        return str(program)
