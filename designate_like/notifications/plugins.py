# SPDX-License-Identifier: Apache-2.0
"""The forms of notifications about changes: the whole thing, or what changed of it.

A plug-in of your own is a class with the method ``payloads`` of :class:`Default`, under a name
in the entry point group ``designate_like.notification.plugin``, named by ``notification_plugin``.
"""
from collections.abc import Iterator
from typing import Any

import stevedore

from designate_like import errors
from designate_like import resources
from designate_like.notifications import payloads
from designate_like.resources import base

NAMESPACE = 'designate_like.notification.plugin'


class Default:
    """One notification, with all there is to say about the thing."""

    def payloads(self, event: str, thing: base.Resource, old: base.Resource | None,
                 changes: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The payload of each notification to send about a change.

        :param event: the noun and the verb, ``zone.create``.
        :param thing: as it is now or, if it was deleted, as it was.
        :param old: as it was, when somebody has updated it.
        :param changes: members of the payload that are not as the thing says.
        """
        yield {**payloads.of(thing), **changes}


class Audit:
    """One notification for each member that somebody has changed."""

    def payloads(self, event: str, thing: base.Resource, old: base.Resource | None,
                 changes: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The payloads; what the service itself changes, such as the status, is not told."""
        about = _about(thing)
        if not event.endswith('.update'):
            yield {**about, 'old_data': None, 'new_data': None, 'changed_field': None}
            return
        old = old or thing
        before, after = payloads.of(old), payloads.of(thing)
        for name, spec in thing.SPECS.items():
            if spec.write and spec.view and getattr(old, name) != getattr(thing, name):
                yield {**about, 'changed_field': name, 'old_data': _datum(name, before),
                       'new_data': _datum(name, after)}


def _about(thing: base.Resource) -> dict[str, Any]:
    is_zone = isinstance(thing, resources.Zone)
    return {'zone_name': thing.name if is_zone else getattr(thing, 'zone_name', None),
            'zone_id': thing.id if is_zone else getattr(thing, 'zone_id', None),
            'recordset_name': thing.name if isinstance(thing, resources.Recordset) else None}


def _datum(name: str, payload: dict[str, Any]) -> Any:
    return ' '.join(each['data'] for each in payload[name]) if name == 'records' else payload[name]


def load(name: str) -> Any:
    """The plug-in of that name.

    :raises ConfigurationError: when none has it.
    """
    found = stevedore.ExtensionManager(NAMESPACE)
    if name not in found.names():
        raise errors.ConfigurationError(
            f'notification_plugin: {name!r} is not one of {", ".join(sorted(found.names()))}')
    return found[name].plugin()
