# SPDX-License-Identifier: Apache-2.0
"""Status and action: the table, row by row."""
from designate_like.resources import lifecycle
from tests import base

# born, serial, settled, deleting, failed, expired -> action, status
TABLE = [
    # never shown
    (5, 5, 0, False, False, False, 'CREATE', 'PENDING'),
    (5, 5, 4, False, False, False, 'CREATE', 'PENDING'),
    (5, 9, 4, False, False, False, 'CREATE', 'PENDING'),
    (5, 5, 0, False, True, False, 'CREATE', 'ERROR'),
    (5, 9, 0, False, True, False, 'CREATE', 'ERROR'),
    # shown, but not as it should be now
    (5, 6, 5, False, False, False, 'UPDATE', 'PENDING'),
    (5, 9, 8, False, False, False, 'UPDATE', 'PENDING'),
    (5, 9, 8, False, True, False, 'UPDATE', 'ERROR'),
    # shown as it should be
    (5, 5, 5, False, False, False, 'NONE', 'ACTIVE'),
    (5, 9, 9, False, False, False, 'NONE', 'ACTIVE'),
    (5, 5, 9, False, False, False, 'NONE', 'ACTIVE'),      # A recordset, its zone went on.
    (5, 5, 5, False, True, False, 'NONE', 'ACTIVE'),       # Its zone failed at a later change.
    # without records: never served, so nothing to wait for
    (0, 0, 0, False, False, False, 'NONE', 'ACTIVE'),
    (0, 0, 0, False, True, False, 'NONE', 'ACTIVE'),
    # on its way out, whatever was before
    (5, 5, 0, True, False, False, 'DELETE', 'PENDING'),
    (5, 9, 5, True, False, False, 'DELETE', 'PENDING'),
    (5, 9, 9, True, False, False, 'DELETE', 'PENDING'),
    (0, 0, 0, True, False, False, 'DELETE', 'PENDING'),
    (5, 9, 9, True, True, False, 'DELETE', 'ERROR'),
    # a secondary zone that has expired
    (5, 5, 0, False, False, True, 'CREATE', 'ERROR'),
    (5, 9, 8, False, False, True, 'UPDATE', 'ERROR'),
    (5, 9, 9, False, False, True, 'UPDATE', 'ERROR'),
    (5, 9, 9, True, False, True, 'DELETE', 'PENDING'),
    # past the wrap of the DNS's 32 bits, nothing changes: these are 64
    (2**32 - 1, 2**32, 2**32 - 1, False, False, False, 'UPDATE', 'PENDING'),
    (2**32 - 1, 2**32, 2**32, False, False, False, 'NONE', 'ACTIVE'),
]


class LifecycleTest(base.TestCase):

    def test_table(self):
        for born, serial, settled, deleting, failed, expired, action, status in TABLE:
            with self.subTest(born=born, serial=serial, settled=settled, deleting=deleting,
                              failed=failed, expired=expired):
                self.assertEqual((action, status), lifecycle.state(
                    born=born, serial=serial, settled=settled, deleting=deleting, failed=failed,
                    expired=expired))
