# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.tsig, with dnspython as the other side."""
import base64
import time
import unittest.mock

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.tsig
import dns.xfr
import dns.zone

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.resources import tsigkeys
from tests import base
from tests.unit.mdns import fakes

SECRET = base64.b64encode(b'a secret of thirty-two octets...').decode()


class TsigTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = fakes.Store(self.enterContext)
        self.zone = self.store.add(fakes.zone('example.org.'), fakes.EXAMPLE)
        self.client = fakes.Client(self.store)

    def key(self, name: str = 'our.key.', **fields) -> dns.tsig.Key:
        """A key of the store, as the other side has it."""
        made = resources.Tsigkey(**{
            'id': fakes.POOL, 'name': name, 'algorithm': 'hmac-sha256', 'secret': SECRET,
            'scope': 'POOL', 'resource_id': fakes.POOL, 'created_at': fakes.NOW, **fields})
        self.store.keys.append(made)
        return dns.tsig.Key(name, SECRET, made.algorithm_name)

    def signed(self, key: dns.tsig.Key, name: str = 'www.example.org.', type_: str = 'A',
               **options) -> dns.message.Message:
        query = dns.message.make_query(name, type_, **options)
        query.use_tsig(key)
        return query

    def reply(self, query: dns.message.Message, stream: bool = False) -> dns.message.Message:
        """The reply to a query, its signature checked."""
        packet, = self.client.send(query.to_wire(), stream=stream)
        made = dns.message.from_wire(packet, keyring=query.keyring, request_mac=query.mac)
        self.assertTrue(made.had_tsig)
        return made

    def test_every_algorithm(self):
        for algorithm in tsigkeys.ALGORITHMS:
            key = self.key(f'{algorithm}.key.', algorithm=algorithm)
            reply = self.reply(self.signed(key))
            self.assertEqual(dns.rcode.NOERROR, reply.rcode(), algorithm)
            self.assertEqual(2, len(reply.answer[0]))

    def test_names_are_compared_without_case_and_final_dot(self):
        for stored in ('one.key', 'TWO.Key.'):
            self.key(stored)
            key = dns.tsig.Key(stored.swapcase().rstrip('.') + '.', SECRET, dns.tsig.HMAC_SHA256)
            self.assertEqual(dns.rcode.NOERROR, self.reply(self.signed(key)).rcode())

    def test_the_key_of_a_pool_opens_that_pool_alone(self):
        self.store.add(fakes.zone('example.org.', pool_id=fakes.OTHER_POOL, serial=7,
                                  id='22222222-0000-0000-0000-000000000000'))
        key = self.key(resource_id=fakes.OTHER_POOL)
        reply = self.reply(self.signed(key, 'example.org.', 'SOA'))
        self.assertEqual(7, reply.answer[0][0].serial)
        self.store.add(fakes.zone('default.example.'))
        reply = self.reply(self.signed(key, 'default.example.', 'SOA'))
        self.assertEqual(dns.rcode.REFUSED, reply.rcode())

    def test_the_key_of_a_zone_opens_that_zone_alone(self):
        self.store.add(fakes.zone('other.example.'))
        key = self.key(scope='ZONE', resource_id=self.zone.id)
        self.assertEqual(dns.rcode.NOERROR, self.reply(self.signed(key)).rcode())
        reply = self.reply(self.signed(key, 'other.example.', 'SOA'))
        self.assertEqual(dns.rcode.REFUSED, reply.rcode())

    def test_where_signatures_are_enforced(self):
        self.client = fakes.Client(self.store, enforce_tsig=True)
        self.assertEqual(dns.rcode.NOERROR, self.reply(self.signed(self.key())).rcode())

    def test_what_does_not_prove_anything_gets_no_answer(self):
        self.key()
        self.key('not.base64.', secret='???')
        wrong = dns.tsig.Key('our.key.', base64.b64encode(b'another').decode(),
                             dns.tsig.HMAC_SHA256)
        other_algorithm = dns.tsig.Key('our.key.', SECRET, dns.tsig.HMAC_SHA512)
        unknown = dns.tsig.Key('unknown.', SECRET, dns.tsig.HMAC_SHA256)
        unusable = dns.tsig.Key('not.base64.', SECRET, dns.tsig.HMAC_SHA256)
        for key in (wrong, other_algorithm, unknown, unusable):
            self.assertEqual([], self.client.send(self.signed(key).to_wire()), key)
        altered = bytearray(self.signed(self.key()).to_wire())
        altered[13] ^= 1        # A letter of the name that is asked for.
        self.assertEqual([], self.client.send(bytes(altered)))

    def test_a_clock_that_is_wrong_is_told_so(self):
        key = self.key()
        query = self.signed(key)
        with unittest.mock.patch.object(time, 'time', return_value=time.time() - 4000):
            packet = query.to_wire()
        answer, = self.client.send(packet)
        with self.assertRaises(dns.tsig.PeerBadTime):
            dns.message.from_wire(answer, keyring=query.keyring, request_mac=query.mac)
        bare = dns.message.from_wire(answer, keyring=False, ignore_trailing=True)
        self.assertEqual(dns.rcode.NOTAUTH, bare.rcode())
        error = bare.tsig[0]
        self.assertEqual(dns.rcode.BADTIME, error.error)
        self.assertAlmostEqual(time.time(), int.from_bytes(error.other, 'big'), delta=5)

    def test_a_failure_is_signed_too(self):
        with unittest.mock.patch.object(store.zones, 'enclosing',
                                        side_effect=errors.DatabaseUnavailable), \
                self.assertLogs('designate_like.mdns.answer', 'WARNING'):
            reply = self.reply(self.signed(self.key()))
        self.assertEqual(dns.rcode.SERVFAIL, reply.rcode())

    def test_every_message_of_a_transfer_is_signed(self):
        self.client = fakes.Client(self.store, max_message_size=600)
        zone = dns.zone.Zone('example.org.')
        query, _ = dns.xfr.make_query(zone)
        query.use_tsig(self.key())
        packets = self.client.send(query.to_wire(), stream=True)
        self.assertGreater(len(packets), 2)
        context = None
        with dns.xfr.Inbound(zone, query.question[0].rdtype) as inbound:
            for packet in packets:
                self.assertLessEqual(len(packet), 600)
                message = dns.message.from_wire(
                    packet, keyring=query.keyring, request_mac=query.mac, xfr=True,
                    origin=zone.origin, tsig_ctx=context, multi=True,
                    one_rr_per_rrset=True)
                self.assertTrue(message.had_tsig)
                context = message.tsig_ctx
                done = inbound.process_message(message)
        self.assertTrue(done)
        self.assertEqual('192.0.2.80', zone.find_rdataset('www', 'A')[0].to_text())

    def test_a_reply_by_udp_has_room_for_its_signature(self):
        text = '\n'.join(f'many.example.net. A 192.0.2.{number}' for number in range(1, 28))
        self.store.add(fakes.zone('example.net.'), text)
        for options in ({}, {'use_edns': 0, 'payload': 1232}):
            query = self.signed(self.key(), 'many.example.net.', **options)
            packet, = self.client.send(query.to_wire())
            self.assertLessEqual(len(packet), 1232 if options else 512)
            reply = self.reply(query)
            self.assertEqual(not options, bool(reply.flags & dns.flags.TC))
