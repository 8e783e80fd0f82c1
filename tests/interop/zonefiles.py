# SPDX-License-Identifier: Apache-2.0
"""Zone files over the API, and a file of any size."""
import http.client
import json
from typing import Any

from tests import base
from tests.interop import standalone

# Every type, and what zone files may hold besides the plainest form.
EVERY_TYPE = """\
$ORIGIN every.example.
$TTL 1h
@ 2h IN SOA ns.elsewhere.example. ad\\.min.example.org. (
    2026112101 ; serial
    3h 15m 1w 30m )
@ IN NS ns.elsewhere.example.
@ MX 10 mail
@ CAA 0 issue "ca.example; policy=ev"
@ CAA 0 iodef "mailto:security@example.org"
@ HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1
@ SPF "v=spf1 -all"
mail 60 A 192.0.2.1
     60 A 192.0.2.2
mail AAAA 2001:db8:0::1
Mixed.Case CNAME MAIL.Every.Example.
*.wild TXT plain "with space; and semicolon" "quote \\" backslash \\\\ \\195\\169"
_sip._tcp SRV 10 60 5060 mail
_443._tcp.mail TLSA 3 1 1 (
    0123456789abcdef0123456789ABCDEF
    0123456789abcdef0123456789ABCDEF )
_dns.mail SVCB 1 mail alpn=dot port=8853
mail SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef12345678a
cert CERT PKIX 1 RSASHA256 AwEAAbOFAxl1PwSBBvLMo9UgqL8x AwEAAbOFAxl1
naptr NAPTR 100 10 "S" "SIP+D2U" "!^.*$!sip:customer@example.org!" _sip._udp
1.2 PTR mail
sub NS ns.sub
sub NS ns.elsewhere.example.
ns.sub A 192.0.2.53
0/26 NS ns.elsewhere.example.
$GENERATE 1-3 host-$ A 192.0.2.$
$ORIGIN deeper.every.example.
www A 192.0.2.7
"""


def large(name: str, records: int) -> str:
    """A file with so many A records, each at a name of its own."""
    lines = ''.join([f'host{number} A 192.0.{number >> 8 & 255}.{number & 255}\n'
                     for number in range(records)])
    return (f'$ORIGIN {name}\n$TTL 300\n@ SOA ns1.example.net. me.example.org. 1 2 3 4 5\n'
            f'@ NS ns1.example.net.\n{lines}')


def begin(service: standalone.Standalone, text: str) -> str:
    """Begin to import a file; returns the id of the import."""
    reply = _send(service, 'POST', '/v2/zones/tasks/imports', text.encode(),
                  {'Content-Type': 'text/dns'})
    return json.loads(reply)['id']


def ended(client: standalone.Client, import_id: str, timeout: float = 30) -> dict[str, Any]:
    """The document of an import, once it has ended."""
    def shown() -> Any:
        document = client('GET', f'/v2/zones/tasks/imports/{import_id}')
        return document if document['status'] != 'PENDING' else None
    return base.wait(shown, timeout)


def exported(service: standalone.Standalone, client: standalone.Client, zone_id: str) -> str:
    """A zone as a zone file."""
    export_id = client('POST', f'/v2/zones/{zone_id}/tasks/export')['id']
    return _send(service, 'GET', f'/v2/zones/tasks/exports/{export_id}/export', None,
                 {'Accept': 'text/dns'})


def _send(service: standalone.Standalone, method: str, path: str, body: bytes | None,
          headers: dict[str, str]) -> str:
    connection = http.client.HTTPConnection('127.0.0.1', service.port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    if response.status >= 300:
        raise AssertionError(f'{response.status} {text}')
    return text
