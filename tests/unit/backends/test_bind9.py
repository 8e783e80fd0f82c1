# SPDX-License-Identifier: Apache-2.0
"""What rndc is told, by a program in its place that writes down its arguments."""
import json
import pathlib
import sys
import textwrap
import threading
import time
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.backends import bind9
from tests import base
from tests.unit.backends import test_load
from tests.unit.dnsio import test_verbs

ZONE = test_verbs.zone(id='0000', name='Example.org.')


class Bind9Test(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.place = self.directory()

    def backend(self, script: str = '', masters=(test_load.MASTER,), **options) -> bind9.Bind9:
        """Return a backend whose rndc does ``script`` after it has noted its arguments."""
        rndc = self.place / 'rndc'
        rndc.write_text(f'#!{sys.executable}\n' + textwrap.dedent('''\
            import json, pathlib, sys, time
            with open(pathlib.Path(__file__).with_name('calls'), 'a') as calls:
                print(json.dumps(sys.argv[1:]), file=calls)
            ''') + script)
        rndc.chmod(0o700)
        return bind9.Bind9(test_load.target(masters=masters, rndc_bin_path=str(rndc), **options))

    def calls(self) -> list[Any]:
        calls: pathlib.Path = self.place / 'calls'
        return [json.loads(line) for line in calls.read_text().splitlines()]

    def test_create(self):
        self.backend().create(ZONE)
        self.assertEqual([[
            '-s', '127.0.0.1', '-p', '953', 'addzone', 'Example.org',
            '{ type slave; masters { 192.0.2.1 port 5354; }; file "slave.Example.org.0000"; };',
        ]], self.calls())

    def test_options(self):
        backend = self.backend(rndc_host='192.0.2.9', rndc_port='1953', view='inside',
                               rndc_config_file='/etc/rndc.conf', rndc_key_file='/etc/rndc.key')
        backend.delete(ZONE)
        self.assertEqual([['-s', '192.0.2.9', '-p', '1953', '-c', '/etc/rndc.conf', '-k',
                           '/etc/rndc.key', 'delzone', 'Example.org', 'in', 'inside']],
                         self.calls())

    def test_every_order_of_masters_happens(self):
        masters = [resources.Address(host=f'192.0.2.{n}', port=53) for n in (1, 2)]
        backend, seen = self.backend(masters=masters), set()
        base.wait(lambda: seen.add(backend._declaration(ZONE)) or len(seen) == 2)

    def test_the_longest_name_has_a_file(self):
        name = f'{"a." * 127}'
        self.backend().create(ZONE.replace(name=name, id='f' * 36))
        file = self.calls()[0][-1].split('"')[1]
        self.assertLess(len(file), 250)
        self.assertTrue(file.endswith('f' * 36))

    def test_clean(self):
        self.backend().delete(ZONE, hard=True)
        self.backend(clean_zonefile='True').delete(ZONE)
        self.backend().delete(ZONE)
        clean, plain = ['delzone', '-clean', 'Example.org'], ['delzone', 'Example.org']
        self.assertEqual([clean, clean, plain], [call[4:] for call in self.calls()])

    def test_update(self):
        for type_ in ('slave', 'secondary'):
            self.backend(f'print("zone x {{ type {type_}; }};")').update(ZONE)
        self.assertEqual(['showzone', 'modzone'] * 2, [call[4] for call in self.calls()])

    def test_update_of_what_is_a_primary_zone_by_now(self):
        self.backend('print("zone x { type primary; };")').update(ZONE)
        self.assertEqual(['showzone', 'delzone', 'addzone'], [call[4] for call in self.calls()])

    def test_update_of_what_is_not_there(self):
        self.backend('if "showzone" in sys.argv:\n'
                     '    sys.exit("rndc: \'showzone\' failed: not found")').update(ZONE)
        self.assertEqual(['showzone', 'addzone'], [call[4] for call in self.calls()])

    def test_what_is_done_already(self):
        self.backend('sys.exit("rndc: \'addzone\' failed: already exists")').create(ZONE)
        self.backend('sys.exit("rndc: \'delzone\' failed: not found")').delete(ZONE)

    def test_retransfer(self):
        self.backend().retransfer(ZONE)
        self.assertEqual(['retransfer'], [call[4] for call in self.calls()])

    def test_retransfer_of_what_is_not_there(self):
        self.backend('''if sys.argv[5] == 'retransfer':
            sys.exit("rndc: 'retransfer' failed: not found")
        ''').retransfer(ZONE)
        self.assertEqual(['retransfer', 'addzone'], [call[4] for call in self.calls()])

    def test_carries(self):
        for primaries, expected in [
                ('masters { 192.0.2.1 port 5354; }', True),
                ('primaries { 192.0.2.1 port 5354; }', True),
                ('masters { 192.0.2.9 port 53; }', False),
                ('masters { 192.0.2.1 port 5354; 192.0.2.9; }', False),
                ('masters { 192.0.2.1 port 5354 key "k"; }', False),
                ('file "primary"', False)]:
            shown = f'zone "example.org" {{ type slave; file "x"; {primaries}; }};'
            self.assertEqual(expected, self.backend(f'print({shown!r})').carries(ZONE), shown)
        self.assertFalse(self.backend(
            '''sys.exit("rndc: 'showzone' failed: not found")''').carries(ZONE))

    def test_complaints(self):
        for script, words in [
                ('sys.exit("rndc: connect failed:\\n connection refused")',
                 '^rndc delzone Example.org.: rndc: connect failed: connection refused$'),
                ('sys.exit("rndc: /etc/rndc.key: file not found")', 'rndc.key'),
                ('sys.exit("rndc: \'delzone\' failed: already exists")', 'already'),
                ('sys.stderr.buffer.write(bytes([255])); sys.exit(1)', '\ufffd')]:
            with self.subTest(script):
                with self.assertRaisesRegex(errors.BackendError, words):
                    self.backend(script).delete(ZONE)

    def test_rndc_is_not_there(self):
        backend = bind9.Bind9(test_load.target(rndc_bin_path=str(self.place / 'nothing')))
        with self.assertRaisesRegex(errors.BackendError, 'No such file'):
            backend.create(ZONE)

    def test_no_answer_in_time(self):
        with self.assertRaisesRegex(errors.BackendError, 'no answer in 1 seconds'):
            self.backend('time.sleep(60)', rndc_timeout='1').create(ZONE)

    def test_close_breaks_off(self):
        backend, seen = self.backend('time.sleep(60)'), []

        def create() -> None:
            try:
                backend.create(ZONE)
            except errors.BackendError as error:
                seen.append(error)

        thread = threading.Thread(target=create)
        start = time.monotonic()
        thread.start()
        base.wait(lambda: (self.place / 'calls').exists())
        backend.close()
        thread.join()
        self.assertEqual(1, len(seen))
        self.assertLess(time.monotonic() - start, 10)
