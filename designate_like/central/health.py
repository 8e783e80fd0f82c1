# SPDX-License-Identifier: Apache-2.0
"""Whether central can do its work."""
import sqlalchemy

from designate_like import context
from designate_like.central import endpoint


class Health(endpoint.Endpoint):
    """What a health check asks."""
    namespace = 'health'

    def check(self, ctx: context.RequestContext) -> None:
        """Ask the database something.

        :raises DatabaseUnavailable: when it cannot be reached.
        """
        with self._store.read() as tx:
            tx.execute(sqlalchemy.select(1))
