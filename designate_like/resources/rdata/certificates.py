# SPDX-License-Identifier: Apache-2.0
"""Types that vouch for keys and certificates: CAA, CERT, SSHFP, TLSA."""
import re
import struct

from designate_like.resources import names
from designate_like.resources.rdata import fields

_ISSUER = re.compile(r'([^ ;]+)(?: *; *[A-Za-z0-9-]+=[!#-:<-~]+)*')
_MAILTO = re.compile(r'mailto:[!#-?A-~]+@([^@]+)')
_WEB = re.compile(r'https?://[!#-.0-~]+/[!#-~]*')

# RFC 4398 section 2.1.
_CERTIFICATES = {'PKIX': 1, 'SPKI': 2, 'PGP': 3, 'IPKIX': 4, 'ISPKI': 5, 'IPGP': 6, 'ACPKIX': 7,
                 'IACPKIX': 8, 'URI': 253, 'OID': 254}
# RFC 8624 section 3.1, by the mnemonics of the IANA registry.
_ALGORITHMS = {'RSAMD5': 1, 'DSA': 3, 'RSASHA1': 5, 'DSA-NSEC3-SHA1': 6, 'RSASHA1-NSEC3-SHA1': 7,
               'RSASHA256': 8, 'RSASHA512': 10, 'ECC-GOST': 12, 'ECDSAP256SHA256': 13,
               'ECDSAP384SHA384': 14, 'ED25519': 15, 'ED448': 16}
_FINGERPRINT_DIGITS = {1: 40, 2: 64}  # SHA-1, RFC 4255; SHA-256, RFC 6594.
_ASSOCIATION_DIGITS = {1: 64, 2: 128}  # SHA-256 and SHA-512, RFC 6698 section 2.1.3.
_ONE_LEVEL = re.compile(r'[^()]*(?:\([^()]*\)[^()]*)*')
_LAYOUT = str.maketrans('', '', ' \t\r\n()')


def caa(text: str, owner: str) -> bytes:
    """Flags, tag and a value without quotes (RFC 8659 section 4)."""
    flags, _, rest = text.partition(' ')
    tag, _, value = rest.partition(' ')
    if flags not in ('0', '1'):
        raise ValueError('the flags must be 0 or 1')
    if tag in ('issue', 'issuewild'):
        issuer = _ISSUER.fullmatch(value)
        if not issuer or not names.valid(issuer[1].removesuffix('.') + '.'):
            raise ValueError(f'the value of {tag} must be a domain name, which "; name=value" '
                             'may follow')
    elif tag == 'iodef':
        mail = _MAILTO.fullmatch(value)
        if not _WEB.fullmatch(value) and not (
                mail and names.valid(mail[1].removesuffix('.') + '.')):
            raise ValueError('the value of iodef must be mailto:user@domain, or an http or '
                             'https URL with a path')
    else:
        raise ValueError('the tag must be issue, issuewild or iodef')
    return bytes([int(flags)]) + fields.string(tag.encode()) + value.encode()


def cert(text: str, owner: str) -> bytes:
    """Certificate type, key tag, algorithm and base64, which spaces may break (RFC 4398)."""
    kind, tag, algorithm, data = _four(text, 'type', 'key tag', 'algorithm', 'certificate')
    return struct.pack('!HHB', _named(kind, _CERTIFICATES, 65535, 'type'),
                       fields.number(tag, 65535, 'key tag'),
                       _named(algorithm, _ALGORITHMS, 255, 'algorithm')
                       ) + fields.base64_data(data.replace(' ', ''), 'certificate')


def sshfp(text: str, owner: str) -> bytes:
    """Algorithm, fingerprint type and fingerprint (RFC 4255)."""
    algorithm, kind, digits = fields.split(text, 'algorithm', 'type', 'fingerprint')
    head = bytes([fields.number(algorithm, 4, 'algorithm'), fields.number(kind, 2, 'type')])
    if not (10 <= len(digits) <= 40 or len(digits) == 64):
        raise ValueError('the fingerprint must have 10 to 40 or 64 digits')
    _check_digits(digits, _FINGERPRINT_DIGITS.get(head[1]), 'fingerprint')
    return head + fields.hexadecimal(digits, 'fingerprint')


def tlsa(text: str, owner: str) -> bytes:
    """Usage, selector, matching type and hexadecimal data (RFC 6698 section 2).

    The data may be spread over lines and put in parentheses, as in a zone file.
    """
    usage, selector, matching, data = _four(text, 'usage', 'selector', 'matching type', 'data')
    if not _ONE_LEVEL.fullmatch(data):
        raise ValueError('its parentheses must come in pairs')
    digits = data.translate(_LAYOUT)
    head = bytes([fields.number(usage, 255, 'usage'), fields.number(selector, 255, 'selector'),
                  fields.number(matching, 255, 'matching type')])
    _check_digits(digits, _ASSOCIATION_DIGITS.get(head[2]), 'data')
    return head + fields.hexadecimal(digits, 'data')


def _four(text: str, *wanted: str) -> list[str]:
    """Three fields and the rest of the text."""
    found = text.split(' ', 3)
    if len(found) != 4:
        raise ValueError(f'its fields are {", ".join(wanted)}, with one space between two')
    return found


def _named(text: str, numbers: dict[str, int], largest: int, what: str) -> int:
    return numbers[text] if text in numbers else fields.number(text, largest, what)


def _check_digits(digits: str, wanted: int | None, what: str) -> None:
    if wanted is not None and len(digits) != wanted:
        raise ValueError(f'the {what} of this type must have {wanted} digits')
