# SPDX-License-Identifier: Apache-2.0
"""The category ``service``: what the roles say of themselves."""
import argparse
import datetime

from oslo_config import cfg
from oslo_utils import timeutils

from designate_like import store
from designate_like.manage import opened


def add_parsers(commands: argparse._SubParsersAction) -> None:
    """The commands of the category."""
    commands.add_parser('clean', help='Delete the statuses of services that are silent.'
                        ).set_defaults(run=_clean)


def _clean(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    silence = datetime.timedelta(seconds=2 * conf.heartbeat_emitter.heartbeat_interval)
    with opened.database(conf) as database, database.write() as tx:
        count = store.service_statuses.delete_silent(
            tx, timeutils.utcnow(with_timezone=False) - silence)
    print(f'Service statuses deleted: {count}')
