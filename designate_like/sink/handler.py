# SPDX-License-Identifier: Apache-2.0
"""What a handler is: a function from a notification to the records that a thing is to have.

A handler of your own is a subclass of :class:`Handler` under a name in the entry point group
``designate_like.notification.handler``; ``designate.notification.handler`` is looked at too. Its
options stand in ``[handler:<name>]``. It neither asks nor changes anything: the same notification
gives the same answer, however often it comes.
"""
import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import ClassVar

import stevedore
from oslo_config import cfg

from designate_like import errors
from designate_like.conf import sink as options

# Where two have one name, ours is taken.
NAMESPACES = ('designate.notification.handler', 'designate_like.notification.handler')


@dataclasses.dataclass(frozen=True)
class Notification:
    """A notification, as its publisher sent it."""
    event: str                      # its type, such as compute.instance.create.end
    context: Mapping[str, Any]      # who caused it
    payload: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a thing is to have in the handler's zone: these recordsets and no others.

    The recordsets are bodies as the API takes them. With none, the thing's records are taken
    away from all zones.
    """
    owner: Mapping[str, str | None]     # the members of a resources.Owner
    recordsets: Sequence[Mapping[str, Any]] = ()


class Handler:
    """The base of handlers."""

    #: The types of the events that it takes.
    events: Sequence[str] = ()

    #: What owns the records that it makes, such as ``instance``.
    resource_type: ClassVar[str]

    #: The options of its section: those of conf.sink, and its own.
    OPTIONS: ClassVar[Sequence[cfg.Opt]]

    def __init__(self, name: str, section: cfg.ConfigOpts.GroupAttr) -> None:
        """Read the options.

        :raises ConfigurationError: when they are wrong.
        """
        self.name = name
        zone_id = getattr(section, 'zone_id', None)     # Not every handler makes records.
        self.zone_id: str | None = zone_id and zone_id.lower()
        self.exchange: str = section.control_exchange
        self.topics: Sequence[str] = section.notification_topics

    def wanted(self, notification: Notification, zone: str) -> Wanted | None:
        """The records that the notification asks for; None when it asks for nothing.

        :param zone: the name of the handler's zone, with the final dot.
        :raises Exception: when the notification is not understood; it is logged and dropped.
        """
        raise NotImplementedError

    def owner(self, resource_id: str, project_id: str | None = None) -> dict[str, str | None]:
        """The tag of what is made for a thing."""
        return {'plugin_type': 'handler', 'plugin_name': self.name,
                'resource_type': self.resource_type, 'resource_id': resource_id,
                'project_id': project_id}


def load(conf: cfg.ConfigOpts, names: Sequence[str]) -> list[Handler]:
    """Make the handlers of these names.

    :raises ConfigurationError: when there is none of a name, or it cannot be used.
    """
    failed: dict[str, BaseException] = {}

    def note(manager: Any, entry: Any, error: BaseException) -> None:
        failed[entry.name] = error
    found = {each.name: each.plugin for namespace in NAMESPACES
             for each in stevedore.ExtensionManager(
                 namespace, on_load_failure_callback=note)}
    for name in names:
        if name not in found:
            why = f'cannot be loaded: {failed[name]}' if name in failed else \
                f'is not one of {", ".join(sorted(found))}'
            raise errors.ConfigurationError(
                f'[service:sink] enabled_notification_handlers: {name!r} {why}')
        if not (isinstance(found[name], type) and issubclass(found[name], Handler)):
            raise errors.ConfigurationError(
                f'[service:sink] enabled_notification_handlers: {name!r} is not a subclass of '
                f'{Handler.__module__}.{Handler.__qualname__}')
        options.register(conf, name, found[name].OPTIONS)
    return [found[name](name, conf[f'handler:{name}']) for name in dict.fromkeys(names)]
