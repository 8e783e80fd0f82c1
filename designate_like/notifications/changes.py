# SPDX-License-Identifier: Apache-2.0
"""Telling others of a change that is done, and never in the way of who has done it."""
import logging
from typing import Any

import oslo_messaging
from oslo_config import cfg

from designate_like import conf as configuration
from designate_like import context
from designate_like import errors
from designate_like.notifications import plugins
from designate_like.notifications import publisher
from designate_like.resources import base

LOG = logging.getLogger(__name__)

# Zones were once called domains; consumers of either name are told.
_TWICE = ('zone.create', 'zone.update', 'zone.delete', 'zone.exists')


def names(event: str) -> tuple[str, ...]:
    """The types of the notifications about an event such as ``zone.create``."""
    if event in _TWICE:
        return f'dns.{event}', 'dns.' + event.replace('zone', 'domain')
    return f'dns.{event}',


def check(conf: cfg.ConfigOpts) -> None:
    """Refuse a plug-in, or a bus of notifications, that is none, without connecting.

    :raises ConfigurationError: one sentence.
    """
    plugins.load(conf.notification_plugin)
    try:
        oslo_messaging.get_notification_transport(conf).cleanup()
    except (oslo_messaging.InvalidTransportURL, oslo_messaging.DriverLoadFailure,
            ValueError) as problem:
        place = configuration.place(conf, 'transport_url', 'oslo_messaging_notifications')
        raise errors.ConfigurationError(f'{place}: {problem}') from problem


class Changes:
    """Notifications about changes, in the form that the configured plug-in gives them."""

    def __init__(self, conf: cfg.ConfigOpts, publisher_: publisher.Publisher) -> None:
        """Load the plug-in.

        :raises ConfigurationError: when there is none of the configured name.
        """
        self._plugin = plugins.load(conf.notification_plugin)
        self._publisher = publisher_

    @property
    def enabled(self) -> bool:
        """Whether anybody is told."""
        return self._publisher.enabled

    def tell(self, ctx: context.RequestContext, event: str, thing: base.Resource,
             old: base.Resource | None = None, **changes: Any) -> None:
        """Tell of a change that has been committed; whatever goes wrong is only logged.

        :param event: the noun and the verb, ``zone.create``.
        :param thing: as it is now or, if it was deleted, as it was.
        :param old: as it was, when somebody has updated it; the same object if nothing has changed.
        :param changes: members of the payload that are not as the thing says.
        """
        if not self.enabled or thing is old:
            return
        try:
            for payload in self._plugin.payloads(event, thing, old, changes):
                for name in names(event):
                    self._publisher.send(ctx, name, payload)
        except Exception:
            LOG.exception('Notifications about %s are lost', event)
