# SPDX-License-Identifier: Apache-2.0
"""A zone: the part of the name space that a project manages, as a sequence of versions."""
import datetime
from typing import Any

from designate_like import errors
from designate_like.resources import base
from designate_like.resources import lifecycle
from designate_like.resources import shards
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import derived
from designate_like.resources.base import field

PRIMARY, SECONDARY, CATALOG = 'PRIMARY', 'SECONDARY', 'CATALOG'
_TTL = types.Integer(0, 2**31 - 1)


@base.resource('zone')
class Zone(base.Resource):
    """A zone; ``serial`` is what it should be, ``settled_serial`` what its servers show."""
    id: str = field(types.UUID(), primary_key=True, echo=True, sort=True)
    pool_id: str = field(types.UUID(), write=(CREATE,), null='absent', echo=True)
    project_id: str = field(types.Text(36), echo=True)
    name: str = field(types.Name(), write=(CREATE,), required=True, echo=True, match=True,
                      sort=True)
    email: str = field(types.Email(), write=(CREATE, UPDATE), null='absent', match=True)
    description: str | None = field(types.Text(160), write=(CREATE, UPDATE), null='keep',
                                    match=True)
    ttl: int = field(_TTL, write=(CREATE, UPDATE), null='keep', match=True, sort=True)
    serial: int = field(types.Serial(), echo=True, sort=True)
    shared: bool = field(types.Boolean(), default=False, stored=False)

    @derived(types.Choice(*lifecycle.STATUSES), echo=True, match=True, sort=True)
    def status(self) -> str:
        return self.state.status

    @derived(types.Choice(*lifecycle.ACTIONS))
    def action(self) -> str:
        return self.state.action

    version: int = field(types.Integer(), default=1)
    attributes: dict[str, str] = field(types.Map(50), factory=dict, write=(CREATE, UPDATE))
    type: str = field(types.Choice(PRIMARY, SECONDARY, CATALOG), default=PRIMARY, write=(CREATE,),
                      echo=True, match=True)
    masters: list[str] = field(types.Strings(types.Master()), factory=list, null='absent',
                               write=(CREATE, UPDATE))
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)
    transferred_at: datetime.datetime | None = field(types.DateTime())

    # What the API does not show.
    refresh_at: datetime.datetime | None = field(types.DateTime(), view=False)   # SECONDARY: when
    expire_at: datetime.datetime | None = field(types.DateTime(), view=False)    # it is due.
    # 32 bits of a master, as transferred last; None while all is to be transferred anew.
    master_serial: int | None = field(types.Integer(), view=False)
    key: str = field(types.Name(), view=False)
    settled_serial: int = field(types.Integer(), default=0, view=False)
    born_serial: int = field(types.Integer(), default=1, view=False)
    failed: str | None = field(types.Text(1000), view=False)
    deleting: bool = field(types.Boolean(), default=False, view=False)
    hard_delete: bool = field(types.Boolean(), default=False, view=False)
    pool_version: int = field(types.Integer(), default=0, view=False)    # that its content shows
    told_version: int = field(types.Integer(), default=0, view=False)    # that its targets know
    mname: str | None = field(types.Name(), view=False)
    refresh: int = field(types.Integer(), default=3600, view=False)
    retry: int = field(types.Integer(), default=600, view=False)
    expire: int = field(types.Integer(), default=86400, view=False)
    minimum: int = field(types.Integer(), default=3600, view=False)
    recordset_count: int = field(types.Integer(), default=0, view=False)
    record_count: int = field(types.Integer(), default=0, view=False)
    guest: bool = field(types.Boolean(), default=False, view=False, stored=False)  # is the caller

    @property
    def state(self) -> lifecycle.State:
        return lifecycle.state(born=self.born_serial, serial=self.serial,
                               settled=self.settled_serial, deleting=self.deleting,
                               failed=self.failed is not None,
                               expired=lifecycle.has_expired(self.expire_at))

    @property
    def shard(self) -> int:
        return shards.of(self.id)

    def follows(self, other: 'Zone') -> bool:
        """Whether this is a later state of the same zone, as far as its servers are concerned."""
        now, then = ((each.deleting, each.serial, each.pool_version) for each in (self, other))
        return now > then

    @property
    def is_stale(self) -> bool:
        """Whether a secondary zone was never transferred, or has expired; then it is not served."""
        return self.type == SECONDARY and (
            self.transferred_at is None or lifecycle.has_expired(self.expire_at))

    @classmethod
    def problems(cls, values: dict[str, Any], verb: str, present: Any) -> list[base.Problem]:
        found = super().problems(values, verb, present)
        kind = values.get('type') or (present.type if present else PRIMARY)
        if kind == CATALOG:
            return found        # Whatever else it holds, it is refused by central.
        forbidden, required = (('masters',), ('email',)) if kind == PRIMARY else ((), ('masters',))
        if kind == SECONDARY:
            forbidden = ('email', 'ttl') if verb == CREATE else ('email',)
        for name in forbidden:
            if values.get(name) not in (None, []):
                found.append(base.Problem(['type', name], f"'{name}' is not allowed for a {kind} "
                                          'zone', 'not_allowed', kind))
        for name in required:
            if verb == CREATE and not values.get(name) or values.get(name) == []:
                found.append(base.Problem(['type', name], f"'{name}' is a required property",
                                          'required', kind))
        masters = values.get('masters') or []
        if len(set(masters)) < len(masters):
            raise errors.DuplicateZoneAttribute()
        return found


@base.resource('pool_move')
class PoolMove(base.Resource):
    """What is asked when a zone is to move; without ``pool_id`` the scheduler chooses."""
    pool_id: str | None = field(types.UUID(), write=(CREATE,), null='absent')
