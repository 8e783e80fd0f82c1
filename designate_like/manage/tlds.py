# SPDX-License-Identifier: Apache-2.0
"""The category ``tlds``: adding many at once from a file."""
import argparse
import csv
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy
from oslo_config import cfg
from oslo_utils import timeutils

from designate_like import errors
from designate_like import resources
from designate_like import store
from designate_like.manage import opened
from designate_like.resources import base
from designate_like.resources import names

LOG = logging.getLogger(__name__)

_COLUMNS = ('name', 'description')


def add_parsers(commands: argparse._SubParsersAction) -> None:
    """The commands of the category."""
    import_ = commands.add_parser('import', help='Add the TLDs of a file of name[,description].')
    import_.add_argument('--input_file', required=True)
    import_.add_argument('--delimiter', default=',')
    import_.set_defaults(run=_import)


def _import(conf: cfg.ConfigOpts, arguments: argparse.Namespace) -> None:
    lines = list(_lines(arguments.input_file, arguments.delimiter))
    problems, added = [], 0
    with opened.database(conf) as database, database.write() as tx:
        present = {each.key for each in store.tlds.repository.where(tx)}
        for line in lines:
            problem = _add(tx, line, present)
            if problem:
                problems.append(f'{problem} --> {line}')
            else:
                added += 1
    LOG.info('Number of tlds added: %d', added)
    for each in problems:
        LOG.error('%s', each)


def _lines(path: str, delimiter: str) -> Iterator[dict[Any, Any]]:
    """The values of each line by column; those that no column is for stand under None."""
    try:
        with open(path, encoding='utf-8', newline='') as file:
            yield from csv.DictReader(file, _COLUMNS, delimiter=delimiter)
    except OSError as problem:
        raise errors.ConfigurationError(f'{path}: {problem.strerror}') from None
    except (TypeError, ValueError, csv.Error) as problem:
        raise errors.ConfigurationError(f'{path}: {problem}') from None


def _add(tx: sqlalchemy.Connection, line: dict[Any, Any], present: set[str]) -> str | None:
    """Add one TLD, or say what is wrong with its line."""
    if None in line:
        return 'InvalidLine'
    values: dict[str, Any] = {}
    for column, problem in zip(_COLUMNS, ('InvalidTld', 'InvalidDescription')):
        if line[column] is not None:
            values[column] = line[column].strip()
        try:
            resources.Tld.parse(values, base.CREATE)
        except errors.InvalidObject:
            return problem
    key = names.key(values['name'] + '.')
    if key in present:
        return 'DuplicateTld'
    store.tlds.repository.insert(tx, resources.Tld(
        id=str(uuid.uuid4()), key=key, created_at=timeutils.utcnow(with_timezone=False),
        **values))
    present.add(key)
    return None
