# SPDX-License-Identifier: Apache-2.0
"""The category ``pool``: pools.yaml and what the service has made of it."""
import argparse
import copy
from typing import Any

import oslo_messaging
import yaml
from oslo_config import cfg

from designate_like import backends
from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like import rpc
from designate_like import store
from designate_like.manage import opened
from designate_like.manage import orphans
from designate_like.resources import base

_DEFAULT_FILE = '/etc/designate_like/pools.yaml'
_FILE_HELP = 'By default pools.yaml, in the directory of the configuration file.'
# What a file that does not say otherwise means.
_UNSAID: dict[str, Any] = {'description': None, 'attributes': {}, 'nameservers': [], 'targets': [],
                           'also_notifies': [], 'catalog_zone': None}
_HIDDEN = ('project_id', 'version', 'created_at', 'updated_at')


def read(path: str, verify_drivers: bool = True) -> list[dict[str, Any]]:
    """The values of each pool of a file.

    :param verify_drivers: refuse targets that no installed backend takes.
    :raises ConfigurationError: naming the file, the pool, the key and the rule.
    """
    try:
        with open(path, encoding='utf-8') as file:
            document = yaml.safe_load(file)
    except OSError as problem:
        raise errors.ConfigurationError(f'{path}: {problem.strerror}') from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        # YAML's complaint is of several lines.
        raise errors.ConfigurationError(f"{path}: {' '.join(str(problem).split())}") from None
    if not isinstance(document, list) or not document:
        raise errors.ConfigurationError(f'{path}: the file must hold a list of pools')
    pools = [_pool(f'{path}: pool {index + 1}', each, verify_drivers)
             for index, each in enumerate(document)]
    for key in ('name', 'id'):
        seen = [values[key] for values in pools if key in values]
        if len(set(seen)) < len(seen):
            raise errors.ConfigurationError(f'{path}: two pools have the same {key}')
    return pools


def _pool(where: str, document: Any, verify_drivers: bool) -> dict[str, Any]:
    if isinstance(document, dict) and 'name' in document:
        where = f"{where} ('{document['name']}')"
    try:
        values = resources.Pool.parse(document, base.FILE)
    except errors.InvalidObject as problem:
        raise errors.ConfigurationError(f'{where}: {problem.sentence()}') from None
    values = {**copy.deepcopy(_UNSAID), **values}
    for index, target in enumerate(values['targets'] if verify_drivers else ()):
        try:
            backends.load(target)
        except errors.ConfigurationError as problem:
            raise errors.ConfigurationError(
                f'{where}: targets: [{index}] {problem.message}') from None
    return values


def document(pool: resources.Pool) -> dict[str, Any]:
    """A pool as the file has it."""
    whole = pool.dump()
    if pool.catalog_zone is None:
        del whole['catalog_zone']
    return _without_nulls({name: value for name, value in whole.items() if name not in _HIDDEN})


def _without_nulls(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {key: _without_nulls(value) for key, value in thing.items()
                if value is not None or key == 'description'}
    if isinstance(thing, list):
        return [_without_nulls(each) for each in thing]
    return thing


def add_parsers(commands: argparse._SubParsersAction) -> None:
    """The commands of the category."""
    update = commands.add_parser('update', help='Make the pools what a file says.')
    update.add_argument('--file', help=_FILE_HELP)
    update.add_argument('--delete', action='store_true', help='Drop pools that it lacks.')
    # One spelling each: a second would make every abbreviation ambiguous.
    update.add_argument('--dry-run', action='store_true')
    update.add_argument('--skip-verify-drivers', action='store_true')
    update.set_defaults(run=_update)
    generate = commands.add_parser('generate_file', help='Write the present pools to a file.')
    generate.add_argument('--file', help=_FILE_HELP)
    generate.set_defaults(run=_generate_file)
    show = commands.add_parser('show_config', help='Print a pool, or all.')
    show.add_argument('--pool_id')
    show.add_argument('--all_pools', action='store_true')
    show.set_defaults(run=_show_config)
    orphans.add_parser(commands)


def _file(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> str:
    return arguments.file or conf.find_file('pools.yaml') or _DEFAULT_FILE


def _update(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    pools = read(_file(conf, arguments), verify_drivers=not arguments.skip_verify_drivers)
    update(rpc.Client(_bus(conf), conf['service:central'].topic), pools, arguments.delete,
           arguments.dry_run)


def _bus(conf: cfg.ConfigOpts) -> oslo_messaging.Transport:
    transport = rpc.get_transport(conf)
    if conf.transport_url.startswith('inproc:'):
        raise errors.ConfigurationError(
            'transport_url is inproc://, which only designate-like-standalone itself is on: '
            'start it again with --pools and the file')
    return transport


def update(central: rpc.Client, pools: list[dict[str, Any]], delete: bool, dry_run: bool) -> None:
    """Have central make the pools what a file says, and print what it does.

    :param pools: what :func:`read` has made of the file.
    :param delete: drop the pools that the file lacks.
    :param dry_run: print what would change, and change nothing.
    """
    print('Updating Pools Configuration')
    print('*' * 28)
    lines = central.pools.configure(context.admin(), pools=pools, delete=delete, dry_run=dry_run)
    if dry_run:
        print('The following changes will occur:')
        print('*' * 33)
        print('\n'.join(lines))


def _generate_file(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    text = _shown(_stored(conf))
    with open(_file(conf, arguments), 'w', encoding='utf-8') as file:
        file.write(text)


def _show_config(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    pools = _stored(conf)
    if not arguments.all_pools:
        pool_id = arguments.pool_id or conf['service:central'].default_pool_id
        pools = [pool for pool in pools if pool.id == pool_id]
        if not pools:
            raise errors.PoolNotFound(f'There is no pool {pool_id}')
    print('\nPool Configuration:')
    print('-' * 19)
    print(_shown(pools))


def _stored(conf: cfg.ConfigOpts) -> list[resources.Pool]:
    """All pools, from the database: central need not be there."""
    with opened.database(conf) as database, database.read() as tx:
        return store.pools.every(tx)


def _shown(pools: list[resources.Pool]) -> str:
    return yaml.safe_dump([document(pool) for pool in pools], default_flow_style=False)
