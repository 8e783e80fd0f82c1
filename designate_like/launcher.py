# SPDX-License-Identifier: Apache-2.0
"""Running a role in processes of its own: how they begin, follow SIGHUP, and end."""
import contextlib
import importlib.metadata
import logging
import os
import sys
import types
from typing import Any

from oslo_config import cfg
from oslo_reports import guru_meditation_report
from oslo_reports import opts as report_options
from oslo_service import service as oslo_service

from designate_like import conf as configuration
from designate_like import errors
from designate_like import metrics
from designate_like import rpc
from designate_like import service

LOG = logging.getLogger(__name__)

# What says in one sentence why a role cannot work.
REFUSALS = (errors.Error, cfg.Error, OSError)


def launch(conf: cfg.ConfigOpts, role: service.Service) -> int:
    """Run a role in as many processes as its option ``workers`` says, until it is told to stop.

    :returns: the exit code of the program.
    """
    metrics.forget(service.metrics_of(conf, role.name))
    _write_reports_on_request(conf)
    role.alone = False
    for place in role.places():
        LOG.info('%s serves %s', role.name, place)
    launched = oslo_service.launch(
        conf, _Process(role), workers=role.options.workers or os.cpu_count() or 1,
        restart_method='reload')
    _survive_reload(launched._manager)
    _replace_when_right(conf, role, launched._manager)
    try:
        return launched.wait()
    finally:        # It may end by SystemExit.
        if conf.heartbeat_emitter.emitter_type == 'rpc':
            # One process is replaced now and then while others go on; the host has stopped now.
            central = rpc.Client(rpc.get_transport(conf), conf['service:central'].topic)
            service.report_stopped(central, role.name, conf.host)


class _Process(oslo_service.ServiceBase):
    """A role in one of its processes.

    One that dies is replaced, and files may have become wrong meanwhile.
    """

    def __init__(self, role: service.Service) -> None:
        self._role = role

    def start(self) -> None:
        try:
            self._role.start()
        except REFUSALS as problem:
            LOG.error('%s cannot start: %s', self._role.name, configuration.located(str(problem)))
            sys.exit(1)

    def stop(self) -> None:
        self._role.stop()

    def wait(self) -> None:
        self._role.wait()

    def reset(self) -> None:
        self._role.reset()


def _replace_when_right(conf: cfg.ConfigOpts, role: service.Service, manager: Any) -> None:
    """On SIGHUP, have new processes only if the role could start as the files are now.

    Those that replace the present ones read files too, such as the policy. With a wrong one they
    would end as soon as they begin, again and again.
    """
    replace = manager._reload

    def check() -> None:
        try:
            role.check(conf, wait=False)
        except REFUSALS as problem:
            raise cfg.Error(configuration.located(str(problem))) from problem
        except Exception as problem:        # Such as what somebody else's filter raises.
            raise cfg.Error(repr(problem)) from problem

    def reload() -> None:
        if configuration.reload(check):
            replace()
    manager._reload = reload


def _survive_reload(manager: Any) -> None:
    """Go on replacing processes that die when SIGHUP comes during a pause between them.

    SIGHUP empties the list from which cotyledon, after the pause, takes the first entry.
    """
    pause = manager._slowdown_respawn_if_needed

    def survive() -> None:
        with contextlib.suppress(IndexError):
            pause()
    manager._slowdown_respawn_if_needed = survive


def _write_reports_on_request(conf: cfg.ConfigOpts) -> None:
    """Have each process write what it is doing, as [oslo_reports] says, on SIGUSR2."""
    report_options.set_defaults(conf)      # It registers them.
    version = types.SimpleNamespace(
        product_string=lambda: 'designate_like',
        version_string_with_package=lambda: importlib.metadata.version('designate_like'))
    guru_meditation_report.TextGuruMeditation.setup_autorun(version, conf=conf)
