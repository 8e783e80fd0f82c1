# SPDX-License-Identifier: Apache-2.0
"""The database of a test: an SQLite file, or a real MariaDB with TEST_DATABASE=mariadb.

One database of MariaDB serves all tests of a process, one after the other; each finds it
migrated and empty.
"""
import functools
import os
import pathlib
import shutil
import tempfile

import sqlalchemy

from designate_like import store
from designate_like.store import migrations
from designate_like.store import tables
from tests import base
from tests.interop import mariadb

IS_MARIADB = os.environ.get('TEST_DATABASE') == 'mariadb'


def url(test: base.TestCase) -> str:
    """The URL of a migrated database of the test's own."""
    if IS_MARIADB:
        return _emptied()
    path = test.directory() / 'test.sqlite'
    shutil.copy(pathlib.Path(_template().name, 'template.sqlite'), path)
    return f'sqlite:///{path}'


def empty_url(directory: pathlib.Path) -> str:
    """The URL of a database in which there is nothing yet.

    :param directory: for a file.
    """
    return mariadb.shared().url() if IS_MARIADB else f'sqlite:///{directory}/empty.sqlite'


def opened(test: base.TestCase, url_: str) -> store.Store:
    """A database, closed after the test."""
    made = _open(url_)
    test.addCleanup(made.dispose)
    return made


def _open(url_: str) -> store.Store:
    # As the configuration has it by default.
    return store.Store(url_, **{'mysql_sql_mode': 'TRADITIONAL'} if IS_MARIADB else {})


@functools.cache
def _template() -> tempfile.TemporaryDirectory:
    """A directory with a migrated database, made once a process."""
    directory = tempfile.TemporaryDirectory()
    _migrate(f'sqlite:///{directory.name}/template.sqlite')
    return directory


@functools.cache
def _migrated() -> str:
    """The URL of a database of MariaDB, migrated once a process."""
    made = mariadb.shared().url()
    _migrate(made)
    return made


def _migrate(url_: str) -> None:
    made = _open(url_)
    migrations.upgrade(made)
    made.dispose()


def _emptied() -> str:
    """The same database without rows."""
    made = _open(_migrated())
    with made.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql('SET foreign_key_checks = 0')
        for table in tables.metadata.tables.values():
            connection.execute(sqlalchemy.delete(table))
    made.dispose()
    return _migrated()
