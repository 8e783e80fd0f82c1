# SPDX-License-Identifier: Apache-2.0
"""The database, opened for the length of one command."""
import contextlib
from collections.abc import Iterator

import alembic.util
import sqlalchemy.exc
from oslo_config import cfg
from oslo_db import exception

from designate_like import errors
from designate_like import store

_PATIENCE = 24 * 3600       # seconds


@contextlib.contextmanager
def database(conf: cfg.ConfigOpts) -> Iterator[store.Store]:
    """The database of the configuration; what goes wrong with it becomes one line.

    :raises ConfigurationError: when it cannot be reached, or is not what the command needs.
    """
    # A migration may have to rewrite a large table.
    opened = store.Store.from_conf(conf, answer_timeout=_PATIENCE)
    try:
        yield opened
    except (alembic.util.CommandError, exception.DBError,
            sqlalchemy.exc.SQLAlchemyError) as problem:
        reason = str(problem).partition('\n')[0]
        raise errors.ConfigurationError(f'{_place(opened)}: {reason}') from problem
    finally:
        opened.dispose()


def _place(opened: store.Store) -> str:
    return sqlalchemy.make_url(opened.url).render_as_string(hide_password=True)
