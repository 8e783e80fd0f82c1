# SPDX-License-Identifier: Apache-2.0
"""The URLs of the API: one table, and how a path is looked up in it."""
import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from designate_like import errors
from designate_like import resources
from designate_like.api import actions
from designate_like.api import http
from designate_like.api import rest
from designate_like.api import zonefiles
from designate_like.resources import floatingips
from designate_like.resources import types


def _writable(recordsets: Any, ctx: Any, **ids: str) -> resources.Recordset:
    """A recordset that users may change: what they may not is refused before the body is read."""
    return recordsets.writable(ctx, **ids, verb='updated')


def _secret(request: http.Request, values: Mapping[str, Any]) -> None:
    """Refuse a TSIG key that proves nothing, where the configuration does."""
    if values.get('secret') == '' and not request.settings.empty_secrets:
        raise errors.InvalidObject('Provided object is not valid. secret: it must not be empty '
                                   '(allow_empty_secrets_for_tsig)')


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
TSIGKEYS = rest.Noun(resources.Tsigkey, 'tsigkeys', '/tsigkeys/{item.id}', check=_secret)
FLOATINGIPS = rest.Noun(
    resources.Floatingip, 'floatingips', '/reverse/floatingips/{item.id}', updated=202,
    present=lambda *_, **__: None)
SHARED_ZONES = rest.Noun(
    resources.SharedZone, 'shared_zones', '/zones/{item.zone_id}/shares/{item.id}',
    links=(('zone', '/zones/{item.zone_id}'),), located=False)
TRANSFER_REQUESTS = rest.Noun(
    resources.ZoneTransferRequest, 'zone_transfer_requests',
    '/zones/tasks/transfer_requests/{item.id}', word='transfer_requests', bodiless=True)
TRANSFER_ACCEPTS = rest.Noun(
    resources.ZoneTransferAccept, 'zone_transfer_accepts',
    '/zones/tasks/transfer_accepts/{item.id}', word='transfer_accepts', counted=True,
    links=(('zone', '/zones/{item.zone_id}'),))

TABLE: tuple[tuple[str, rest.Methods], ...] = (
    ('/zones', rest.Collection(ZONES).on('GET', 'POST')),
    ('/zones/{zone_id}', rest.Member(ZONES).on('GET', 'PATCH', 'DELETE')),
    ('/zones/{zone_id}/nameservers', {'GET': actions.nameservers}),
    ('/zones/{zone_id}/propagation', {'GET': actions.propagation}),
    ('/zones/{zone_id}/shares', rest.Collection(SHARED_ZONES).on('GET', 'POST')),
    ('/zones/{zone_id}/shares/{share_id}', rest.Member(SHARED_ZONES).on('GET', 'DELETE')),
    ('/zones/{zone_id}/tasks/xfr', {'POST': actions.xfr}),
    ('/zones/{zone_id}/tasks/abandon', {'POST': actions.abandon}),
    ('/zones/{zone_id}/tasks/pool_move', {'POST': actions.move}),
    ('/zones/{zone_id}/tasks/transfer_requests', rest.Collection(TRANSFER_REQUESTS).on('POST')),
    ('/zones/tasks/transfer_requests', rest.Collection(TRANSFER_REQUESTS).on('GET')),
    ('/zones/tasks/transfer_requests/{zone_transfer_request_id}',
     rest.Member(TRANSFER_REQUESTS).on('GET', 'PATCH', 'DELETE')),
    ('/zones/tasks/transfer_accepts', rest.Collection(TRANSFER_ACCEPTS).on('GET', 'POST')),
    ('/zones/tasks/transfer_accepts/{zone_transfer_accept_id}',
     rest.Member(TRANSFER_ACCEPTS).on('GET')),
    ('/zones/{zone_id}/tasks/export', {'POST': zonefiles.export_zone}),
    ('/zones/tasks/imports', {**rest.Collection(zonefiles.IMPORTS).on('GET'),
                              'POST': zonefiles.import_zone}),
    ('/zones/tasks/imports/{zone_import_id}', rest.Member(zonefiles.IMPORTS).on('GET', 'DELETE')),
    ('/zones/tasks/exports', rest.Collection(zonefiles.EXPORTS).on('GET')),
    ('/zones/tasks/exports/{zone_export_id}', rest.Member(zonefiles.EXPORTS).on('GET', 'DELETE')),
    ('/zones/tasks/exports/{zone_export_id}/export', {'GET': zonefiles.content}),
    # What openstacksdk asks for.
    ('/zones/tasks/export', rest.Collection(zonefiles.EXPORTS).on('GET')),
    ('/zones/tasks/export/{zone_export_id}', rest.Member(zonefiles.EXPORTS).on('GET', 'DELETE')),
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
    ('/reverse', {}),
    ('/reverse/floatingips', {'GET': actions.floatingips}),
    ('/reverse/floatingips/{floatingip_id}', rest.Member(FLOATINGIPS).on('GET', 'PATCH')),
    ('/quotas', {'GET': actions.get_quotas}),
    ('/quotas/{project_id}', {'GET': actions.get_quotas, 'PATCH': actions.set_quotas,
                              'DELETE': actions.reset_quotas}),
    ('/limits', {'GET': actions.limits}),
)

# Slots that take any text; every other takes a UUID.
_TEXT = {'project_id': 36}

# And those that take a word.
_ANY = {'report'}


class Node:
    """What may follow one part of a path."""

    def __init__(self) -> None:
        self.words: dict[str, Node] = {}
        self.slot: tuple[str, Node] | None = None
        self.methods: rest.Methods | None = None


class Router:
    """A table of URLs, as a tree."""

    def __init__(self, table: Sequence[tuple[str, rest.Methods]] = TABLE) -> None:
        self._top = Node()
        # They are never an id, wherever one could stand.
        self._words = {word for template, _ in table for word in template.split('/')}
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
            elif node.slot and part not in self._words:
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
    :raises BadRequest: for a floating IP that is not region:id.
    """
    for name, value in slots.items():
        if name in _TEXT:
            if len(value) > _TEXT[name]:
                raise errors.InvalidProject(f"'{value}' is not the id of a project")
        elif name == 'floatingip_id':
            if not floatingips.is_id(value):
                raise errors.BadRequest(f"'{value}' is not a floating IP, which is region:id")
        elif name not in _ANY and not types.is_uuid(value):
            raise errors.InvalidUuid(f'Invalid UUID {name}: {value}')
