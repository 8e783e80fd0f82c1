# SPDX-License-Identifier: Apache-2.0
"""The configuration: one file per section, and the one place that reads files and arguments.

Every option is registered on the global ``CONF`` when this package is imported, because
oslo.messaging looks there whatever object it is handed. A role reads its options where it is
built and passes the values down.
"""
import logging
import pathlib
import re
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg
from oslo_log import formatters
from oslo_log import log

from designate_like.conf import opts

PROJECT = 'designate_like'
FORMER = 'designate'        # The project whose files are read where there are none of ours.

CONF = cfg.CONF

log.register_options(CONF)
for _section in opts.SECTIONS:
    _section.register_opts(CONF)

_summary = formatters._get_error_summary


def _summary_where_wanted(record: logging.LogRecord) -> str:
    """What oslo.log, which has no option for it, adds to a line about the exception at hand.

    Our own lines say what matters of it, unless they come with its traceback.
    """
    ours = record.name.partition('.')[0] == PROJECT
    return '' if ours and not record.exc_info else _summary(record)


formatters._get_error_summary = _summary_where_wanted


def load(args: Sequence[str], default_config_files: Sequence[str] | None = None,
         **overrides: Any) -> cfg.ConfigOpts:
    """Read the command line and the configuration files, and set up logging.

    :param args: the command line without the program's name.
    :param default_config_files: files to read when the command line names none; by default
        ``/etc/designate_like/designate_like.conf`` and its ``.conf.d`` directory or, where
        there is neither, those of ``/etc/designate``.
    :param overrides: options of [DEFAULT] that hold whatever the files say.
    :returns: ``CONF``.
    :raises: oslo_config.cfg.Error when a file or a value is wrong.
    """
    CONF(list(args), project=_project() if default_config_files is None else PROJECT,
         default_config_files=default_config_files)
    for name, value in overrides.items():
        CONF.set_override(name, value)
    # Without a log file, lines go beside what a program prints and not into it.
    CONF.set_default('use_stderr', not (CONF.log_file or CONF.log_dir))
    _begin_log()
    _check_values()     # Now, so that what it says of outdated names is in the log.
    return CONF


def _begin_log() -> None:
    """Set up logging.

    :raises: oslo_config.cfg.Error when its configuration, or its file, cannot be opened.
    """
    try:
        log.setup(CONF, PROJECT)
    except log.LogConfigError as problem:
        raise cfg.Error(f"{place(CONF, 'log_config_append')}: {problem}") from problem
    except OSError as problem:
        name = 'log_file' if CONF.log_file else 'log_dir'
        raise cfg.Error(f'{place(CONF, name)}: {problem}') from problem


def place(conf: cfg.ConfigOpts, name: str, group: str | None = None) -> str:
    """Where an option stands, for a sentence about its value: ``file: [section] option``."""
    option = f'[{group or "DEFAULT"}] {name}'
    location = conf.get_location(name, group)
    found = location and location.location is cfg.Locations.user
    return f'{location.detail}: {option}' if found else option


def files_in(directory: str) -> list[str]:
    """The configuration file in a directory: ours or, where that is not there, Designate's."""
    names = [pathlib.Path(directory, f'{project}.conf') for project in (PROJECT, FORMER)]
    return [str(next((each for each in names if each.exists()), names[0]))]


def _project() -> str:
    """The project whose files are found in the usual places."""
    found = {project: cfg.find_config_files(project, prog=project)
             + cfg.find_config_dirs(project, prog=project) for project in (PROJECT, FORMER)}
    return FORMER if found[FORMER] and not found[PROJECT] else PROJECT


def _check_values() -> None:
    """Read every option once: a wrong value shows at the start, not at its first use.

    :raises: oslo_config.cfg.ConfigFileValueError naming the file, the option and the rule.
    """
    for group, options in opts.list_opts():
        name, section = (group.name, CONF[group.name]) if group else ('DEFAULT', CONF)
        for option in options:
            try:
                section[option.dest]
            except cfg.ConfigFileValueError as problem:
                # What oslo.config says names the file in the notation of a Python object.
                file = re.search("detail='(.*?)'", str(problem))
                raise cfg.ConfigFileValueError(
                    f'{file and file[1]}: [{name}] {option.name}: '
                    f'{problem.__context__}') from None
