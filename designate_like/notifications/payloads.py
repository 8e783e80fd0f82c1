# SPDX-License-Identifier: Apache-2.0
"""What a notification says about a thing: a map with the names that consumers know.

They are those of the API but for projects, which were called tenants when notifications were
first sent. Secrets stay at home: whoever may listen to notifications need not be allowed to
transfer zones.
"""
import uuid
from typing import Any

from designate_like import resources
from designate_like.resources import base

_SECRET = {('tsigkey', 'secret'), ('zone_transfer_request', 'key'),
           ('zone_transfer_accept', 'key')}

_TENANT = {'project_id': 'tenant_id', 'target_project_id': 'target_tenant_id'}


def of(thing: base.Resource) -> dict[str, Any]:
    """Everything about a thing that others may know, as JSON values."""
    shown = {name: None if (thing.NOUN, name) in _SECRET else value
             for name, value in thing.view().items()}
    if not isinstance(thing, resources.SharedZone):     # There were none in those days.
        shown = {_TENANT.get(name, name): value for name, value in shown.items()}
    if isinstance(thing, resources.Zone):
        del shown['shared']
        return {**shown, **_zone(thing)}
    if isinstance(thing, resources.Recordset):
        return {**shown, 'records': [
            _record(thing, text, next(filter(None, wanting), None))
            for text, wanting in thing.holders.items()]}
    return shown


def _zone(zone: resources.Zone) -> dict[str, Any]:
    """What the API does not show of a zone; some names only have their resting value here."""
    return {'shard': zone.shard, 'refresh': zone.refresh, 'retry': zone.retry,
            'expire': zone.expire, 'minimum': zone.minimum, 'parent_zone_id': None,
            'delayed_notify': False, 'increment_serial': False, 'deleted': '0',
            'deleted_at': None}


def _record(recordset: resources.Recordset, text: str,
            owner: resources.Owner | None) -> dict[str, Any]:
    """One record of a recordset; its id is made of the recordset's and its text."""
    id_ = uuid.uuid5(uuid.UUID(recordset.id), text)
    managed = owner is not None or (recordset.managed and not recordset.claims)
    return {'id': str(id_), 'hash': id_.hex, 'data': text, 'description': None,
            'status': recordset.status, 'action': recordset.action,
            'serial': recordset.serial % 2**32, 'managed': managed,
            'managed_extra': None, **_owner(owner)}


def _owner(owner: resources.Owner | None) -> dict[str, str | None]:
    """For whom the service keeps a record, if it does for anyone."""
    members = owner.dump() if owner else dict.fromkeys(resources.Owner.FIELDS)
    members['tenant_id'] = members.pop('project_id')
    return {f'managed_{name}': value for name, value in members.items()}
