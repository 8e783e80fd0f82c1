# SPDX-License-Identifier: Apache-2.0
"""The states of a name server, row by row."""
import datetime

from designate_like import resources
from tests import base

EARLY = datetime.datetime(2026, 11, 21, 3, 0, 0)
LATE = EARLY + datetime.timedelta(seconds=1)

# serial, seen_at, error, failed_at; the state and the problem where the zone has serial 5.
ROWS = (
    ((None, None, None, None), ('UNKNOWN', None)),
    ((None, None, 'no answer', EARLY), ('SILENT', 'no answer')),
    ((5, EARLY, 'no answer', LATE), ('SILENT', 'no answer')),
    ((None, EARLY, 'no such zone: REFUSED', EARLY), ('MISSING', 'no such zone: REFUSED')),
    ((4, EARLY, None, None), ('BEHIND', None)),
    ((4, EARLY, 'rndc does not answer', EARLY), ('BEHIND', 'rndc does not answer')),
    ((5, EARLY, None, None), ('CURRENT', None)),
    ((6, EARLY, None, None), ('CURRENT', None)),
    ((5, LATE, 'no answer', EARLY), ('CURRENT', None)),
)


class StateTest(base.TestCase):

    def test_every_row(self):
        for row, wanted in ROWS:
            with self.subTest(row):
                receipt = resources.Receipt(
                    zone_id='zone', host='192.0.2.1', port=53,
                    **dict(zip(('serial', 'seen_at', 'error', 'failed_at'), row)))
                self.assertEqual(wanted, (receipt.state(5), receipt.problem))
