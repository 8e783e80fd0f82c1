# SPDX-License-Identifier: Apache-2.0
"""Transfers in from a master that does what few do: half of them, wrong ones, no differences."""
import contextlib
import socket
import threading
from collections.abc import Callable
from collections.abc import Sequence

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.tsig

from designate_like import errors
from designate_like.dnsio import transfer
from tests import base
from tests.unit.dnsio import messages

ZONE = 'example.org.'
KEY = dns.tsig.Key('xfr.', b'secret', 'hmac-sha256.')

Said = Sequence[dns.rrset.RRset] | int      # The answer, or an rcode.


def soa(serial: int) -> dns.rrset.RRset:
    return messages.soa(ZONE, serial)


def a(host: int) -> dns.rrset.RRset:
    return dns.rrset.from_text(f'www.{ZONE}', 60, 'IN', 'A', f'192.0.2.{host}')


WHOLE = [soa(8), a(8), soa(8)]


class Master:
    """Says by TCP what it is told to, one message for each connection, and hangs up.

    :param says: for AXFR and IXFR.
    """

    def __init__(self, says: Callable[[dns.message.Message], Said]) -> None:
        self._says = says
        self._listening = socket.create_server(('127.0.0.1', 0))
        self.address = self._listening.getsockname()
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, contextlib.suppress(EOFError):
                    query, _ = dns.query.receive_tcp(connection, keyring={KEY.name: KEY})
                    self.asked.append(dns.rdatatype.to_text(query.question[0].rdtype))
                    said = self._says(query)
                    reply = messages.reply(query, flags=dns.flags.AA)
                    reply.tsig = None
                    if isinstance(said, int):
                        reply.set_rcode(said)
                    else:
                        reply.answer = list(said)
                    connection.sendall(reply.to_wire(prepend_length=True))


class FetchTest(base.TestCase):

    def fetch(self, says: Callable[[dns.message.Message], Said], serial: int | None = 7,
              key: dns.tsig.Key | None = None) -> transfer.Difference:
        self.master = Master(says)
        self.addCleanup(self.master.close)
        return transfer.fetch(self.master.address, ZONE, serial, key, 5)

    def test_a_master_that_knows_no_differences_is_asked_for_all(self):
        for rcode in (dns.rcode.NOTIMP, dns.rcode.FORMERR, dns.rcode.REFUSED):
            found = self.fetch(lambda query: rcode if query.authority else WHOLE)
            self.assertEqual(['IXFR', 'AXFR'], self.master.asked)
            self.assertEqual((True, 8), (found.whole, found.soa.serial))
            self.assertEqual(1, found.added.count(bytes([192, 0, 2, 8])))

    def test_a_master_whose_differences_are_wrong_is_asked_for_all(self):
        for wrong in ([soa(8), soa(7), a(7)],                           # It ends in the midst.
                      [soa(8), soa(6), a(7), soa(8), a(8), soa(8)],     # It begins elsewhere.
                      [soa(8), soa(7), a(7), soa(9), a(8), soa(8)]):    # It leads elsewhere.
            found = self.fetch(lambda query: wrong if query.authority else WHOLE)
            self.assertEqual(['IXFR', 'AXFR'], self.master.asked)
            self.assertEqual((True, b''), (found.whole, found.removed))

    def test_differences_are_enough(self):
        found = self.fetch(lambda query: [soa(8), soa(7), a(7), soa(8), a(8), soa(8)])
        self.assertEqual(['IXFR'], self.master.asked)
        self.assertEqual((False, 8), (found.whole, found.soa.serial))

    def test_what_is_broken_is_not_taken(self):
        for broken in ([soa(8), a(8)], [soa(8), a(8), soa(9)], [a(8), soa(8)], []):
            for serial in (None, 7):
                with self.subTest(broken, serial=serial), \
                        self.assertRaises(errors.CommunicationFailure):
                    self.fetch(lambda query: broken, serial)

    def test_what_is_not_signed_is_not_taken(self):
        with self.assertRaises(errors.CommunicationFailure):
            self.fetch(lambda query: WHOLE, None, KEY)
