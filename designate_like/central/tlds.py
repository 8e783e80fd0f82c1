# SPDX-License-Identifier: Apache-2.0
"""TLDs: which names may have zones below them."""
from collections.abc import Mapping
from typing import Any

import sqlalchemy

from designate_like import context
from designate_like import resources
from designate_like import store
from designate_like.central import noun
from designate_like.resources import names


class Tlds(noun.Noun):
    """What operators do with TLDs."""
    namespace = 'tlds'
    kind = resources.Tld
    repository = store.tlds.repository

    def _checked(self, tx: sqlalchemy.Connection, ctx: context.RequestContext,
                 values: Mapping[str, Any], present: Any = None) -> Mapping[str, Any]:
        return {**values, 'key': names.key(values['name'] + '.')} if 'name' in values else values
