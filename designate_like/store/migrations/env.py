# SPDX-License-Identifier: Apache-2.0
"""How alembic reaches the database: through the engine that its caller has."""
from alembic import context

from designate_like.store import tables

with context.config.attributes['engine'].connect() as connection:
    context.configure(connection=connection, target_metadata=tables.metadata,
                      render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
