# SPDX-License-Identifier: Apache-2.0
"""When callers are told that their requests are being worked on."""
import logging
import unittest.mock

from designate_like.rpc import pulse
from tests import base


class PulseTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.now = 100.0
        self.pulse = pulse.Pulse(lambda: self.now)
        self.incoming = unittest.mock.Mock()

    def beats_at(self, *moments: float) -> list[float]:
        """Those of the moments at which the caller is told something."""
        told = []
        for self.now in moments:
            self.pulse.beat()
            if self.incoming.heartbeat.call_count:
                told.append(self.now)
            self.incoming.reset_mock()
        return told

    def test_twice_within_its_patience(self) -> None:
        self.pulse.add(self.incoming, 10)
        self.assertEqual([105, 111], self.beats_at(100, 104.9, 105, 106, 109.9, 111, 115.9))

    def test_not_when_it_is_done(self) -> None:
        self.pulse.add(self.incoming, 10)
        self.pulse.remove(self.incoming)
        self.assertEqual([], self.beats_at(105, 111))

    def test_a_caller_that_is_gone_does_not_matter_to_others(self) -> None:
        gone = unittest.mock.Mock()
        gone.heartbeat.side_effect = OSError('no broker')
        self.pulse.add(gone, 10)
        self.pulse.add(self.incoming, 10)
        with self.assertLogs(pulse.LOG, logging.DEBUG) as caught:
            self.assertEqual([105], self.beats_at(105))
        self.assertIn('no broker', caught.output[0])
