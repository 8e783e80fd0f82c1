# SPDX-License-Identifier: Apache-2.0
"""Bringing a database to the schema of this code, by alembic."""
import pathlib

import alembic.command
import alembic.config
import alembic.runtime.migration
import alembic.script
import alembic.util

from designate_like.store import engine

_HERE = pathlib.Path(__file__).parent


def config(store: engine.Store) -> alembic.config.Config:
    """What alembic's commands need to know."""
    settings = alembic.config.Config()
    settings.set_main_option('script_location', str(_HERE))
    settings.attributes['engine'] = store.engine
    return settings


def upgrade(store: engine.Store, revision: str = 'head') -> None:
    """Bring the database to a revision; nothing happens where it is there."""
    alembic.command.upgrade(config(store), revision)


def current(store: engine.Store) -> str | None:
    """The revision of the database; None where it was never migrated."""
    with store.engine.connect() as connection:
        return alembic.runtime.migration.MigrationContext.configure(
            connection).get_current_revision()


def knows(store: engine.Store, revision: str) -> bool:
    """Whether a revision is one of this code's."""
    try:
        alembic.script.ScriptDirectory.from_config(config(store)).get_revision(revision)
    except alembic.util.CommandError:
        return False
    return True


def head(store: engine.Store) -> str | None:
    """The revision of this code."""
    return alembic.script.ScriptDirectory.from_config(config(store)).get_current_head()
