# SPDX-License-Identifier: Apache-2.0
"""Reports reach central, or are left to the sweep."""
import asyncio
import contextlib
import threading
from unittest import mock

from designate_like import context
from designate_like import errors
from designate_like.worker import central
from tests import base


class CentralTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch.object(central, 'PAUSES', (0.001, 0.001)))
        self.client = mock.Mock()
        self.with_ = self.enterContext(contextlib.closing(central.Central(self.client, 2)))
        self.ctx = context.admin()

    def settle(self, *effects) -> tuple[bool, int]:
        """Return whether a report was heard, and how often it was made."""
        self.client.zones.settle.side_effect = effects
        heard = asyncio.run(self.with_.report('settle', self.ctx, zone_id='z', serial=1))
        self.client.zones.settle.assert_called_with(self.ctx, zone_id='z', serial=1)
        return heard, self.client.zones.settle.call_count

    def test_it_is_heard(self):
        self.assertEqual((True, 1), self.settle(False))

    def test_it_is_repeated(self):
        self.assertEqual((True, 3), self.settle(errors.BusUnavailable(), errors.RpcTimeout(), True))

    def test_it_is_given_up(self):
        self.assertEqual((False, 3), self.settle(*[errors.DatabaseUnavailable()] * 3))

    def test_a_refusal_is_not_repeated(self):
        self.assertEqual((False, 1), self.settle(errors.Internal()))

    def test_a_zone_that_is_gone_needs_no_report(self):
        self.assertEqual((True, 1), self.settle(errors.ZoneNotFound()))

    def test_get(self):
        self.client.pools.get.return_value = 'the pool'
        self.assertEqual('the pool', asyncio.run(self.with_.get('pools', self.ctx, pool_id='p')))
        self.client.pools.get.assert_called_once_with(self.ctx, pool_id='p')

    def test_waiting_does_not_hold_up_the_loop(self):
        done = threading.Event()
        self.client.zones.settle.side_effect = lambda ctx, **facts: done.wait(10)

        async def run():
            report = asyncio.ensure_future(self.with_.report('settle', self.ctx, zone_id='z'))
            await asyncio.sleep(0)
            done.set()
            return await report
        self.assertTrue(asyncio.run(run()))
