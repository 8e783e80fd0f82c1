# SPDX-License-Identifier: Apache-2.0
"""A large zone on each kind of DNS server: an edit costs little, and what is lost comes back.

What goes by on the wire is counted between mdns and the server.
"""
import contextlib
import sqlite3
import time
from typing import ClassVar

from tests import base
from tests.interop import bind
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import relay
from tests.interop import server
from tests.interop import standalone
from tests.interop import zonefiles

ZONE = 'large.example.'
RECORDS = 10_000
WHOLE = 20 * RECORDS    # Bytes that a whole transfer takes at the least.


class OneServer(standalone.Mixin):
    """What every kind of server does."""

    KIND: ClassVar[type[server.Server]]

    def setUp(self) -> None:
        super().setUp()
        self.it = self.run_server(self.KIND)
        self.relay = relay.Relay()
        self.service = standalone.Standalone(self.directory(), self.it, standalone.NO_LIMITS,
                                             self.relay.port)
        self.addCleanup(self.service.kill)
        self.relay.start(self.service.dns_port)
        self.addCleanup(self.relay.stop)
        self.service.start()
        self.api = self.client(self.service)
        done = zonefiles.ended(self.api, zonefiles.begin(self.service,
                                                         zonefiles.large(ZONE, RECORDS)))
        self.zone_id = done['zone_id']
        self.api.active(f'/v2/zones/{self.zone_id}')

    def edit(self, name: str, address: str) -> None:
        """Change the one record at a name."""
        path = f'/v2/zones/{self.zone_id}/recordsets'
        found, = self.api('GET', f'{path}?name={name}')['recordsets']
        self.api('PUT', f"{path}/{found['id']}", {'records': [address]})

    def edited_while_down(self, name: str, address: str, keep_journal: bool) -> None:
        """Change a record while the server is down, and wait for it once it is up."""
        self.it.kill()
        self.edit(name, address)
        if not keep_journal:
            with contextlib.closing(sqlite3.connect(
                    self.service.state / 'designate_like.sqlite')) as database, database:
                database.execute('DELETE FROM journal')
        self.relay.reset()
        self.it.start()
        base.wait(lambda: self.it.answers(name, 'A') == [address], timeout=30)

    def test_an_edit_is_a_small_difference_and_the_zone_comes_whole_without_one(self):
        # The whole zone came before.
        self.assertGreater(self.relay.answered['AXFR'] + self.relay.answered['IXFR'], WHOLE)
        self.relay.reset()
        name = f'host77.{ZONE}'
        started = time.monotonic()
        self.edit(name, '198.51.100.1')
        base.wait(lambda: self.it.answers(name, 'A') == ['198.51.100.1'])
        # It takes some 20 ms, or half a second where the server looks once a second.
        self.assertLess(time.monotonic() - started, 3)
        self.assertEqual(0, self.relay.asked['AXFR'])
        self.assertGreater(self.relay.asked['IXFR'], 0)
        self.assertLess(self.relay.answered.total(), 2000)
        self.edited_while_down(name, '198.51.100.2', keep_journal=True)
        self.assertLess(self.relay.answered.total(), 10_000)
        self.edited_while_down(name, '198.51.100.3', keep_journal=False)
        self.assertGreater(self.relay.answered.total(), WHOLE)
        self.assertEqual(['192.0.2.1'], self.it.answers(f'host513.{ZONE}', 'A'))


class BindTest(OneServer, base.TestCase):
    KIND = bind.Bind


class KnotTest(OneServer, base.TestCase):
    KIND = knot.Knot


class NsdTest(OneServer, base.TestCase):
    KIND = nsd.Nsd


class PdnsTest(OneServer, base.TestCase):
    KIND = pdns.Pdns
