# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.notify, through the answerer that calls it."""
import struct
import unittest.mock

import dns.flags
import dns.message
import dns.opcode
import dns.rcode

from designate_like.mdns import masters
from tests import base
from tests.unit.mdns import fakes


def notify(name: str) -> dns.message.Message:
    message = dns.message.make_query(name, 'SOA')
    message.set_opcode(dns.opcode.NOTIFY)
    return message


class NotifyTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = fakes.Store(self.enterContext)
        self.store.add(fakes.zone('primary.example.'))
        self.zone = self.store.add(fakes.zone(
            'secondary.example.', type='SECONDARY',
            masters=['192.0.2.1:5300', '[2001:db8:0::1]:53', '192.0.2.7']))
        self.client = fakes.Client(self.store)

    def check(self, rcode: int, name: str, sender: str) -> None:
        packet, = self.client.send(notify(name).to_wire(), sender)
        reply = dns.message.from_wire(packet)
        self.assertEqual((rcode, dns.opcode.NOTIFY), (reply.rcode(), reply.opcode()))
        self.assertEqual(rcode == dns.rcode.NOERROR, bool(reply.flags & dns.flags.AA))

    def test_from_a_master(self):
        for sender in ('192.0.2.1', '192.0.2.7', '2001:db8::1'):
            self.check(dns.rcode.NOERROR, 'Secondary.example.', sender)
            self.assertEqual((self.zone.id, sender), self.client.notified.pop())

    def test_from_another(self):
        self.check(dns.rcode.REFUSED, 'secondary.example.', '192.0.2.2')
        self.assertEqual([], self.client.notified)

    def test_a_master_that_is_a_name(self):
        for verdict, rcode in ((True, dns.rcode.NOERROR), (False, dns.rcode.REFUSED)):
            with unittest.mock.patch.object(masters.Masters, 'include', return_value=verdict):
                self.check(rcode, 'secondary.example.', '192.0.2.2')
        with unittest.mock.patch.object(masters.Masters, 'include', return_value=None):
            # The master repeats a NOTIFY that is not answered.
            self.assertEqual([], self.client.send(
                notify('secondary.example.').to_wire(), '192.0.2.2'))
        self.assertEqual([(self.zone.id, '192.0.2.2')], self.client.notified)

    def test_a_zone_that_is_not_secondary(self):
        for name in ('primary.example.', 'unknown.example.', 'www.secondary.example.'):
            self.check(dns.rcode.NOTAUTH, name, '192.0.2.1')
        self.assertEqual([], self.client.notified)

    def test_a_zone_that_goes(self):
        self.store.zones[-1] = self.zone.replace(deleting=True)
        self.check(dns.rcode.NOTAUTH, 'secondary.example.', '192.0.2.1')

    def test_every_pool_that_has_the_zone(self):
        other = self.store.add(fakes.zone(
            'secondary.example.', id='other', type='SECONDARY', pool_id=fakes.OTHER_POOL,
            masters=['192.0.2.7:53']))
        self.check(dns.rcode.NOERROR, 'secondary.example.', '192.0.2.7')
        self.assertEqual([(self.zone.id, '192.0.2.7'), (other.id, '192.0.2.7')],
                         self.client.notified)

    def test_several_questions(self):
        packet = notify('secondary.example.').to_wire()
        twice = packet[:4] + struct.pack('!H', 2) + packet[6:] + packet[12:]
        none = packet[:4] + bytes(8)
        for each in (twice, none):
            reply, = self.client.send(each, '192.0.2.1')
            self.assertEqual(dns.rcode.FORMERR, dns.message.from_wire(reply).rcode())
