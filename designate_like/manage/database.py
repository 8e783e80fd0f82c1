# SPDX-License-Identifier: Apache-2.0
"""The category ``database``: the schema, and the first pool."""
import argparse

import alembic.command
from oslo_config import cfg
from oslo_utils import timeutils

from designate_like import resources
from designate_like import store
from designate_like.manage import opened
from designate_like.store import migrations


def sync(conf: cfg.ConfigOpts, pool: resources.Pool) -> bool:
    """Bring the schema up to date and, where there is no pool, add one; returns whether it did."""
    with opened.database(conf) as database:
        migrations.upgrade(database)
        with database.write() as tx:
            return store.pools.seed(tx, pool)


def default_pool(conf: cfg.ConfigOpts, **more: object) -> resources.Pool:
    """The pool of a new database."""
    return resources.Pool(id=conf['service:central'].default_pool_id, name='default',
                          created_at=timeutils.utcnow(with_timezone=False), **more)


def add_parsers(commands: argparse._SubParsersAction) -> None:
    """The commands of the category."""
    commands.add_parser('sync', help='Bring the schema up to date and add the default pool.'
                        ).set_defaults(run=_sync)
    upgrade = commands.add_parser('upgrade', help='Bring the schema to a revision.')
    upgrade.add_argument('revision', nargs='?', default='head')
    upgrade.set_defaults(run=_upgrade)
    commands.add_parser('version', help="Print the database's revision and the code's."
                        ).set_defaults(run=_version)
    for name, help_ in (('current', "Print the database's revision."),
                        ('heads', "Print the code's revision."),
                        ('history', 'Print every revision of the code, newest first.')):
        commands.add_parser(name, help=help_).set_defaults(run=_shown, command=name)


def _sync(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    sync(conf, default_pool(conf))


def _upgrade(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    with opened.database(conf) as database:
        migrations.upgrade(database, arguments.revision)


def _version(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    with opened.database(conf) as database:
        print(f'Current: {migrations.current(database)} Latest: {migrations.head(database)}')


def _shown(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    with opened.database(conf) as database:
        getattr(alembic.command, arguments.command)(migrations.config(database))
