# SPDX-License-Identifier: Apache-2.0
"""Targets of a pool become backends, or a clear complaint."""
from designate_like import backends
from designate_like import errors
from designate_like import resources
from designate_like.backends import bind9
from designate_like.backends import fake
from designate_like.backends import knot
from designate_like.backends import nsd4
from designate_like.backends import pdns4
from tests import base

MASTER = resources.Address(host='192.0.2.1', port=5354)


def target(type_: str = 'bind9', masters=(MASTER,), **options) -> resources.Target:
    return resources.Target(type=type_, masters=list(masters), options=options)


class LoadTest(base.TestCase):

    def test_types(self):
        self.assertIsInstance(backends.load(target()), bind9.Bind9)
        self.assertIsInstance(backends.load(target('fake')), fake.Fake)
        self.assertIsInstance(backends.load(target('knot')), knot.Knot)
        self.assertIsInstance(backends.load(target('nsd4')), nsd4.Nsd4)
        self.assertIsInstance(backends.load(target('pdns4')), pdns4.Pdns4)

    def test_where_notify_goes(self):
        self.assertEqual(('127.0.0.1', 53), backends.load(target()).address)
        self.assertEqual(('ns.example.org', 1053),
                         backends.load(target(host='ns.example.org', port='1053')).address)

    def test_complaints(self):
        for wrong, words in [
                (target('bind10'), "'bind10' is not one of bind9, "),
                (target(rndc_hots='::1'), 'no option rndc_hots'),
                (target('fake', rndc_host='::1'), 'no option rndc_host'),
                (target(port='dns'), "port .* 'dns'"),
                (target(rndc_port='-1'), "rndc_port .* '-1'"),
                (target(rndc_timeout='1s'), 'rndc_timeout'),
                (target(clean_zonefile='maybe'), 'clean_zonefile'),
                (target(masters=()), 'needs masters')]:
            with self.subTest(words):
                with self.assertRaisesRegex(errors.ConfigurationError, words):
                    backends.load(wrong)
