# SPDX-License-Identifier: Apache-2.0
"""A floating IP: an address that the network service has lent a project, and its PTR record."""
import ipaddress
import re
from typing import Any

from designate_like.resources import base
from designate_like.resources import lifecycle
from designate_like.resources import names
from designate_like.resources import types
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

INACTIVE = 'INACTIVE'

_REGION = re.compile('[A-Za-z0-9._-]{1,100}')

# By IP version, how many labels of a PTR's name stand in front of its zone's: one octet of four,
# and 16 nibbles of 32, which is the half of an IPv6 address that is the host's in its subnet
# (RFC 4291 section 2.5.1).
_HOST_LABELS = {4: 1, 6: 16}


def is_id(text: str) -> bool:
    """Whether the text is a region's name and a UUID, with a colon between them."""
    region, _, id_ = text.partition(':')
    return _REGION.fullmatch(region) is not None and types.is_uuid(id_)


@base.resource('floatingip')
class Floatingip(base.Resource):
    """A floating IP; without a PTR record the last five members are as they are by default."""
    id: str = field(types.Text(137))        # region:uuid, both as the network service has them
    address: str = field(types.Text(45))
    ptrdname: str | None = field(types.Name(), write=(UPDATE,), null='keep')
    ttl: int | None = field(types.Integer(0, 2**31 - 1), write=(UPDATE,), null='keep')
    description: str | None = field(types.Text(160), write=(UPDATE,), null='keep')
    status: str = field(types.Choice(*lifecycle.STATUSES, INACTIVE), default=INACTIVE)
    action: str = field(types.Choice(*lifecycle.ACTIONS), default=lifecycle.NONE)

    @property
    def pointer(self) -> str:
        """The name of its PTR (RFC 1035 section 3.5, RFC 3596 section 2.5)."""
        return ipaddress.ip_address(self.address).reverse_pointer + '.'

    @property
    def zone_name(self) -> str:
        """The zone that is made for its PTR where none encloses it: that of its /24 or /64."""
        version = ipaddress.ip_address(self.address).version
        return list(names.parents(self.pointer))[_HOST_LABELS[version] - 1]

    @classmethod
    def problems(cls, values: dict[str, Any], verb: str, present: Any) -> list[base.Problem]:
        # What to set is needed as soon as there is anything; an empty body unsets, as null does.
        if values and 'ptrdname' not in values:
            return [base.Problem(['ptrdname'], "'ptrdname' is a required property", 'required',
                                 True)]
        return super().problems(values, verb, present)
