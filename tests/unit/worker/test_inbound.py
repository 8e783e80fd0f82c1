# SPDX-License-Identifier: Apache-2.0
"""What becomes of a master's SOA, and one look at the masters of a zone."""
import asyncio
import threading
from typing import Any
from unittest import mock

import dns.flags
import dns.message
import dns.name

from designate_like import context
from designate_like import dnsio
from designate_like import errors
from designate_like import resources
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


class LookTest(base.TestCase):
    """One look at the masters of a zone, of which serial 6 was transferred."""

    def setUp(self) -> None:
        super().setUp()
        self.zone = zone(9, type='SECONDARY', masters=[], master_serial=6)
        self.shown: dict[str, int | None] = {}      # By address; None says nothing.
        self.silence = asyncio.Event()              # Ends when this is set.
        self.broken: set[str] = set()               # Those whose transfers fail.
        self.tcp_alone = False                      # By UDP they do not answer.
        self.deaf = False                           # Central takes nothing over.
        self.reports: list[str] = []

    def look(self) -> None:
        """Look at the masters, and see what is transferred and reported."""
        self.zone = self.zone.replace(masters=list(self.shown))

        async def look() -> None:
            central, exchange = mock.AsyncMock(), mock.AsyncMock()
            central.get.return_value, central.call.return_value = self.zone, None
            central.report, exchange.ask = self.report, self.ask
            made = inbound.Inbound(mock.Mock(), central, exchange, inbound.Patience(1, 0, 1))
            self.addCleanup(made.close)
            await made._look(context.admin(), self.zone.id)
        with mock.patch.object(transfer, 'fetch', self.fetch):
            asyncio.run(look())

    async def report(self, verb: str, ctx: context.RequestContext, **facts: Any) -> bool:
        if verb == 'transferred':
            verb += f" {facts['base']} to {facts['soa']['serial']}"
            self.silence.set()
        self.reports.append(verb)
        return not self.deaf

    async def ask(self, address: dnsio.Address, query: dns.message.Message,
                  tcp: bool) -> dns.message.Message:
        serial = self.shown[address[0]]
        if self.tcp_alone and not tcp:
            raise dnsio.NoReply('bad answer')
        if serial is None:
            await asyncio.wait_for(self.silence.wait(), 30)
            raise dnsio.NoReply('no answer')
        return dns.message.from_wire(messages.reply(query, serial, flags=dns.flags.AA).to_wire())

    def fetch(self, address: dnsio.Address, name: str, serial: int | None,
              *rest: Any) -> transfer.Difference:
        if address[0] in self.broken:
            raise errors.CommunicationFailure(f'{address[0]} breaks off')
        brought = transfer.Difference(dns.name.from_text(name))
        brought.soa = messages.soa(name, self.shown[address[0]])[0]
        return brought

    def test_news(self):
        self.shown = {'127.0.0.1': 7}
        self.look()
        self.assertEqual(['transferred 6 to 7'], self.reports)

    def test_masters_that_are_reached_by_tcp_alone(self):
        self.shown, self.tcp_alone = {'127.0.0.1': 7}, True
        self.look()
        self.assertEqual(['transferred 6 to 7'], self.reports)

    def test_why_no_master_could_be_used(self):
        self.shown, self.tcp_alone = {'127.0.0.1': None}, True
        self.silence.set()
        with self.assertLogs(inbound.LOG, 'WARNING') as logged:
            self.look()
        self.assertEqual(['unreached'], self.reports)
        self.assertIn('could be used: 127.0.0.1 port 53: bad answer', logged.output[0])

    def test_slow_masters_of_one_project_leave_room_for_those_of_others(self):
        # Eight transfers that trickled in kept every other secondary zone waiting for half an hour.
        held, fetched = threading.Event(), []
        self.addCleanup(held.set)

        def fetch(address: dnsio.Address, name: str, *rest: Any) -> transfer.Difference:
            fetched.append(name)
            if name.startswith('slow'):
                held.wait(30)
            raise errors.CommunicationFailure('broken off')

        async def look() -> None:
            made = inbound.Inbound(mock.Mock(), mock.AsyncMock(), self, inbound.Patience(1, 0, 1))
            self.addCleanup(made.close)
            slow = [asyncio.ensure_future(self.tried(made, zone(
                9, name=f'slow{n}.', project_id='a'))) for n in range(40)]
            await self.tried(made, zone(9, name='other.', project_id='b'))
            held.set()
            await asyncio.gather(*slow)
        with mock.patch.object(transfer, 'fetch', fetch):
            asyncio.run(look())
        self.assertEqual((41, 1), (len(fetched), fetched[:5].count('other.')))

    async def tried(self, made: inbound.Inbound, of: resources.Zone) -> None:
        with self.assertRaises(errors.CommunicationFailure):
            await made._transfer(context.admin(), of, ('127.0.0.1', 53), None)

    def test_nothing_new(self):
        self.shown = {'127.0.0.1': 6, '127.0.0.2': 5}
        with self.assertNoLogs(inbound.LOG, 'WARNING'):
            self.look()
        self.assertEqual(['refreshed'], self.reports)

    def test_what_one_master_has_is_not_hidden_by_one_that_is_behind_or_away(self):
        for first, second in ((6, 7), (7, 6), (None, 7), (7, None)):
            with self.subTest(first=first, second=second):
                self.silence, self.reports = asyncio.Event(), []
                self.shown = {'127.0.0.1': first, '127.0.0.2': second}
                self.look()
                self.assertEqual(['transferred 6 to 7'], self.reports)

    def test_all_is_transferred_and_then_what_another_master_has_more(self):
        self.zone = self.zone.replace(master_serial=None)
        self.shown = {'127.0.0.1': 3, '127.0.0.2': 4}
        self.look()
        self.assertIn(self.reports, (['transferred None to 4'],
                                     ['transferred None to 3', 'transferred 3 to 4']))

    def test_news_that_could_not_be_transferred_is_tried_again_soon(self):
        self.shown, self.broken = {'127.0.0.1': 7, '127.0.0.2': 6}, {'127.0.0.1'}
        with self.assertLogs(inbound.LOG, 'WARNING') as logged:
            self.look()
        self.assertEqual(['unreached'], self.reports)
        self.assertIn('127.0.0.1 breaks off', logged.output[0])

    def test_masters_that_go_back_are_told_of(self):
        self.shown = {'127.0.0.1': 5}
        with self.assertLogs(inbound.LOG, 'WARNING') as logged:
            self.look()
        self.assertEqual(['refreshed'], self.reports)
        self.assertIn('have gone back from serial 6 to 5', logged.output[0])

    def test_what_central_cannot_take_over_waits_for_its_retry_time(self):
        # Else the refresh would transfer the whole zone again at each of its turns.
        self.shown, self.deaf = {'127.0.0.1': 7}, True
        with self.assertLogs(inbound.LOG, 'WARNING') as logged:
            self.look()
        self.assertEqual(['transferred 6 to 7', 'unreached'], self.reports)
        self.assertIn('127.0.0.1 port 53 has was not taken over', logged.output[0])
