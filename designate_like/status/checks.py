# SPDX-License-Identifier: Apache-2.0
"""The checks of ``designate-like-status upgrade check``, in the form of oslo.upgradecheck.

None of them changes anything or asks another role. Those that look into the database leave it to
the first to say that it cannot be read.
"""
import functools
from collections.abc import Callable

import oslo_messaging
import sqlalchemy
import sqlalchemy.exc
from oslo_config import cfg
from oslo_db import exception
from oslo_upgradecheck import upgradecheck

from designate_like import errors
from designate_like import rpc
from designate_like import store
from designate_like.resources import service_statuses
from designate_like.rpc import rabbit
from designate_like.status import policies
from designate_like.status import pools
from designate_like.store import tables

Problems = list[str]


class Checks(upgradecheck.UpgradeCommands):
    """The questions, with the configuration from which they are answered."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        """Open nothing yet.

        :param conf: what has been read when :meth:`check` is called.
        """
        self._conf = conf

    def _database(self) -> upgradecheck.Result:
        """Whether the database can be reached, and has the schema of this code."""
        return _failure(self._unreadable)

    @functools.cached_property
    def _unreadable(self) -> Problems:
        """Why the database cannot be read; it is tried once, as it may take a while to fail."""
        try:
            database = store.Store.from_conf(self._conf)
            try:
                store.require_current(database)
            finally:
                database.dispose()
        except (errors.Error, exception.DBError, sqlalchemy.exc.SQLAlchemyError, ImportError,
                ValueError) as problem:
            return [str(problem).partition('\n')[0]]
        return []

    def _policy(self) -> upgradecheck.Result:
        """Whether the policy file can be read, is not JSON, and names rules that there are."""
        try:
            return _warning(policies.problems(self._conf))
        except errors.ConfigurationError as problem:
            return _failure([problem.message])

    def _pools(self) -> upgradecheck.Result:
        """Whether each pool has what zones need."""
        return self._read(pools.incomplete, _warning)

    def _servers(self) -> upgradecheck.Result:
        """Whether the pools' servers can be told, and with the keys that they are to have."""
        return self._read(pools.unusable, _failure)

    def _tsigkeys(self) -> upgradecheck.Result:
        """Whether each TSIG key can be used, and opens something."""
        return self._read(pools.of_tsigkeys, _warning)

    def _producers(self) -> upgradecheck.Result:
        """Whether several producers can find one another."""
        return self._read(functools.partial(_of_producers, self._conf), _warning)

    def _bus(self) -> upgradecheck.Result:
        """Whether the bus is one, and its queues outlive a broker."""
        try:
            rpc.check(self._conf)
        except errors.ConfigurationError as problem:
            return _failure([problem.message])
        return _warning(_of_queues(self._conf))

    def _read(self, look: Callable[[sqlalchemy.Connection], Problems],
              result: Callable[[Problems], upgradecheck.Result]) -> upgradecheck.Result:
        """The result of a look into the database."""
        if self._unreadable:
            return _warning(['Not looked at: the database cannot be read'])
        database = store.Store.from_conf(self._conf)
        try:
            with database.read() as tx:
                return result(look(tx))
        finally:
            database.dispose()

    _upgrade_checks = (('Database', _database), ('Policy file', _policy), ('Pools', _pools),
                       ('Servers of pools', _servers), ('TSIG keys', _tsigkeys),
                       ('Producers', _producers), ('Message bus', _bus))


def _failure(problems: Problems) -> upgradecheck.Result:
    return _result(upgradecheck.Code.FAILURE, problems)


def _warning(problems: Problems) -> upgradecheck.Result:
    return _result(upgradecheck.Code.WARNING, problems)


def _result(code: upgradecheck.Code, problems: Problems) -> upgradecheck.Result:
    """Success without problems, otherwise that code with all of them."""
    if not problems:
        return upgradecheck.Result(upgradecheck.Code.SUCCESS)
    return upgradecheck.Result(code, '; '.join(problems))


def _of_producers(conf: cfg.ConfigOpts, tx: sqlalchemy.Connection) -> Problems:
    table = tables.service_statuses.c
    hosts = sorted(tx.execute(sqlalchemy.select(table.hostname).where(
        table.service_name == 'producer', table.status == service_statuses.UP)).scalars())
    if len(hosts) < 2 or conf.coordination.backend_url:
        return []
    return [f'Producers report from {", ".join(hosts)}, but [coordination] backend_url is not '
            'set: each works for all zones']


def _of_queues(conf: cfg.ConfigOpts) -> Problems:
    """What is to say of queues that the operator wants otherwise than by default."""
    url = rabbit.with_defaults(conf, oslo_messaging.TransportURL.parse(conf), rabbit.DEFAULTS)
    if not url.transport.startswith(('rabbit', 'kombu')):
        return []
    return [f'[{rabbit.GROUP}] {name} is false: a broker that dies takes requests with it'
            for name in rabbit.QUORUM if not rabbit.is_on(conf, url, name)]
