# SPDX-License-Identifier: Apache-2.0
"""Reading api-paste.ini; a file that names the factories of OpenStack Designate is read as ours.

Such a file is what an operator already has. Where it names a factory of ``designate.``, ours
takes its place: a filter by the name of its section, an application by the API that the factory
is of. A filter that has no counterpart here is left out.
"""
import configparser
import logging
import pathlib
from collections.abc import Callable

from paste.deploy import loadwsgi

from designate_like import errors
from designate_like.api import faults

LOG = logging.getLogger(__name__)

_FORMER = ('designate.', 'call:designate.')
_FACTORIES = ('use', 'paste.composite_factory', 'paste.app_factory', 'paste.filter_factory')

_FILTERS = {
    'faultwrapper': 'designate_like.api.faults:filter_factory',
    'keystonecontext': 'designate_like.api.auth:keystone_factory',
    'noauthcontext': 'designate_like.api.auth:noauth_factory',
    'maintenance': 'designate_like.api.auth:maintenance_factory',
}
# What the applications themselves do here.
_DONE_ELSEWHERE = ('validation_API_v2', 'normalizeuri')
_APPS = {
    'versions': 'designate_like.api.versions:app_factory',
    'admin': 'designate_like.api.admin:app_factory',
    'v2': 'designate_like.api.app:app_factory',
}


def load(path: pathlib.Path) -> faults.WsgiApp:
    """Make the application that a file describes.

    It is the section ``main``, or the only composite by URL where there is none of that name.

    :raises ConfigurationError: naming the file and what is wrong in it.
    """
    try:
        loader = loadwsgi.ConfigLoader(str(path))
        for section in loader.parser.sections():
            _adapt(loader.parser, section)
        return loader.get_context(loadwsgi.APP, _main(loader.parser), {}).create()
    except (configparser.Error, LookupError, ImportError, AttributeError, ValueError,
            OSError) as problem:
        # A parser says it in several lines.
        reason = ' '.join(str(problem).split())
        raise errors.ConfigurationError(f'{path}: {reason}') from problem


def passed_by(global_conf: dict[str, str],
              **local_conf: str) -> Callable[[faults.WsgiApp], faults.WsgiApp]:
    """Make a filter that does nothing."""
    return lambda app: app


def _main(parser: configparser.ConfigParser) -> str:
    if parser.has_section('composite:main'):
        return 'main'
    found = [section.partition(':')[2] for section in parser.sections()
             if section.startswith('composite:') and parser.get(section, 'use', fallback='')
             == 'egg:Paste#urlmap']
    if len(found) != 1:
        raise ValueError('there must be a section [composite:main], or one composite alone that '
                         'uses egg:Paste#urlmap')
    return found[0]


def _adapt(parser: configparser.ConfigParser, section: str) -> None:
    """Have a section name our factories where it names those of Designate."""
    kind, _, name = section.partition(':')
    for option in _FACTORIES:
        former = parser.get(section, option, fallback='')
        if not former.startswith(_FORMER):
            continue
        parser.remove_option(section, option)
        if kind == 'filter':
            if name not in _FILTERS and name not in _DONE_ELSEWHERE:
                LOG.warning('The filter %s of the paste file is left out: there is no %s here',
                            name, former)
            parser.set(section, 'paste.filter_factory',
                       _FILTERS.get(name, f'{__name__}:passed_by'))
        elif kind == 'composite':
            _adapt_composite(parser, section)
        else:
            parser.set(section, 'paste.app_factory', _app(section, former))


def _adapt_composite(parser: configparser.ConfigParser, section: str) -> None:
    if any(option.startswith('/') for option in parser.options(section)):
        parser.set(section, 'use', 'egg:Paste#urlmap')
        return
    room = 'admin:composite' if 'admin' in section.lower() else 'wsgi:by_strategy'
    parser.set(section, 'paste.composite_factory', f'designate_like.api.{room}')


def _app(section: str, former: str) -> str:
    """Our application that stands for a former one.

    :raises ValueError: when there is none, as for an API of long ago.
    """
    for name, factory in _APPS.items():
        if name in former.rpartition('designate.')[2]:
            return factory
    raise ValueError(f'[{section}]: there is no {former} here')
