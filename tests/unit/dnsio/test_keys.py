# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.dnsio.keys."""
import datetime

import dns.name
import dns.tsig

from designate_like import resources
from designate_like.dnsio import keys
from tests import base


class KeysTest(base.TestCase):

    def key(self, **fields: str) -> resources.Tsigkey:
        return resources.Tsigkey(**{
            'id': '1', 'name': 'Our.Key', 'algorithm': 'hmac-md5', 'secret': 'c2VjcmV0',
            'scope': 'POOL', 'resource_id': '1', 'created_at': datetime.datetime(2026, 1, 1),
            **fields})

    def test_a_key(self):
        usable = keys.usable(self.key())
        self.assertEqual((dns.name.from_text('our.key.'), b'secret', dns.tsig.HMAC_MD5),
                         (usable.name, usable.secret, usable.algorithm))

    def test_a_secret_that_nobody_can_have(self):
        with self.assertRaisesRegex(ValueError, 'the secret of Our.Key is not base64'):
            keys.usable(self.key(secret='???'))
