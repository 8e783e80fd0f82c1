# SPDX-License-Identifier: Apache-2.0
"""What becomes of a master's SOA, and of what central cannot take over."""
import asyncio
from unittest import mock

import dns.flags
import dns.message
import dns.name

from designate_like import context
from designate_like.dnsio import transfer
from designate_like.resources import soa
from designate_like.worker import inbound
from tests import base
from tests.unit.dnsio import messages
from tests.unit.worker.world import zone


class MailboxTest(base.TestCase):

    def test_mailboxes(self):
        for rname, email in [
                ('hostmaster.example.org.', 'hostmaster@example.org'),
                ('host\\.master.example.org.', 'host.master@example.org'),
                ('a.org.', 'a@org'), ('.', ''), ('org.', ''), ('a\\@b.example.org.', ''),
                ('\\200.example.org.', ''), ('a.' + '\\200' * 63 + '.org.', '')]:
            with self.subTest(rname=rname):
                self.assertEqual(email, inbound.mailbox(dns.name.from_text(rname)))
                soa.rdata(zone(10, email=email or 'a@b'))      # It can be transferred.


class HeardTest(base.TestCase):

    def test_what_central_cannot_take_over_waits_for_its_retry_time(self):
        # Else the refresh would transfer the whole zone again at each of its turns.
        reports = []
        there = zone(1, type='SECONDARY', masters=['127.0.0.1'])

        async def report(verb, ctx, **facts):
            reports.append(verb)
            return verb != 'transferred'

        async def look():
            central = mock.AsyncMock()
            central.get.return_value, central.call.return_value = there, None
            central.report = report
            exchange = mock.AsyncMock()
            exchange.ask = mock.AsyncMock(side_effect=lambda _, query: dns.message.from_wire(
                messages.reply(query, 7, flags=dns.flags.AA).to_wire()))
            patience = inbound.Patience(1, 0, 1)
            inbound_ = inbound.Inbound(mock.Mock(), central, exchange, patience)
            self.addCleanup(inbound_.close)
            await inbound_._look(context.admin(), there.id)

        brought = transfer.Difference(dns.name.from_text(there.name))
        brought.soa = mock.Mock(rname=dns.name.from_text('a.example.org.'),
                                mname=dns.name.from_text('ns.example.org.'), serial=7)
        with mock.patch.object(transfer, 'fetch', return_value=brought), \
                self.assertLogs('designate_like.worker.inbound', 'WARNING') as logged:
            asyncio.run(look())
        self.assertEqual(['transferred', 'unreached'], reports)
        self.assertIn('127.0.0.1 port 53 has was not taken over', logged.output[0])
