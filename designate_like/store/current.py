# SPDX-License-Identifier: Apache-2.0
"""Before a role begins: the database is there, and of the schema that the code expects."""
import logging
import time
from collections.abc import Callable

import sqlalchemy.exc
from oslo_config import cfg
from oslo_db import exception

from designate_like import conf as configuration
from designate_like import errors
from designate_like.store import engine
from designate_like.store import migrations

LOG = logging.getLogger(__name__)

_PAUSE = 1      # seconds between two tries to reach a database that is away
_GROUP = 'storage:sqlalchemy'


def require_current(database: engine.Store) -> None:
    """Refuse to work on a schema that is not the code's.

    :raises ConfigurationError: when the database is not migrated, or newer than the code.
    """
    found, wanted = migrations.current(database), migrations.head(database)
    if found == wanted:
        return
    if found is None or migrations.knows(database, found):
        raise errors.ConfigurationError(
            f'The database is at revision {found}, this code needs {wanted}: '
            'run designate-like-manage database sync')
    raise errors.ConfigurationError(
        f'The database is at revision {found}, which is newer than this code ({wanted}): '
        'upgrade the code')


def await_current(conf: cfg.ConfigOpts, wait: bool = True,
                  sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when the database answers; for one that is away there is one line in the log.

    :param wait: for a database that is away; else it is let pass.
    :param sleep: called with seconds between two tries.
    :raises ConfigurationError: when it can never be used so: the URL is wrong, the user may not,
        the schema is another.
    """
    try:
        database = engine.Store.from_conf(conf)
        try:
            _await(database, wait, sleep)
        finally:
            database.dispose()      # A fork follows.
    except (exception.DBError, sqlalchemy.exc.SQLAlchemyError, ImportError,
            ValueError) as problem:
        raise errors.ConfigurationError(
            f"{configuration.place(conf, 'connection', _GROUP)}: "
            f"{str(problem).partition(chr(10))[0]}") from problem


def _await(database: engine.Store, wait: bool, sleep: Callable[[float], None]) -> None:
    away = False
    while True:
        try:
            require_current(database)
            break
        except exception.DBNonExistentDatabase:
            raise
        except exception.DBConnectionError as problem:
            if not wait:
                return
            if not away:
                LOG.warning('Waiting for the database: %s', str(problem).partition('\n')[0])
            away = True
            sleep(_PAUSE)
    if away:
        LOG.warning('The database is there')
