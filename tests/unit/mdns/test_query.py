# SPDX-License-Identifier: Apache-2.0
"""Tests of designate_like.mdns.query: what a zone answers, case by case."""
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from tests import base
from tests.unit.mdns import fakes

SOA = 'example.org. 300 SOA ns1.example.org. admin.example.org. 1000 3600 600 86400 300'
NS = {'example.org. 3600 NS ns1.example.org.', 'example.org. 3600 NS ns.elsewhere.net.'}
WWW = {'www.example.org. 3600 A 192.0.2.80', 'www.example.org. 3600 A 192.0.2.81'}
MAIL = {'mail.example.org. 3600 A 192.0.2.25', 'mail.example.org. 3600 AAAA 2001:db8::25'}
REFERRAL = {'child.example.org. 3600 NS ns.child.example.org.',
            'child.example.org. 3600 NS ns.elsewhere.net.'}
GLUE = {'ns.child.example.org. 3600 A 192.0.2.54'}

# Question: rcode, whether with authority, answer, authority, additional.
TABLE = {
    'www.example.org. A': ('NOERROR', True, WWW, (), ()),
    'ns1.example.org. A': ('NOERROR', True, {'ns1.example.org. 3600 A 192.0.2.53'}, (), ()),
    'mixed.example.org. TXT': (
        'NOERROR', True, {'mixed.example.org. 3600 TXT "case"'}, (), ()),
    'example.org. NS': ('NOERROR', True, NS, (), {'ns1.example.org. 3600 A 192.0.2.53'}),
    'example.org. MX': (
        'NOERROR', True, {'example.org. 3600 MX 10 mail.example.org.'}, (), MAIL),
    '_sip._tcp.example.org. SRV': (
        'NOERROR', True, {'_sip._tcp.example.org. 3600 SRV 1 2 5060 mail.example.org.'}, (), MAIL),
    'example.org. SOA': ('NOERROR', True, {SOA.replace(' 300 ', ' 3600 ', 1)}, (), ()),
    # Without such a type, without such a name, with only names below.
    'www.example.org. TXT': ('NOERROR', True, (), {SOA}, ()),
    'example.org. A': ('NOERROR', True, (), {SOA}, ()),
    'www.example.org. SOA': ('NOERROR', True, (), {SOA}, ()),
    'www.example.org. TYPE65400': ('NOERROR', True, (), {SOA}, ()),
    'no.example.org. A': ('NXDOMAIN', True, (), {SOA}, ()),
    'no.such.name.example.org. A': ('NXDOMAIN', True, (), {SOA}, ()),
    'below.www.example.org. A': ('NXDOMAIN', True, (), {SOA}, ()),
    '_tcp.example.org. SRV': ('NOERROR', True, (), {SOA}, ()),
    # Aliases.
    'alias.example.org. A': (
        'NOERROR', True, WWW | {'alias.example.org. 3600 CNAME www.example.org.'}, (), ()),
    'alias.example.org. CNAME': (
        'NOERROR', True, {'alias.example.org. 3600 CNAME www.example.org.'}, (), ()),
    'alias.example.org. ANY': (
        'NOERROR', True, {'alias.example.org. 3600 CNAME www.example.org.'}, (), ()),
    'alias.example.org. TXT': (
        'NOERROR', True, {'alias.example.org. 3600 CNAME www.example.org.'}, {SOA}, ()),
    'far.example.org. A': (
        'NOERROR', True, {'far.example.org. 3600 CNAME www.elsewhere.net.'}, (), ()),
    'broken.example.org. A': (
        'NXDOMAIN', True, {'broken.example.org. 3600 CNAME nothing.example.org.'}, {SOA}, ()),
    'into.example.org. A': (
        'NOERROR', True, {'into.example.org. 3600 CNAME host.child.example.org.'}, REFERRAL, GLUE),
    # Wildcards, RFC 4592.
    'any.wild.example.org. TXT': (
        'NOERROR', True, {'any.wild.example.org. 3600 TXT "wild"'}, (), ()),
    'a.b.c.wild.example.org. MX': (
        'NOERROR', True, {'a.b.c.wild.example.org. 3600 MX 5 mail.example.org.'}, (), MAIL),
    '*.wild.example.org. TXT': (
        'NOERROR', True, {'*.wild.example.org. 3600 TXT "wild"'}, (), ()),
    'any.wild.example.org. A': ('NOERROR', True, (), {SOA}, ()),
    'host.wild.example.org. TXT': ('NOERROR', True, (), {SOA}, ()),
    'ent.wild.example.org. TXT': ('NOERROR', True, (), {SOA}, ()),
    'y.ent.wild.example.org. TXT': ('NXDOMAIN', True, (), {SOA}, ()),
    'y.host.wild.example.org. TXT': ('NXDOMAIN', True, (), {SOA}, ()),
    'wild.example.org. TXT': ('NOERROR', True, (), {SOA}, ()),
    'y.*.wild.example.org. TXT': ('NXDOMAIN', True, (), {SOA}, ()),
    'x.aka.example.org. A': (
        'NOERROR', True, WWW | {'x.aka.example.org. 3600 CNAME www.example.org.'}, (), ()),
    # Delegation.
    'child.example.org. A': ('NOERROR', False, (), REFERRAL, GLUE),
    'child.example.org. NS': ('NOERROR', False, (), REFERRAL, GLUE),
    'a.b.child.example.org. TXT': ('NOERROR', False, (), REFERRAL, GLUE),
    'ns.child.example.org. A': ('NOERROR', False, (), REFERRAL, GLUE),
    'child.example.org. DS': ('NOERROR', True, (), {SOA}, ()),
    'a.child.example.org. DS': ('NOERROR', False, (), REFERRAL, GLUE),
    # As little as may be, RFC 8482.
    'www.example.org. ANY': (
        'NOERROR', True, {'www.example.org. 3600 HINFO "RFC8482" ""'}, (), ()),
    'any.wild.example.org. ANY': (
        'NOERROR', True, {'any.wild.example.org. 3600 HINFO "RFC8482" ""'}, (), ()),
    'ent.wild.example.org. ANY': ('NOERROR', True, (), {SOA}, ()),
    'no.example.org. ANY': ('NXDOMAIN', True, (), {SOA}, ()),
    # What is not ours.
    'example.net. A': ('REFUSED', False, (), (), ()),
    'org. NS': ('REFUSED', False, (), (), ()),
    '. NS': ('REFUSED', False, (), (), ()),
    'notexample.org. A': ('REFUSED', False, (), (), ()),
}


def lines(section: list) -> set[str]:
    return {f'{rrset.name} {rrset.ttl} {dns.rdatatype.to_text(rrset.rdtype)} {rr.to_text()}'
            for rrset in section for rr in rrset}


class LookupTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = fakes.Store(self.enterContext)
        self.store.add(fakes.zone('example.org.'), fakes.EXAMPLE)
        self.client = fakes.Client(self.store)

    def test_the_table(self):
        for question, (rcode, authoritative, answer, authority, additional) in TABLE.items():
            with self.subTest(question):
                reply = self.client.ask(*question.split(), use_edns=0)
                self.assertEqual(rcode, dns.rcode.to_text(reply.rcode()))
                self.assertEqual(authoritative, bool(reply.flags & dns.flags.AA))
                self.assertEqual(set(answer), lines(reply.answer))
                self.assertEqual(set(authority), lines(reply.authority))
                self.assertEqual(set(additional), lines(reply.additional))

    def test_a_wildcard_that_only_has_others_below_it(self):
        self.store.add(fakes.zone('star.example.'), """
            a.*.star.example.       TXT "below the wildcard"
            a.*.b.star.example.     TXT "below another"
            c.star.example.         TXT "c"
        """)
        for name, rcode in (('any.star.example.', dns.rcode.NOERROR),
                            ('any.any.star.example.', dns.rcode.NOERROR),
                            ('*.star.example.', dns.rcode.NOERROR),
                            ('any.b.star.example.', dns.rcode.NOERROR),
                            ('any.*.star.example.', dns.rcode.NXDOMAIN),
                            ('any.c.star.example.', dns.rcode.NXDOMAIN)):
            reply = self.client.ask(name, 'TXT')
            self.assertEqual((rcode, []), (reply.rcode(), reply.answer), name)

    def test_a_loop_of_aliases_ends(self):
        reply = self.client.ask('loop1.example.org.', 'A')
        self.assertEqual({'loop1.example.org. 3600 CNAME loop2.example.org.',
                          'loop2.example.org. 3600 CNAME loop1.example.org.'}, lines(reply.answer))

    def test_the_case_of_the_question_is_kept(self):
        reply = self.client.ask('wWw.eXaMpLe.OrG.', 'A')
        self.assertEqual('wWw.eXaMpLe.OrG.', reply.answer[0].name.to_text())

    def test_a_zone_below_answers_for_itself(self):
        self.store.add(fakes.zone('child.example.org.', minimum=7),
                       'host.child.example.org. 5 A 192.0.2.99')
        reply = self.client.ask('host.child.example.org.', 'A')
        self.assertEqual({'host.child.example.org. 5 A 192.0.2.99'}, lines(reply.answer))
        self.assertTrue(reply.flags & dns.flags.AA)
        # A chain ends where another zone begins.
        reply = self.client.ask('into.example.org.', 'A')
        self.assertEqual({'into.example.org. 3600 CNAME host.child.example.org.'},
                         lines(reply.answer))
        # The DS of the child is a matter of the parent.
        reply = self.client.ask('child.example.org.', 'DS')
        self.assertEqual({SOA}, lines(reply.authority))

    def test_negative_answers_live_as_long_as_the_soa_if_that_is_less(self):
        self.store.add(fakes.zone('short.example.', ttl=60, minimum=300))
        reply = self.client.ask('no.short.example.', 'A')
        self.assertEqual(60, reply.authority[0].ttl)

    def test_a_ttl_of_zero_is_kept(self):
        self.store.add(fakes.zone('zero.example.'), 'www.zero.example. 0 A 192.0.2.1')
        self.assertEqual(0, self.client.ask('www.zero.example.', 'A').answer[0].ttl)

    def test_names_that_no_user_can_write(self):
        for label in ('a\\.b', 'a\\\\', '\\000\\255', '\\@'):
            for name in (f'{label}.example.org.', f'x.{label}.example.org.'):
                self.assertEqual(dns.rcode.NXDOMAIN, self.client.ask(name, 'A').rcode(), name)
        reply = self.client.ask('a\\.b.wild.example.org.', 'TXT')
        self.assertEqual('a\\.b.wild.example.org.', reply.answer[0].name.to_text())
        self.assertEqual(dns.rcode.REFUSED, self.client.ask('www\\.example.org.', 'A').rcode())

    def test_the_longest_name(self):
        name = '.'.join(['a' * 60] * 3 + ['b' * 50, 'example', 'org', ''])
        self.assertEqual(dns.rcode.NXDOMAIN, self.client.ask(name, 'A').rcode())
        deep = 'a.' * 120 + 'example.org.'
        self.assertEqual(dns.rcode.NXDOMAIN, self.client.ask(deep, 'A').rcode())

    def test_a_large_answer_is_truncated_by_udp_only(self):
        self.store.add(fakes.zone('large.example.'), '\n'.join(
            f'large.example. A 10.0.{i >> 8}.{i & 255}' for i in range(300)))
        reply = self.client.ask('large.example.', 'A', use_edns=0, payload=1232)
        self.assertTrue(reply.flags & dns.flags.TC)
        query = dns.message.make_query('large.example.', 'A')
        packet, = self.client.send(query.to_wire(), stream=True)
        self.assertEqual(300, len(dns.message.from_wire(packet).answer[0]))
