# SPDX-License-Identifier: Apache-2.0
"""Texts of records: those that are accepted, with what their wire form says, and the others."""

ALIKE = object()  # Marks a text whose wire form says just the text.

_SHA1 = '123456789abcdef67890123456789abcdef67890'
_SHA256 = 'ab' * 32
_SHA512 = 'cd' * 64
_ECH = 'AAQAAAAA'
_LETTERS = 'a' * 250

_ACCEPTED = {
    'A': {
        '192.0.2.1': ALIKE, '0.0.0.0': ALIKE, '255.255.255.255': ALIKE, '10.0.0.1': ALIKE,
    },
    'AAAA': {
        '2001:db8::1': ALIKE, '::': ALIKE, '::1': ALIKE,
        '2001:0DB8:0:0::0001': '2001:db8::1', '2001:DB8::A': '2001:db8::a',
        '::ffff:192.0.2.1': ALIKE, '1:2:3:4:5:6:7:8': ALIKE, 'fe80::1': ALIKE,
        '2001:db8:0:0:0:0:0:1': '2001:db8::1',
    },
    'CNAME': {
        'www.example.org.': ALIKE, 'foo.': ALIKE, 'Mixed.CASE.Example.': ALIKE,
        '_dmarc.example.org.': ALIKE, 'xn--bcher-kva.example.': ALIKE,
    },
    'NS': {
        'ns1.example.org.': ALIKE, 'ns.': ALIKE, '1.2.3.4.': ALIKE, 'a-b.example.org.': ALIKE,
    },
    'PTR': {
        'host.example.org.': ALIKE, '_services._dns-sd._udp.example.org.': ALIKE,
        'x.y.z.': ALIKE,
    },
    'MX': {
        '10 mail.example.org.': ALIKE, '0 .': ALIKE, '0 mail.': ALIKE, '65535 m.example.': ALIKE,
    },
    'SRV': {
        '10 60 5060 server1.example.com.': ALIKE, '0 0 0 a.': ALIKE,
        '65535 65535 65535 sip.example.org.': ALIKE,
    },
    'TXT': {
        'plain': '"plain"', '"quoted"': ALIKE, '"two words"': ALIKE, '""': ALIKE, '': '""',
        '"\\ "': '" "', '"a\\"b"': ALIKE, '"a\\\\b"': ALIKE, '"\\065"': '"A"', '"\\000"': ALIKE,
        '"\\255\\195"': ALIKE, 'v=DKIM1;k=rsa': '"v=DKIM1;k=rsa"', 'a\\;b': '"a;b"',
        '(no(comment;here': '"(no(comment;here"', 'é': '"\\195\\169"',
        '"naïve ☃"': '"na\\195\\175ve \\226\\152\\131"', '"tab\tinside"': '"tab\\009inside"',
        '"ends in quote\\""': ALIKE, 'a\\"b': '"a\\"b"', '@': '"@"', '\\#': '"#"',
        "it's": '"it\'s"', 'a' * 255: f'"{"a" * 255}"', f'"{"a" * 253}"': ALIKE,
        f'"{_LETTERS}" "bcd"': ALIKE, f'"{"a" * 253}" "{"b" * 253}"': ALIKE,
        f'"{_LETTERS}" "b\\"c\\065"': f'"{_LETTERS}" "b\\"cA"', f'"{_LETTERS}" "" ""': ALIKE,
        f'"a\\" \\"{_LETTERS[:247]}" "b"': ALIKE,
        'é' * 128: '"' + '\\195\\169' * 127 + '\\195" "\\169"',
        f'"{"é" * 128}" "{"b" * 130}"':
            '"' + '\\195\\169' * 127 + f'\\195" "\\169" "{"b" * 130}"',
    },
    'SPF': {
        '"v=spf1 -all"': ALIKE, 'v=spf1': '"v=spf1"', '""': ALIKE, '': '""',
        'a' * 300: f'"{"a" * 255}" "{"a" * 45}"', f'"{"a" * 300}"': f'"{"a" * 255}" "{"a" * 45}"',
        f'"{_LETTERS}" "bcd"': ALIKE, f'"{"a" * 256}" "b"': f'"{"a" * 255}" "a" "b"',
    },
    'SSHFP': {
        f'2 1 {_SHA1}': ALIKE, f'4 2 {_SHA256}': ALIKE, f'0 0 {_SHA1}': ALIKE,
        '1 0 0123456789': ALIKE, f'1 1 {_SHA1.upper()}': f'1 1 {_SHA1}',
        f'3 0 {_SHA256}': ALIKE,
    },
    'SOA': {
        'ns1.example.org. a.example.com. 1795222109 3554 600 86400 3600': ALIKE,
        'ns1.example.org. john\\.doe.example.com. 1 2 3 4 5': ALIKE,
        '. . 0 0 0 0 0': ALIKE,
        'a. b. 4294967295 2147483647 1 1 1': ALIKE,
    },
    'NAPTR': {
        '0 0 S SIP+D2U !^.*$!sip:customer-service@example.com! _sip._udp.example.org.':
            '0 0 "S" "SIP+D2U" "!^.*$!sip:customer-service@example.com!" _sip._udp.example.org.',
        '100 10 "S" "SIP+D2U" "" _sip._udp.example.com.': ALIKE,
        '100 10 "" "" "/urn:cid:.+@([^\\\\.]+\\\\.)(.*)$/\\\\2/i" a.': ALIKE,
        '65535 65535 "apsu" "http+I2L+I2C" "!a b!c d!" foo.': ALIKE,
        '1 1 u E2U+voicemsg:tel !^(.*)$!tel:\\\\1!i x.':
            '1 1 "u" "E2U+voicemsg:tel" "!^(.*)$!tel:\\\\1!i" x.',
        '1 1 "" "x-a.b" "" x.': ALIKE,
        '1 1 S "" !;!(! x.': '1 1 "S" "" "!;!(!" x.',
    },
    'CAA': {
        '0 issue letsencrypt.org': '0 issue "letsencrypt.org"',
        '1 issuewild ca.example.net.': '1 issuewild "ca.example.net."',
        '0 issue ca.example.net; policy=ev': '0 issue "ca.example.net; policy=ev"',
        '0 issue ca.example.net;policy=ev': '0 issue "ca.example.net;policy=ev"',
        '0 issue ca.net; accounturi=https://ca.net/1?a=b; validationmethods=dns-01':
            '0 issue "ca.net; accounturi=https://ca.net/1?a=b; validationmethods=dns-01"',
        '0 iodef mailto:security@example.org': '0 iodef "mailto:security@example.org"',
        '0 iodef http://iodef.example.org/': '0 iodef "http://iodef.example.org/"',
        '0 iodef https://iodef.example.org/a?b': '0 iodef "https://iodef.example.org/a?b"',
    },
    'CERT': {
        'PKIX 1 RSASHA256 Zm9v': ALIKE, '1 65535 8 Zm9vYg==': 'PKIX 65535 RSASHA256 Zm9vYg==',
        '65535 0 0 Zm9v': ALIKE,
        'OID 0 255 Zm9v': ALIKE,
        'PGP 0 0 Zm9v YmFy': 'PGP 0 0 Zm9vYmFy', 'URI 1 DSA-NSEC3-SHA1 Zm9v':
            'URI 1 DSANSEC3SHA1 Zm9v', 'IACPKIX 1 ED448 Zm9v': ALIKE,
        'SPKI 1 ECDSAP256SHA256 Zm9v': ALIKE, 'IPKIX 1 ECC-GOST Zm9v': 'IPKIX 1 ECCGOST Zm9v',
        'ISPKI 1 RSASHA1-NSEC3-SHA1 Zm9v': 'ISPKI 1 RSASHA1NSEC3SHA1 Zm9v',
        'IPGP 1 RSAMD5 Zm9v': ALIKE, 'ACPKIX 1 ED25519 Zm9v': ALIKE,
        'PKIX 1 ECDSAP384SHA384 Zm9v': ALIKE, 'PKIX 1 DSA Zm9v': ALIKE,
        'PKIX 1 RSASHA1 Zm9v': ALIKE, 'PKIX 1 RSASHA512 Zm9v': ALIKE,
    },
    'HTTPS': {
        '1 t. alpn=h3,h2 ipv4hint=1.2.3.4,9.8.7.6 ipv6hint=2001:db8::1,::2 port=443':
            '1 t. alpn="h3,h2" port="443" ipv4hint="1.2.3.4,9.8.7.6" ipv6hint="2001:db8::1,::2"',
        '0 svc.example.net.': ALIKE, '65535 t.': ALIKE,
        '1 t. alpn=h2 no-default-alpn': '1 t. alpn="h2" no-default-alpn',
        '1 t. alpn="h2,http/1.1" port="1"': '1 t. alpn="h2,http/1.1" port="1"',
        '1 t. mandatory=port,alpn port=1 alpn=h2c':
            '1 t. mandatory="alpn,port" alpn="h2c" port="1"',
        f'1 t. ech={_ECH}': f'1 t. ech="{_ECH}"', '1 t. alpn=http/1.0': '1 t. alpn="http/1.0"',
    },
    'SVCB': {
        '1 t. alpn=h2 dohpath=/dns-query{?dns}': '1 t. alpn="h2" dohpath="/dns-query{?dns}"',
        '1 t. dohpath="/q{?dns}"': '1 t. dohpath="/q{?dns}"', '0 t.': ALIKE,
        '16 foo.example.org. port=53': '16 foo.example.org. port="53"',
        '1 t. mandatory=dohpath dohpath=/{?dns}': '1 t. mandatory="dohpath" dohpath="/{?dns}"',
    },
    'TLSA': {
        f'3 1 1 {_SHA256}': ALIKE, f'0 0 2 {_SHA512}': ALIKE, '255 255 255 aabbccdd': ALIKE,
        '3 1 0 AA BB CC DD': '3 1 0 aabbccdd', '3 1 0 (\n  aabb\n\tccdd\n)': '3 1 0 aabbccdd',
        '3 1 0 a a ( b\r\nb )': '3 1 0 aabb', '3 1 0 00': ALIKE,
        f'3 1 1 ( {_SHA256[:30]}\n{_SHA256[30:]} )': f'3 1 1 {_SHA256}',
    },
}

ACCEPTED = {kind: {text: text if wanted is ALIKE else wanted for text, wanted in texts.items()}
            for kind, texts in _ACCEPTED.items()}

_NOT_DOMAINS = ['', '.', 'www.example.org', 'a b.', '*.example.org.', '-a.example.', 'a..b.',
                'bücher.example.', 'a/b.example.', 'www.example.org. ', ' www.example.org.',
                'a.\n', f'{"a" * 64}.', 'a\\.b.example.', 'a@b.example.', '@', '\\# 1 00']

REJECTED = {
    'A': ['', '1.2.3', '1.2.3.4.', '256.1.1.1', '01.2.3.4', '1.2.3.04', '1.2.3.4 ', ' 1.2.3.4',
          '1.2.3.-4', '0x1.2.3.4', '1', '::1', 'example.org.', '1.2.3.4\n', '１.2.3.4', '1.2.3.4/8',
          '1.2.3.4\0', '\\# 4 01020304', '1.2.3.4\ud800'],
    'AAAA': ['', ':', ':::', '1::2::3', '12345::', 'g::', '1.2.3.4', 'fe80::1%eth0', '::1 ',
             '2001:db8::1/64', '[::1]', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::ffff:1.2.3',
             '::ffff:01.2.3.4', '::1\0', '::1\n'],
    'CNAME': _NOT_DOMAINS,
    'NS': _NOT_DOMAINS,
    'PTR': _NOT_DOMAINS,
    'MX': ['', '10', '10 ', 'mail.example.org.', '-0 mail.example.org.', '-1 mail.example.org.',
           ' mail.example.org.', '010 mail.example.org.', '65536 mail.example.org.',
           '10  mail.example.org.', '10\tmail.example.org.', '10 mail.example.org', '+1 m.',
           '10 .', '10 m. x', '1_0 m.', '１ m.', '1.0 m.', '10 *.example.org.', '10 a b.'],
    'SRV': ['', '1 2 3', '1 2 3 .', '1 2 a.', '65536 0 0 a.', '0 65536 0 a.', '0 0 65536 a.',
            '-1 0 0 a.', '0 -0 0 a.', '0 0 0x1 a.', '0 0 0 a', '0 0 0 a. b', '0  0 0 a.',
            '00 0 0 a.', 'a 0 0 b.', '0 0 0 *.a.'],
    'TXT': ['"', '"open', 'close"', 'two words', 'a\tb', '"a"b"', '"a" "b"', 'a"b', '\\', '\\\\',
            '"\\"', '"a\\"', '"a\\\\"', 'a\\', '"line\nbreak"', 'line\nbreak', '"a\rb"', '"\\\n"',
            '"\\256"', '"\\1"', '"\\12x"', '\\999', '\u2003em', '"\ud800"', '\ud800', 'a' * 256,
            f'"{"a" * 254}"', f'"{"a" * 254}" "b"', f'"{_LETTERS}"  "bcd"', f'"{_LETTERS}""bcd"',
            f'"{_LETTERS}" bcdefg', f'{_LETTERS} "bcdefg"', f'"{_LETTERS}"\t"bcd"',
            f'"{_LETTERS}" "b\\\\"', f'"{_LETTERS}" "b\nc"', f'"{_LETTERS}" "bcd" ',
            f'"{_LETTERS}" "bcd', f'"{_LETTERS}" "b"c"'],
    'SPF': ['two words', '"', '"open', 'close"', 'a"b', '"a" "b"', '\\', '"a\\"', '"a\nb"',
            f'"{_LETTERS}"  "bcd"', f'{"a" * 300} b', f'"{_LETTERS}" "b\\\\"', 'a' * 65535,
            '"\\300"'],
    'SSHFP': ['', '2 1', f'-0 1 {_SHA1}', f'-1 1 {_SHA1}', f'2 -0 {_SHA1}', f'2 -1 {_SHA1}',
              f'5 1 {_SHA1}', f'2 3 {_SHA256}', f'02 1 {_SHA1}', f'a 1 {_SHA1}', '2 1 xyz',
              '1 0 01234567', '1 0 01234567890', f'1 0 {_SHA1}ab', f'1 0 {_SHA256}ab',
              f'2 1 {_SHA256}', f'2 2 {_SHA1}', f'2 1  {_SHA1}', f'2 1 {_SHA1[:20]} {_SHA1[20:]}',
              f'2 1 {_SHA1[:38]}zz', f'2 1 {_SHA1} x'],
    'SOA': ['', 'ns1. a. 1 2 3 4', 'ns1. a. 1 2 3 4 5 6', 'ns1 a. 1 2 3 4 5', 'ns1. a 1 2 3 4 5',
            'ns1. a. 4294967296 2 3 4 5', 'ns1. a. 1 2147483648 3 4 5', 'ns1. a. -1 2 3 4 5',
            'ns1. a. 1 1h 3 4 5', 'ns1. a..b. 1 2 3 4 5', f'{"a" * 64}. b. 1 2 3 4 5',
            '@ a. 1 2 3 4 5', 'bücher. a. 1 2 3 4 5', 'a\\. b. 1 2 3 4 5', 'a\\2. b. 1 2 3 4 5',
            '\\# 5 1 2 3 4 5'],
    'NAPTR': ['', '0 0 S SIP+D2U !a!b!', '0 0 X SIP !a!b! c.', '0 0 S 2SIP !a!b! c.',
              '0 0 S SIP+ !a!b! c.', '0 0 S +SIP !a!b! c.', '0 0 S SIP++D2U !a!b! c.',
              '65536 0 S SIP !a!b! c.', '0 65536 S SIP !a!b! c.', '-1 0 S SIP !a!b! c.',
              '0 0 S SIP !a!b c.', '0 0 S SIP !a!b!x c.', '0 0 S SIP !a!b!ii c.',
              '0 0 S SIP 1a1b1 c.', '0 0 S SIP iaibi c.', '0 0 S SIP !a!b!c! d.',
              '0 0 S SIP !a!b! c', '0 0 S SIP !a!b! .', '0 0 "S SIP !a!b! c.',
              '0 0 S" SIP !a!b! c.',
              '0  0 S SIP !a!b! c.', '0 0  SIP !a!b! c.', '0 0 S SIP !a!\\1@b! c.',
              '0 0 S SIP "!a\n!b!" c.', '0 0 S SIP !a! b! c.', '0 0 S SIP \\\\a\\\\b\\\\ c.',
              f'0 0 S SIP !{"a" * 255}!b! c.', f'0 0 {"S" * 256} SIP !a!b! c.'],
    'CAA': ['', '0', '0 issue', '0 issue ', '0 issue ;', '2 issue a.org', '128 issue a.org',
            '-0 issue a.org', '00 issue a.org', '0 Issue a.org', '0 contact a.org',
            '0 issue "a.org"', '0 issue a.org;', '0 issue a.org; k', '0 issue a.org; k=',
            '0 issue a.org k=v', '0 issue *.a.org', '0 issue a..org', '0 issue a org',
            '0 issue a.org; k=é', '0 issue .', '0 iodef a@b.org', '0 iodef mailto:a',
            '0 iodef mailto:a@', '0 iodef mailto:@b.org', '0 iodef ftp://a.org/',
            '0 iodef http://a.org', '0 iodef https:///', '0 iodef http://a.org/ b',
            '0  issue a.org', '0 issue  a.org', '0 iodef mailto:a@b@c.org', '0 iodef '],
    'CERT': ['', 'PKIX 1 8', 'PKIX 1 8 ', '65536 1 8 Zm9v', 'pkix 1 8 Zm9v', 'XYZ 1 8 Zm9v',
             'PKIX 65536 8 Zm9v', 'PKIX -1 8 Zm9v', 'PKIX 1 256 Zm9v', 'PKIX 1 XYZ Zm9v',
             'PKIX 1 8 Zm9', 'PKIX 1 8 Zm9!', 'PKIX 1 8 =', 'PKIX 1 8 Zm9v\n', 'PKIX 1 8 é',
             '-1 1 8 Zm9v', '01 1 8 Zm9v', 'PKIX  1 8 Zm9v', 'PKIX 1 8 \ud800', 'DPKIX 1 8 Zm9v'],
    'HTTPS': ['', '1', '1 ', '1 .', '1 t', '-1 t.', '65536 t.', '01 t.', 't. 1', '1 t. alpn=foo',
              '1 t. alpn=', '1 t. alpn', '1 t. alpn=h2,', '1 t. alpn=H2', '1 t. port=foo',
              '1 t. port=', '1 t. port=65536', '1 t. port=-1', '1 t. port=080', '1 t. ech=foo//',
              '1 t. ech=', '1 t. ech=Zm9v', '1 t. mandatory=alpn', '1 t. mandatory=',
              '1 t. mandatory=mandatory', '1 t. mandatory=port,port port=1',
              '1 t. mandatory=foo port=1', '1 t. no-default-alpn',
              '1 t. alpn=h2 no-default-alpn=x', '1 t. ipv4hint=::1', '1 t. ipv4hint=1.2.3',
              '1 t. ipv4hint=', '1 t. ipv4hint=1.2.3.4,', '1 t. ipv6hint=1.2.3.4', '1 t. ipv6hint=',
              '1 t. foo=bar', '1 t. key7=x', '1 t. key65400=x', '1 t. =x', '1 t. port=1 port=2',
              '1 t. PORT=1', '0 t. port=1', '1  t.', '1 t.  port=1', '1 t. port=1 ',
              '1 t. port="1', '1 t. dohpath=/q{?dns}', '1 *.t.', '1 t. port=\ud800'],
    'SVCB': ['', '1 .', '1 t. dohpath=q{?dns}', '1 t. dohpath=/q', '1 t. dohpath=',
             '1 t. dohpath=/q{?dns}é', '1 t. dohpath=/q{?dns}\\', '1 t. mandatory=dohpath',
             '1 t. alpn=dot', '1 t. foo', '0 t. dohpath=/q{?dns}',
             f'1 t. dohpath=/{"q" * 65535}{{?dns}}'],
    'TLSA': ['', '3 1 1', '3 1 1 ', '3 1 1 aabb', f'3 1 2 {_SHA256}', f'256 1 1 {_SHA256}',
             f'3 256 1 {_SHA256}', '3 1 256 aabb', f'-1 1 1 {_SHA256}', f'03 1 1 {_SHA256}',
             '3 1 0 aab', '3 1 0 xx', '3 1 0 (aabb', '3 1 0 aabb)', '3 1 0 )aabb(',
             '3 1 0 ((aabb))', '3 1 0 ()', f'3 1 1 {_SHA256}aa', '3  1 0 aabb', '3 1 0 é',
             '3 1 0 aa;bb'],
}
