# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: what changes them and what does not."""
import dns.name
import dns.rdataset

from designate_like.resources import digest
from designate_like.resources import rdata
from tests import base

OWNER = 'www.Example.org.'


def wire(type_: str, *texts: str) -> bytes:
    parts = [rdata.parse(type_, text, OWNER) for text in texts]
    return b''.join(len(each).to_bytes(2, 'big') + each for each in parts)


def stored(*sets: tuple[str, str, int, list[str]]) -> digest.Digest:
    total = digest.Sum()
    for name, type_, ttl, texts in sets:
        total.add_stored(name, type_, ttl, wire(type_, *texts))
    return total.digest


def served(name: str, type_: str, ttl: int, *texts: str) -> digest.Digest:
    return digest.of_rrset(dns.name.from_text(name),
                           dns.rdataset.from_text('IN', type_, ttl, *texts))


A = (OWNER, 'A', 60, ['192.0.2.1', '192.0.2.2'])
MX = ('example.org.', 'MX', 60, ['10 Mail.Example.org.'])


class DigestTest(base.TestCase):

    def test_order_means_nothing(self):
        turned = (OWNER, 'A', 60, ['192.0.2.2', '192.0.2.1'])
        self.assertEqual(stored(A, MX), stored(MX, turned))
        self.assertEqual(3, stored(A, MX).count)

    def test_everything_else_does(self):
        all_ = {stored(each).text for each in (
            A, ('w.example.org.', *A[1:]), (OWNER, 'A', 61, A[3]), (*A[:3], ['192.0.2.1']),
            (*A[:3], ['192.0.2.1', '192.0.2.3']), (OWNER, 'TXT', 60, ['"x"']))}
        self.assertEqual(6, len(all_))

    def test_case_of_names_means_nothing_nor_does_saying_it_twice(self):
        other = '10 mail.example.ORG.'
        self.assertEqual(stored(MX), stored(('EXAMPLE.org.', 'MX', 60, [other])))
        self.assertEqual(stored(MX), stored((*MX[:3], MX[3] + [other])))

    def test_what_is_stored_and_what_is_served_is_the_same(self):
        for type_, text in [('A', '192.0.2.1'), ('NS', 'NS.example.'), ('TXT', '"a b"'),
                            ('SRV', '1 2 3 Host.example.'), ('CAA', '0 issue ca.example.org'),
                            ('HTTPS', '1 Svc.example. alpn=h2'), ('AAAA', '2001:db8::1')]:
            self.assertEqual(stored((OWNER, type_, 60, [text])),
                             served('www.example.org.', type_, 60, text), type_)

    def test_what_a_server_adds_to_sign_a_zone_is_left_out(self):
        nothing = digest.Sum().digest
        self.assertEqual(0, nothing.count)
        for type_, text in [('DNSKEY', '257 3 13 AAAA'), ('NSEC', 'a.example. A NSEC'),
                            ('SOA', 'a. b. 1 2 3 4 5'), ('CDS', '1 13 2 ' + 64 * '0')]:
            self.assertEqual(nothing, served(OWNER, type_, 60, text), type_)
        self.assertNotEqual(nothing, served(OWNER, 'DS', 60, '1 13 2 ' + 64 * '0'))

    def test_records_do_not_cancel_out(self):
        # As they would under exclusive or.
        self.assertNotEqual(digest.Sum().digest.text, stored(A, A).text)
