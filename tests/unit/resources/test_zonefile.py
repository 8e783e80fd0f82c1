# SPDX-License-Identifier: Apache-2.0
"""Zone files: what is read, which sentence refuses what is not, and files of random text."""
import dns.rdata
import dns.zone
from hypothesis import given
from hypothesis import strategies

from designate_like import errors
from designate_like.resources import rdata
from designate_like.resources import zonefile
from tests import base

HEAD = '$ORIGIN Example.org.\n$TTL 300\n@ IN SOA ns1 ad\\.min.mail 5 6 7 8 9\n@ IN NS ns1\n'
TYPES = tuple(rdata.TYPES)

# What a line (the fifth) makes of a file: the whole sentence after the fixed one.
MALFORMED = (
    ('$INCLUDE /etc/passwd', "zone file directive '$INCLUDE' is not allowed"),
    ('$UNICODE 2008', "zone file directive '$UNICODE' is not allowed"),
    ('www A 1.2.3', 'this is not a record'),
    ('www A 1.2.3.4 (\n\n;', 'expected EOL or EOF, got 3 "last"'),
    ('www A 1.2.3.4 x', 'expected EOL or EOF, got 3 "x"'),
    ('www TXT (\n "a\n)', 'newline in quoted string'),
    ('www CH A 1.2.3.4', "RR class is not zone's class"),
    ('www BOGUS 1', "unknown rdatatype 'BOGUS'"),
    ('www DNAME x', 'DNAME is not a supported record type'),
    ('www TXT "' + 'x' * 256 + '"', 'string too long'),
    ('$ORIGIN', 'expecting an identifier'),
    ('$TTL x', 'DNS TTL value is not well-formed'),
    ('$GENERATE 1-99999999 a$ A 1.2.3.4', '$GENERATE may make 65536 records'),
    ('x' * 64 + ' A 1.2.3.4', 'A DNS label is > 63 octets long'),
    ('a.example.net. A 1.2.3.4', "'a.example.net.' is not in zone 'Example.org.'"),
    ('a 2147483648 A 1.2.3.4', 'a TTL of 2147483648 is above the largest, 2147483647'),
    ('*.a NS b', "'*.a.Example.org.' is a wildcard, which may not own NS records"),
    ('@ SOA ns1 ad\\.min.mail 6 6 7 8 9', 'another SOA stands in line 3'),
    ('a SOA ns1 ad\\.min.mail 6 6 7 8 9',
     "the SOA of 'a.Example.org.' is in the file of zone 'Example.org.'"),
    ('@ CNAME a', "CNAME at 'Example.org.' must stand alone"),
    ('a CNAME b\n\n\n\na A 1.2.3.4', "CNAME at 'a.Example.org.' must stand alone"),
    ('a CNAME b\na CNAME c', "CNAME at 'a.Example.org.' must stand alone"),
)

# What is read of a line: name, type, TTL, texts.
READ = (
    ('a A 1.2.3.4', 'a', 'A', 300, ['1.2.3.4']),
    ('a 0 A 1.2.3.4', 'a', 'A', None, ['1.2.3.4']),
    ('a 1w IN A 1.2.3.4', 'a', 'A', 604800, ['1.2.3.4']),
    ('a A 1.2.3.4\nb.A A 1.2.3.4\na.EXAMPLE.org. 7 A 1.2.3.5\na A 1.2.3.4', 'a', 'A', 300,
     ['1.2.3.4', '1.2.3.5']),
    ('*.a CNAME B', '*.a', 'CNAME', 300, ['B.Example.org.']),
    ('a TXT x "y z" ";é"', 'a', 'TXT', 300, ['"x" "y z" ";\\195\\169"']),
    ('a CAA 0 issue "ca.example; k=v"', 'a', 'CAA', 300, ['0 issue ca.example; k=v']),
    ('a CAA 128 other "x y"', 'a', 'CAA', 300, ['128 other "x y"']),
    ('a CERT PKIX 1 8 ' + 'A' * 40 + ' ' + 'A' * 40, 'a', 'CERT', 300,
     ['PKIX 1 RSASHA256 ' + 'A' * 80]),
    ('a TLSA 3 1 1 (\n' + 'aB' * 16 + '\n' + 'aB' * 16 + ')', 'a', 'TLSA', 300,
     ['3 1 1 ' + 'ab' * 32]),
    ('0/26 NS ns.example.net.', '0/26', 'NS', 300, ['ns.example.net.']),
    ('a\\.b AAAA 0::1', 'a\\.b', 'AAAA', 300, ['::1']),
    ('\\200' * 63 + ' A 1.2.3.4', '\\200' * 63, 'A', 300, ['1.2.3.4']),
    ('$GENERATE 7-7 a$ A 1.2.3.$', 'a7', 'A', 300, ['1.2.3.7']),
    ('a HTTPS 1 . alpn=h2,h3 port=3', 'a', 'HTTPS', 300, ['1 . alpn="h2,h3" port="3"']),
)


def read(text: str | bytes, **more: object) -> zonefile.Zonefile:
    return zonefile.read(text if isinstance(text, bytes) else text.encode(), TYPES, **more)


class TestCase(base.TestCase):

    def assert_same_again(self, found: zonefile.Recordset) -> None:
        """Fail unless what is written of a recordset is read as the same."""
        lines = list(zonefile.lines(found.name, found.type, found.ttl,
                                    rdata.join(list(found.records))))
        self.assertEqual(len(found.records), len(lines))
        again = read(HEAD + ''.join(lines)).recordsets[0]
        self.assertEqual((found.name, found.ttl or 300, found.records),
                         (again.name, again.ttl, again.records))


class ReadTest(TestCase):

    def sentence(self, text: str | bytes) -> str:
        with self.assertRaises(errors.InvalidZonefile) as caught:
            read(text)
        return caught.exception.message

    def test_what_the_soa_says(self):
        file = read(HEAD)
        self.assertEqual(('Example.org.', 300, 'ad.min@mail.Example.org', 5, 6, 7, 8, 9, []), (
            file.name, file.ttl, file.email, file.serial, file.refresh, file.retry, file.expire,
            file.minimum, file.recordsets))

    def test_every_malformed_line_is_named(self):
        for line, reason in MALFORMED:
            with self.subTest(line[:40]):
                number = 9 if line.startswith('a CNAME b\n\n') else 5
                self.assertEqual(f'Malformed zonefile. Line {number}: {reason}.',
                                 self.sentence(f'{HEAD}{line}\nlast A 1.2.3.4\n'))

    def test_records(self):
        for line, name, type_, ttl, texts in READ:
            with self.subTest(line[:40]):
                found = read(HEAD + line).recordsets[0]
                self.assertEqual((f'{name}.Example.org.', type_, ttl, 5, texts), (
                    found.name, found.type, found.ttl, found.line,
                    list(found.records.values())))

    def test_a_record_in_another_spelling_is_a_repeated_one(self):
        found, = read(f'{HEAD}a MX 1 b.example.\na MX 1 B.example.\na MX 2 b.example.\n').recordsets
        self.assertEqual(['1 b.example.', '2 b.example.'], list(found.records.values()))

    def test_the_soa_may_come_again(self):
        self.assertEqual([], read(HEAD + HEAD.split('\n')[2]).recordsets)

    def test_lines_may_end_as_on_other_systems(self):
        text = HEAD + 'a A 1.2.3.4\n'
        self.assertEqual(read(text), read('\ufeff' + text.replace('\n', '\r\n')))

    def test_the_origin_comes_first(self):
        for text in ('', '\n', 'x', '@ SOA . a.b. 1 1 1 1 1', '$TTL 3\n$ORIGIN a.b.\n', ' ; x'):
            with self.subTest(text):
                self.assertEqual('The $ORIGIN statement is required and must be the first '
                                 'statement in the zonefile.', self.sentence(text))
        file = read('; x\n\n  ;y\n$origin a.b ;z\n@ 3 SOA . a.b 1 1 1 1 1')
        self.assertEqual('a.b.', file.name)

    def test_there_must_be_a_soa(self):
        self.assertEqual('An SOA record is required.', self.sentence('$ORIGIN a.b.\n'))

    def test_what_no_zone_can_be(self):
        for text, sentence in (
                ('$ORIGIN .\n', "1: the name of a zone is expected: '.' is not a domain name with "
                 'a trailing dot.'),
                ('$ORIGIN a.b.\n\n\xff'.encode('latin-1'), '3: it is not UTF-8.'),
                ('$ORIGIN a.b.\n@ 3 SOA . . 1 1 1 1 1',
                 "2: '@' is not an email address that a SOA record can hold."),
                ('$ORIGIN a.b.\n@ 3 SOA . x+y.a 1 1 1 1 1',
                 "2: 'x+y@a.a.b' is not an email address that a SOA record can hold.")):
            with self.subTest(text):
                self.assertEqual(f'Malformed zonefile. Line {sentence}', self.sentence(text))

    def test_reading_stops_when_the_counter_refuses(self):
        counts = []

        def count(records: int) -> None:
            counts.append(records)
            if records == 2:
                raise errors.OverQuota('enough')
        with self.assertRaises(errors.OverQuota):
            read(HEAD + '$GENERATE 1-9 a$ A 1.2.3.4', count=count)
        self.assertEqual([1, 2], counts)

    @given(strategies.lists(strategies.one_of(
        strategies.text(), strategies.sampled_from(HEAD.split('\n') + [each[0] for each in READ]),
        strategies.from_regex(r'[a@$*.]{0,3} ([0-9]{1,3} )?(IN )?(A|TXT|MX|SRV|CAA|HTTPS) '
                              r'[a-z0-9."\\ ]{0,20}', fullmatch=True))))
    def test_any_text_is_read_or_refused(self, lines):
        try:
            file = read(HEAD + '\n'.join(lines))
        except errors.InvalidZonefile as refused:
            self.assertRegex(refused.message, r'^Malformed zonefile\. Line [0-9]+: ')
            return
        for each in file.recordsets:
            self.assertTrue(each.key.startswith('org.example.'))
            self.assert_same_again(each)

    def test_a_type_that_is_configured_and_unknown_is_left_out(self):
        found = zonefile.read(f'{HEAD}a A 1.2.3.4\n'.encode(), ('SOA', 'NS', 'A', 'BOGUS'))
        self.assertEqual(['A'], [each.type for each in found.recordsets])


class WriteTest(TestCase):

    def test_lines_that_dnspython_reads_as_the_same_data(self):
        for line, *_ in READ:
            with self.subTest(line[:40]):
                self.assert_same_again(read(HEAD + line).recordsets[0])

    def test_the_file_is_one_for_others(self):
        found = read(HEAD + 'a 5 MX 1 b').recordsets[0]
        text = HEAD + ''.join(zonefile.lines(found.name, 'MX', 5, rdata.join(list(found.records))))
        self.assertIn('a.Example.org. 5 IN MX 1 b.Example.org.\n', text)
        self.assertIsNotNone(dns.zone.from_text(text, 'Example.org.').get_rdataset('a', 'MX'))

    def test_types_that_only_masters_have(self):
        for type_, text in (('DNSKEY', '257 3 8 AwEAAQ=='), ('TYPE65400', '\\# 2 abcd'),
                            ('LOC', '1 0 0.000 N 2 0 0.000 E 0.00m')):
            data = dns.rdata.from_text('IN', type_, text)
            line, = zonefile.lines('a.', type_, 5, rdata.join([data.to_wire()]))
            self.assertEqual(f'a. 5 IN {type_} {text}\n', line)
