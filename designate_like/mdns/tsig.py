# SPDX-License-Identifier: Apache-2.0
"""TSIG: who signed a request, and signing the messages that answer it (RFC 8945).

A signature that cannot be checked, because the key is unknown or the code is wrong, makes the
request one that deserves no answer. A clock that is wrong is told so (section 5.2.3).
"""
import struct
import time
from collections.abc import Callable
from collections.abc import Iterator

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.tsig

from designate_like import resources
from designate_like.dnsio import keys
from designate_like.mdns import wire

_FUDGE = 300            # seconds that clocks may differ (section 10)
_RECORD = struct.Struct('!HHIH')
_COUNT = struct.Struct('!H')
_ADDITIONAL_AT = 10
_OVERHEAD = 64          # octets of the record besides the names and the code


class Unproven(Exception):
    """The signature does not prove who sent the request."""


class Signature:
    """A request's signature, and the ones of its answers.

    :param key: what opened it.
    :param error: the TSIG error that every answer carries, NOERROR or BADTIME.
    """

    def __init__(self, key: resources.Tsigkey, secret: dns.tsig.Key,
                 request: dns.rdtypes.ANY.TSIG.TSIG, error: int) -> None:
        self.key = key
        self.error = error
        self._secret = secret
        other = b'' if error == dns.rcode.NOERROR else int(time.time()).to_bytes(6, 'big')
        self._template = request.replace(mac=b'', error=error, other=other, fudge=_FUDGE)
        self._owner = secret.name.to_wire()
        self._request_mac = request.mac
        self._context: dns.tsig.HMACTSig | None = None
        self.size = (_OVERHEAD + len(self._owner) + len(secret.algorithm.to_wire())
                     + dns.tsig.mac_sizes[secret.algorithm])

    def sign(self, messages: Iterator[bytes]) -> Iterator[bytes]:
        """The messages of one answer, each signed together with those before it."""
        for message in messages:
            now = int(time.time()) if self.error == dns.rcode.NOERROR \
                else self._template.time_signed
            signed, self._context = dns.tsig.sign(
                message, self._secret, self._template, now, self._request_mac, self._context,
                multi=True)
            data = signed.to_wire()
            count, = _COUNT.unpack_from(message, _ADDITIONAL_AT)
            yield b''.join([
                message[:_ADDITIONAL_AT], _COUNT.pack(count + 1), message[_ADDITIONAL_AT + 2:],
                self._owner, _RECORD.pack(dns.rdatatype.TSIG, dns.rdataclass.ANY, 0, len(data)),
                data])


def check(packet: bytes, request: wire.Request,
          find: Callable[[str], resources.Tsigkey | None]) -> Signature:
    """The signature of a request that has one.

    :param find: the key of a name in lower case with its final dot.
    :raises Unproven: when the key is unknown, or did not sign this.
    """
    try:
        name, at = wire.read_name(packet, request.tsig_at)
        _, _, _, length = _RECORD.unpack_from(packet, at)
        record = dns.rdata.from_wire(dns.rdataclass.ANY, dns.rdatatype.TSIG, packet,
                                     at + _RECORD.size, length)
    except (dns.exception.DNSException, ValueError, IndexError, struct.error) as problem:
        raise Unproven(f'the signature is malformed: {problem}') from problem
    key = find(name.lower())
    if key is None:
        raise Unproven(f'there is no key {name}')
    try:
        secret = keys.usable(key)
    except ValueError as problem:
        raise Unproven(str(problem)) from problem
    error = dns.rcode.NOERROR
    try:
        dns.tsig.validate(packet, secret, dns.name.from_text(name), record, int(time.time()), b'',
                          request.tsig_at)
    except dns.tsig.BadTime:
        error = dns.rcode.BADTIME
    except dns.exception.DNSException as problem:
        raise Unproven(f'the signature of {name} is wrong: {problem}') from problem
    return Signature(key, secret, record, error)
