# SPDX-License-Identifier: Apache-2.0
"""NOTIFY and the question for a serial, without a network."""
import asyncio
import datetime

import dns.flags
import dns.message
import dns.opcode
import dns.rcode

from designate_like import dnsio
from designate_like import resources
from tests import base
from tests.unit.dnsio import messages

SERVER = ('192.0.2.1', 53)


class Exchange:
    """Hands each request to a function."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked: list = []

    async def ask(self, address, query, tcp=False):
        self.asked.append((address, query, tcp))
        reply = self.answer(query)
        if reply is None:
            raise dnsio.NoReply('no answer')
        return dns.message.from_wire(reply.to_wire())


def zone(**values) -> resources.Zone:
    given = dict(id='f' * 36, pool_id='p', project_id='p', name='Example.org.', key='org.example.',
                 email='me@example.org', ttl=300, serial=2**32 + 5,
                 mname='ns1.example.org.', created_at=datetime.datetime(2020, 1, 1))
    return resources.Zone(**{**given, **values})


class NotifyTest(base.TestCase):

    def test_the_message(self):
        exchange = Exchange(messages.reply)
        self.assertTrue(asyncio.run(dnsio.notify(exchange, SERVER, zone())))
        (address, sent, tcp), = exchange.asked
        self.assertEqual((SERVER, False), (address, tcp))
        sent = dns.message.from_wire(sent.to_wire())
        self.assertEqual(dns.opcode.NOTIFY, sent.opcode())
        self.assertEqual(dns.flags.AA, dns.flags.AA & sent.flags)
        self.assertEqual(0, dns.flags.RD & sent.flags)
        self.assertEqual('Example.org. IN SOA', sent.question[0].to_text())
        self.assertEqual('example.org. 300 in soa ns1.example.org. me.example.org. 5 3600 600 '
                         '86400 3600', sent.answer[0].to_text().lower())

    def test_any_rcode_is_an_acknowledgement(self):
        exchange = Exchange(lambda q: messages.reply(q, rcode=dns.rcode.NOTAUTH))
        self.assertTrue(asyncio.run(dnsio.notify(exchange, SERVER, zone())))

    def test_silence(self):
        self.assertFalse(asyncio.run(dnsio.notify(Exchange(lambda q: None), SERVER, zone())))


class ProbeTest(base.TestCase):

    def probe(self, answer, **options) -> dnsio.Answer:
        self.exchange = Exchange(answer)
        return asyncio.run(dnsio.probe(self.exchange, SERVER, 'example.org.', **options))

    def test_a_serial(self):
        self.assertEqual(dnsio.Answer(True, 2**32 - 1),
                         self.probe(lambda q: messages.reply(q, 2**32 - 1)))

    def test_the_question_does_not_ask_for_recursion(self):
        self.probe(lambda q: None, tcp=True)
        _, sent, tcp = self.exchange.asked[0]
        self.assertEqual(('example.org. IN SOA', 0, True),
                         (sent.question[0].to_text(), sent.flags, tcp))

    def test_silence(self):
        self.assertEqual(dnsio.SILENCE, self.probe(lambda q: None))

    def test_answers_without_the_zone(self):
        for rcode in (dns.rcode.NOERROR, dns.rcode.REFUSED, dns.rcode.SERVFAIL,
                      dns.rcode.NXDOMAIN, dns.rcode.NOTAUTH):
            self.assertEqual(dnsio.NO_ZONE, self.probe(lambda q: messages.reply(q, rcode=rcode)))

    def test_the_soa_of_the_parent_is_not_that_of_the_zone(self):
        def answer(query):
            message = messages.reply(query, rcode=dns.rcode.NXDOMAIN)
            message.authority.append(messages.soa('org.', 5))
            return message
        self.assertEqual(dnsio.NO_ZONE, self.probe(answer))

    def test_the_soa_of_another_name_is_not_that_of_the_zone(self):
        def answer(query):
            message = messages.reply(query)
            message.answer.append(messages.soa('example.net.', 5))
            return message
        self.assertEqual(dnsio.NO_ZONE, self.probe(answer))
