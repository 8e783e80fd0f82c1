# SPDX-License-Identifier: Apache-2.0
"""TSIG keys as dnspython signs and checks with them (RFC 8945)."""
import base64
import binascii

import dns.tsig

from designate_like import resources


def usable(key: resources.Tsigkey) -> dns.tsig.Key:
    """The key, ready for use.

    :raises ValueError: when its secret is not base64, so that nobody can have it.
    """
    try:
        secret = base64.b64decode(key.secret, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f'the secret of {key.name} is not base64') from None
    return dns.tsig.Key(key.wire_name, secret, key.algorithm_name)
