# SPDX-License-Identifier: Apache-2.0
"""The configuration: one file per section, and the one place that reads files and arguments.

Every option is registered on the global ``CONF`` when this package is imported, because
oslo.messaging looks there whatever object it is handed. A role reads its options where it is
built and passes the values down.
"""
import contextlib
import logging
import pathlib
import re
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from oslo_config import cfg
from oslo_log import formatters
from oslo_log import log

from designate_like.conf import opts

LOG = logging.getLogger(__name__)

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

_files: dict[tuple[str, str], str] = {}     # Where each option of each section was set last.
_add_file = cfg._Namespace._add_parsed_config_file


def _add_file_and_remember(namespace: cfg._Namespace, file: str, sections: Any,
                           normalized: dict[str, dict[str, Any]]) -> None:
    """Take in what was read; oslo.config only remembers the last file that has a section."""
    _files.update(((section, name), file) for section, options in normalized.items()
                  for name in options)
    _add_file(namespace, file, sections, normalized)


cfg._Namespace._add_parsed_config_file = _add_file_and_remember


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
    begin_log()
    _check_values()     # Now, so that what it says of outdated names is in the log.
    return CONF


def reload(check: Callable[[], None]) -> bool:
    """Read the files again; unless all is right what was in force stays so, and the log says why.

    :param check: raises oslo_config.cfg.Error when what has been read, which is in force then,
        will not do.
    """
    before, places = CONF._namespace, dict(_files)
    try:
        _put_in_force(CONF._reload_config_files())
        _check_values()
        check()
        begin_log()
    except cfg.Error as problem:
        _files.clear()
        _files.update(places)
        _put_in_force(before)
        with contextlib.suppress(cfg.Error):    # Its file may be gone with its directory.
            begin_log()
        LOG.error('What the configuration was before stays in force: %s', problem)
        return False
    LOG.info('The configuration was read again')
    return True


def _put_in_force(namespace: cfg._Namespace) -> None:
    CONF._namespace = namespace
    CONF._ConfigOpts__cache.clear()


def begin_log() -> None:
    """Set up logging, also when the configuration was read again.

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
    if not location or location.location is not cfg.Locations.user:
        return option
    return f"{_files.get((group or 'DEFAULT', name), location.detail)}: {option}"


def located(sentence: str) -> str:
    """A sentence about an option, ``[section] option: ...``, with the file that sets it."""
    found = re.match(r'\[([\w:]+)\] (\w+)(?=: )', sentence)
    try:
        return place(CONF, found[2], found[1]) + sentence[found.end():] if found else sentence
    except (cfg.NoSuchGroupError, cfg.NoSuchOptError):
        return sentence


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
        name = group.name if group else 'DEFAULT'
        for option in options:
            try:
                CONF._get(option.dest, group)
            except cfg.ConfigFileValueError as problem:
                # What oslo.config says names the file in the notation of a Python object.
                found = re.search("detail='(.*?)'", str(problem))
                file = _files.get((name, option.dest), found and found[1])
                raise cfg.ConfigFileValueError(
                    f'{file}: [{name}] {option.name}: '
                    f'{problem.__context__}') from None
