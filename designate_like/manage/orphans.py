# SPDX-License-Identifier: Apache-2.0
"""The command ``pool orphans``: zones on servers that should not have them any more."""
import argparse
import json

from oslo_config import cfg

from designate_like import store
from designate_like.manage import opened


def add_parser(commands: argparse._SubParsersAction) -> None:
    """The command, in the category ``pool``."""
    parser = commands.add_parser(
        'orphans', help='Print the zones that servers carry and should not have any more.')
    parser.add_argument('--json', action='store_true', help='Print a list of objects.')
    parser.set_defaults(run=_orphans)


def _orphans(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    with opened.database(conf) as database, database.read() as tx:
        found = [{**each, 'since': f"{each['since'].isoformat(timespec='seconds')}Z"}
                 for each in store.orphans.every(tx)]
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    for each in found:
        print('{name} at {host} port {port} of pool {pool_id}, since {since}'.format(**each))
