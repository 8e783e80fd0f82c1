# SPDX-License-Identifier: Apache-2.0
"""A blacklist: a pattern that no zone name may match."""
import datetime
from typing import Any

import regex

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

_PATIENCE = 0.02        # seconds that one pattern may take


class Regex(types.Text):
    """A regular expression."""

    def parse(self, raw: Any) -> str:
        pattern = super().parse(raw)
        try:
            regex.compile(pattern)
        except (regex.error, RecursionError, OverflowError) as problem:
            raise ValueError(f'{raw!r} is not a regular expression: {problem}') from None
        return pattern


@base.resource('blacklist')
class Blacklist(base.Resource):
    """A pattern that no zone name may match."""
    id: str = field(types.UUID(), primary_key=True, sort=True)
    pattern: str = field(Regex(255, 1), write=(CREATE, UPDATE), required=True, match=True,
                         sort=True, unique=True)
    description: str | None = field(types.Text(160), write=(CREATE, UPDATE), null='keep')
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    def hits(self, name: str) -> bool:
        """Whether the pattern is found in a name, in whatever case, as in the DNS (RFC 4343).

        One that takes too long counts as found.
        """
        try:
            return regex.search(self.pattern, name, regex.IGNORECASE,
                                timeout=_PATIENCE) is not None
        except TimeoutError:
            return True
