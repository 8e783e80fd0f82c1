# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-manage: ``designate-like-manage pool update --file pools.yaml``."""
import argparse
import sys

from oslo_config import cfg

from designate_like import conf
from designate_like.cmd import program
from designate_like.manage import database
from designate_like.manage import pools
from designate_like.manage import services
from designate_like.manage import tlds

CATEGORIES = {'database': database, 'pool': pools, 'service': services, 'tlds': tlds}


def _add_parsers(categories: argparse._SubParsersAction) -> None:
    for name, category in CATEGORIES.items():
        parser = categories.add_parser(name, help=category.__doc__)
        category.add_parsers(parser.add_subparsers(dest='command', required=True))


def main() -> int:
    """Run one command."""
    conf.CONF.register_cli_opt(cfg.SubCommandOpt('category', handler=_add_parsers))

    def work() -> None:
        loaded = conf.load(sys.argv[1:])
        loaded.category.run(loaded, loaded.category)
    return program.run(work)


if __name__ == '__main__':
    sys.exit(main())
