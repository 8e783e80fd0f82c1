# SPDX-License-Identifier: Apache-2.0
"""The URLs of the API: one table, and how a path is looked up in it."""
import dataclasses
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.api import actions
from designate_like.api import rest
from designate_like.resources import types


def _writable(recordsets: Any, ctx: Any, **ids: str) -> resources.Recordset:
    """A recordset that users may change: what they may not is refused before the body is read."""
    return recordsets.writable(ctx, **ids, verb='updated')


ZONES = rest.Noun(
    resources.Zone, 'zones', '/zones/{item.id}', settles=True, counted=True,
    sort_keys=(*resources.Zone.names('sort'), 'tenant_id'))
RECORDSETS = rest.Noun(
    resources.Recordset, 'recordsets', '/zones/{item.zone_id}/recordsets/{item.id}',
    settles=True, present=_writable, counted=True, countless=True, filters=('data',),
    sort_keys=(*resources.Recordset.names('sort'), 'tenant_id'))
ALL_RECORDSETS = dataclasses.replace(
    RECORDSETS, filters=('data', 'zone_id'),
    sort_keys=tuple(key for key in RECORDSETS.sort_keys if key != 'id'))
POOLS = rest.Noun(
    resources.Pool, 'pools', '/pools/{item.id}', updated=202)
SERVICE_STATUSES = rest.Noun(
    resources.ServiceStatus, 'service_statuses', '/service_statuses/{item.id}')
TLDS = rest.Noun(resources.Tld, 'tlds', '/tlds/{item.id}')
BLACKLISTS = rest.Noun(resources.Blacklist, 'blacklists', '/blacklists/{item.id}')
TSIGKEYS = rest.Noun(resources.Tsigkey, 'tsigkeys', '/tsigkeys/{item.id}')

TABLE: tuple[tuple[str, rest.Methods], ...] = (
    ('/zones', rest.Collection(ZONES).on('GET', 'POST')),
    ('/zones/{zone_id}', rest.Member(ZONES).on('GET', 'PATCH', 'DELETE')),
    ('/zones/{zone_id}/nameservers', {'GET': actions.nameservers}),
    ('/zones/{zone_id}/recordsets', rest.Collection(RECORDSETS).on('GET', 'POST')),
    ('/zones/{zone_id}/recordsets/{recordset_id}',
     rest.Member(RECORDSETS).on('GET', 'PUT', 'DELETE')),
    ('/recordsets', rest.Collection(ALL_RECORDSETS, zone_id=None).on('GET')),
    ('/recordsets/{recordset_id}', {'GET': actions.locate_recordset}),
    ('/pools', rest.Collection(POOLS).on('GET', 'POST')),
    ('/pools/{pool_id}', rest.Member(POOLS).on('GET', 'PATCH', 'DELETE')),
    ('/tlds', rest.Collection(TLDS).on('GET', 'POST')),
    ('/tlds/{tld_id}', rest.Member(TLDS).on('GET', 'PATCH', 'DELETE')),
    ('/blacklists', rest.Collection(BLACKLISTS).on('GET', 'POST')),
    ('/blacklists/{blacklist_id}', rest.Member(BLACKLISTS).on('GET', 'PATCH', 'DELETE')),
    ('/tsigkeys', rest.Collection(TSIGKEYS).on('GET', 'POST')),
    ('/tsigkeys/{tsigkey_id}', rest.Member(TSIGKEYS).on('GET', 'PATCH', 'DELETE')),
    ('/service_statuses', rest.Collection(SERVICE_STATUSES).on('GET')),
    ('/service_statuses/{status_id}', rest.Member(SERVICE_STATUSES).on('GET')),
    ('/service_status', rest.Collection(SERVICE_STATUSES).on('GET')),
    ('/service_status/{status_id}', rest.Member(SERVICE_STATUSES).on('GET')),
    ('/quotas', {'GET': actions.get_quotas}),
    ('/quotas/{project_id}', {'GET': actions.get_quotas, 'PATCH': actions.set_quotas,
                              'DELETE': actions.reset_quotas}),
    ('/limits', {'GET': actions.limits}),
)

# Slots that take any text; every other takes a UUID.
_TEXT = {'project_id': 36}

# Words that are never an id, because they are or will be parts of URLs.
_WORDS = {'tasks', *(word for template, _ in TABLE for word in template.split('/'))}


class Node:
    """What may follow one part of a path."""

    def __init__(self) -> None:
        self.words: dict[str, Node] = {}
        self.slot: tuple[str, Node] | None = None
        self.methods: rest.Methods | None = None


class Router:
    """A table of URLs, as a tree."""

    def __init__(self, table: Iterable[tuple[str, rest.Methods]] = TABLE) -> None:
        self._top = Node()
        for template, methods in table:
            node = self._top
            for part in template.strip('/').split('/'):
                if part.startswith('{'):
                    node.slot = node.slot or (part.strip('{}'), Node())
                    node = node.slot[1]
                else:
                    node = node.words.setdefault(part, Node())
            node.methods = methods

    def match(self, parts: Sequence[str]) -> tuple[rest.Methods, dict[str, str]]:
        """The handlers of a path, and the values of its slots, which are not checked yet.

        :raises NotFound: when the table has no such path.
        """
        node, slots = self._top, {}
        for part in parts:
            if part in node.words:
                node = node.words[part]
            elif node.slot and part not in _WORDS:
                name, node = node.slot
                slots[name] = part
            else:
                raise errors.NotFound()
        if node.methods is None or parts[-1].endswith('.json'):
            raise errors.NotFound()
        return node.methods, slots


def check(slots: dict[str, str]) -> None:
    """Refuse values that cannot be what their slots are for.

    :raises InvalidUuid: naming the slot and the value.
    :raises InvalidProject: for an id longer than any.
    """
    for name, value in slots.items():
        if name in _TEXT:
            if len(value) > _TEXT[name]:
                raise errors.InvalidProject(f"'{value}' is not the id of a project")
        elif not types.is_uuid(value):
            raise errors.InvalidUuid(f'Invalid UUID {name}: {value}')
