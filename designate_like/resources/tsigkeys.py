# SPDX-License-Identifier: Apache-2.0
"""A TSIG key (RFC 8945): a secret that a pool's servers, or those of one zone, share with us."""
import datetime

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

POOL, ZONE = 'POOL', 'ZONE'
ALGORITHMS = ('hmac-md5', 'hmac-sha1', 'hmac-sha224', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512')
_BOTH = (CREATE, UPDATE)


@base.resource('tsigkey')
class Tsigkey(base.Resource):
    """A key and what it opens: the zones of a pool, or one zone."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    name: str = field(types.Text(160, 1), write=_BOTH, required=True, match=True, sort=True,
                      unique=True)
    algorithm: str = field(types.Choice(*ALGORITHMS), write=_BOTH, required=True, match=True)
    secret: str = field(types.Text(160), write=_BOTH, required=True)
    scope: str = field(types.Choice(POOL, ZONE), write=_BOTH, required=True, match=True)
    resource_id: str = field(types.UUID(), write=_BOTH, required=True)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    @property
    def algorithm_name(self) -> str:
        """The algorithm as TSIG names it (RFC 8945 section 6)."""
        return 'hmac-md5.sig-alg.reg.int.' if self.algorithm == 'hmac-md5' \
            else f'{self.algorithm}.'

    @property
    def wire_name(self) -> str:
        """The key's name as TSIG compares it: lower case, with a trailing dot."""
        return self.name.lower().rstrip('.') + '.'
