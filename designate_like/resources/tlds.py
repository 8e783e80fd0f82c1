# SPDX-License-Identifier: Apache-2.0
"""A TLD: once any is listed, a zone must be below a listed one."""
import datetime
from typing import Any

from designate_like.resources import base
from designate_like.resources import names
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field


class TldName(types.Type):
    """Dotted labels without a trailing dot; case is kept."""
    caseless = True

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or raw.endswith('.') or not names.valid(raw + '.'):
            raise ValueError(f'{raw!r} is not a domain name without a trailing dot')
        return raw

    def column(self) -> Any:
        return types.ascii_column(255)


@base.resource('tld')
class Tld(base.Resource):
    """A top-level domain, or a deeper one such as ``co.uk``."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    name: str = field(TldName(), write=(CREATE, UPDATE), required=True, match=True, sort=True)
    description: str | None = field(types.Text(160), write=(CREATE, UPDATE), null='keep')
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    # What the API does not show.
    key: str = field(types.Name(), view=False, unique=True)
