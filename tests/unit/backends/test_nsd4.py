# SPDX-License-Identifier: Apache-2.0
"""What NSD is told, by a control channel in its place that knows its certificates."""
import contextlib
import socket
import ssl
import threading

from designate_like import errors
from designate_like.backends import nsd4
from tests import base
from tests.unit.backends import certificates
from tests.unit.backends import test_load
from tests.unit.dnsio import test_verbs

ZONE = test_verbs.zone(name='Example.org.')


class Nsd4Test(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        place = self.directory()
        self.server = certificates.make(place, 'localhost')
        self.client = certificates.make(place, 'client')
        self.reply = 'ok\n'
        self.commands: list[str] = []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH,
                                                  cafile=self.client[0])
        self.context.load_cert_chain(*self.server)
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.listening = self.enterContext(socket.create_server(('127.0.0.1', 0)))
        thread = threading.Thread(target=self.serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.listening.shutdown, socket.SHUT_RDWR)

    def serve(self) -> None:
        """Answer until the socket is shut."""
        while True:
            try:
                plain, _ = self.listening.accept()
            except OSError:
                return
            # What the client thinks wrong is for the client to say.
            with plain, contextlib.suppress(OSError):
                with self.context.wrap_socket(plain, server_side=True) as secure:
                    self.commands.append(secure.makefile('r').readline())
                    secure.sendall(self.reply.encode())

    def backend(self, **options: str) -> nsd4.Nsd4:
        return nsd4.Nsd4(test_load.target('nsd4', (), **{
            'host': 'localhost', 'port': str(self.listening.getsockname()[1]),
            'certfile': self.client[0], 'keyfile': self.client[1], 'ca_certs': self.server[0],
            **options}))

    def test_commands(self):
        backend = self.backend(pattern='cloud')
        backend.create(ZONE)
        backend.delete(ZONE)
        self.assertEqual(['NSDCT1 addzone Example.org cloud\n', 'NSDCT1 delzone Example.org\n'],
                         self.commands)

    def test_update(self):
        for status, command in [
                ('error zone Example.org not configured', 'addzone Example.org cloud'),
                ('zone: Example.org pattern: other', 'changezone Example.org cloud'),
                ('zone: Example.org pattern: cloud', None)]:
            with self.subTest(status):
                self.commands.clear()
                self.reply = status
                if 'error' in status:       # It says so to the other command as well.
                    with self.assertRaises(errors.BackendError):
                        self.backend(pattern='cloud').update(ZONE)
                else:
                    self.backend(pattern='cloud').update(ZONE)
                expected = ['zonestatus Example.org'] + ([command] if command else [])
                self.assertEqual([f'NSDCT1 {each}\n' for each in expected], self.commands)

    def test_what_is_done_already(self):
        self.reply = 'zone Example.org already exists\nok\n'
        self.backend().create(ZONE)
        self.reply = 'warning zone Example.org not present\n'
        self.backend().delete(ZONE)

    def test_retransfer(self):
        self.backend().retransfer(ZONE)
        self.assertEqual(['NSDCT1 force_transfer Example.org\n'], self.commands)

    def test_what_it_carries(self):
        self.reply = ('zone:\tExample.org\n\tpattern: cloud\n\tstate: ok\n'
                      'zone:\town.example.\n\tpattern: other\n\tstate: master\n'
                      'zone:\tfile.example\n\tstate: master\n')
        self.assertEqual(['Example.org.'], self.backend(pattern='cloud').zones())
        self.assertEqual(['own.example.'], self.backend(pattern='other').zones())
        self.assertTrue(self.backend(pattern='cloud').carries(ZONE))
        self.reply = 'error zone Example.org not configured\n'
        self.assertFalse(self.backend().carries(ZONE))
        self.reply = ''
        self.assertEqual([], self.backend().zones())

    def test_complaints(self):
        for reply, words in [('error pattern slave does not exist\n', 'addzone .* pattern slave'),
                             ('', 'no reply')]:
            self.reply = reply
            with self.assertRaisesRegex(errors.BackendError, words):
                self.backend().create(ZONE)

    def test_what_is_not_trusted(self):
        for options in ({'ca_certs': ''}, {'ca_certs': self.client[0]}, {'host': '127.0.0.1'},
                        {'certfile': self.server[0], 'keyfile': self.server[1]},
                        {'certfile': '/no/such/file'}):
            with self.subTest(options):
                with self.assertRaises(errors.BackendError):
                    self.backend(**options).create(ZONE)
        self.assertEqual([], self.commands)

    def test_what_is_trusted_when_told_so(self):
        for options in ({'verify_ssl': 'false', 'ca_certs': ''},
                        {'check_hostname': 'false', 'host': '127.0.0.1'}):
            self.backend(**options).create(ZONE)
        self.assertEqual(2, len(self.commands))

    def test_a_server_that_is_away(self):
        with self.assertRaisesRegex(errors.BackendError, 'refused'):
            self.backend(port='1').create(ZONE)

    def test_where_notify_goes(self):
        self.assertEqual(('localhost', 53), self.backend().address)
        self.assertEqual(('192.0.2.1', 1053), self.backend(
            notify_host='192.0.2.1', notify_port='1053').address)

    def test_a_target_that_is_wrong(self):
        for options in {'verify_ssl': 'maybe'}, {'port': 'x'}, {'notify_port': 'x'}:
            with self.assertRaises(errors.ConfigurationError):
                self.backend(**options)
