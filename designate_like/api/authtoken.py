# SPDX-License-Identifier: Apache-2.0
"""Tokens: keystonemiddleware's filter, with errors as the API tells them."""
import logging
from typing import Any

import webob
import webob.exc
from keystoneauth1 import exceptions
from keystoneauth1 import loading
from keystonemiddleware import auth_token

from designate_like import conf
from designate_like import errors
from designate_like.api import auth
from designate_like.api import faults

LOG = logging.getLogger(__name__)

GROUP = 'keystone_authtoken'

# Seconds that a connection to Keystone may take unless http_connect_timeout says otherwise;
# keystonemiddleware by itself waits for ever, and with it a thread of the API.
_TIMEOUT = 10

# What there must be, of each line at least one.
_NEEDED = (
    ('auth_type',),
    ('auth_url',),
    ('username', 'user_id'),
    ('password',),
)


class AuthToken(auth_token.AuthProtocol):
    """Asks Keystone whose token came with a request."""

    def process_request(self, request: webob.Request) -> webob.Response | None:
        """Find out who asks, or refuse.

        :raises Unavailable: when Keystone cannot be reached, or does not know this service.
        """
        try:
            return super().process_request(request)
        except webob.exc.HTTPServiceUnavailable:
            raise errors.Unavailable() from None      # The reason is in the log already.
        except exceptions.ClientException as problem:
            LOG.error('[%s]: %s', GROUP, problem)
            raise errors.Unavailable() from None


def filter_factory(global_conf: dict[str, str], **local_conf: str) -> auth.Filter:
    """Make the filter for PasteDeploy.

    :raises ConfigurationError: for settings with which no token could ever be checked.
    """
    def wrap(app: faults.WsgiApp) -> faults.WsgiApp:
        for _, options in auth_token.list_opts():
            conf.CONF.register_opts(options, GROUP)
        conf.CONF.set_default('http_connect_timeout', _TIMEOUT, GROUP)
        _check(conf.CONF[GROUP].auth_section or GROUP)
        return faults.guard(AuthToken(app, {**global_conf, **local_conf}))
    return wrap


def _check(group: str) -> None:
    """Refuse settings that lack what authentication with Keystone needs.

    :raises ConfigurationError: naming the section and what is missing.
    """
    loading.register_auth_conf_options(conf.CONF, group)
    options: Any = conf.CONF[group]
    if options.auth_type:
        try:
            loader = loading.get_plugin_loader(options.auth_type)
        except exceptions.NoMatchingPlugin as problem:
            raise errors.ConfigurationError(f'[{group}] auth_type: {problem}') from None
        conf.CONF.register_opts(loading.get_auth_plugin_conf_options(loader), group)
    # Which options there are is a matter of auth_type.
    missing = [' or '.join(names) for names in _NEEDED
               if names[0] in options and not any(getattr(options, name) for name in names)]
    if missing:
        raise errors.ConfigurationError(
            f'[{group}]: {", ".join(missing)} must be set for auth_strategy keystone')
