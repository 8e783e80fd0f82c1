# SPDX-License-Identifier: Apache-2.0
"""What a reply says of one set of records, and a transfer of all of them."""
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import dns.tsig

from designate_like import errors
from designate_like.dnsio import content
from designate_like.resources import digest
from tests import base

NAME = 'www.example.org.'
SOA = 'example.org. 60 IN SOA ns.example. me.example. 7 1 1 1 1'


def rrset(text: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(*text.split(maxsplit=4))


class AnsweredTest(base.TestCase):

    def answered(self, answer: str = '', authority: str = '', rcode: int = dns.rcode.NOERROR,
                 authoritative: bool = True, name: str = NAME,
                 type_: str = 'A') -> digest.Digest | None:
        query = content.question(name, type_)
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        reply.flags |= dns.flags.AA if authoritative else 0
        for section, text in ((reply.answer, answer), (reply.authority, authority)):
            if text:
                section.append(rrset(text))
        return content.answered(query, dns.message.from_wire(reply.to_wire()))

    def test_the_records(self):
        found = rrset(f'{NAME} 60 IN A 192.0.2.1')
        self.assertEqual(digest.of_rrset(found.name, found),
                         self.answered(f'{NAME} 60 IN A 192.0.2.1'))

    def test_there_are_none(self):
        for rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            self.assertEqual(0, self.answered(authority=SOA, rcode=rcode).count)

    def test_another_type(self):
        self.assertEqual(0, self.answered(f'{NAME} 60 IN CNAME other.example.').count)

    def test_a_delegation_is_shown_as_one(self):
        referral = f'{NAME} 60 IN NS ns.example.'
        self.assertEqual(1, self.answered(authority=referral, authoritative=False,
                                          type_='NS').count)

    def test_below_a_delegation_nobody_can_tell(self):
        referral = f'{NAME} 60 IN NS ns.example.'
        self.assertIsNone(self.answered(authority=referral, authoritative=False,
                                        name=f'a.{NAME}'))

    def test_errors_tell_nothing(self):
        for rcode in (dns.rcode.REFUSED, dns.rcode.SERVFAIL):
            self.assertIsNone(self.answered(rcode=rcode))


class TransferredTest(base.TestCase):

    def server(self, *answers: str, rcode: int = dns.rcode.NOERROR,
               key: dns.tsig.Key | None = None) -> tuple[str, int]:
        """The address of a server that sends these records, each in a message of its own."""
        listening = self.enterContext(socket.create_server(('127.0.0.1', 0)))

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile('rb') as stream:
                packet = stream.read(int.from_bytes(stream.read(2), 'big'))
                query = dns.message.from_wire(packet, keyring=key)
                signing = None
                for text in answers or ('',):
                    reply = dns.message.make_response(query)
                    reply.set_rcode(rcode)
                    if text:
                        reply.answer.append(rrset(text))
                    wire = reply.to_wire(multi=key is not None, tsig_ctx=signing)
                    signing = reply.tsig_ctx
                    connection.sendall(len(wire).to_bytes(2, 'big') + wire)
        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        return listening.getsockname()

    RECORDS = (SOA, f'{NAME} 60 IN A 192.0.2.1', 'a.example.org. 60 IN MX 1 m.example.', SOA)

    def test_serial_and_fingerprint(self):
        wanted = digest.Sum()
        for each in self.RECORDS:
            found = rrset(each)
            wanted.add(found.name.to_wire(), found.ttl, found)
        self.assertEqual((7, wanted.digest), content.transferred(
            self.server(*self.RECORDS), 'Example.org.', None, 5))
        self.assertEqual(2, wanted.count)

    def test_signed(self):
        key = dns.tsig.Key('key.', b'secret')
        serial, found = content.transferred(
            self.server(*self.RECORDS, key=key), 'example.org.', key, 5)
        self.assertEqual((7, 2), (serial, found.count))

    def test_refused_broken_off_and_away(self):
        away = self.enterContext(socket.create_server(('127.0.0.1', 0)))
        address = away.getsockname()
        away.close()
        for server in (self.server(rcode=dns.rcode.REFUSED), self.server(*self.RECORDS[:-1]),
                       address):
            with self.assertRaises(errors.CommunicationFailure):
                content.transferred(server, 'example.org.', None, 5)
