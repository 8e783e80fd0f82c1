# SPDX-License-Identifier: Apache-2.0
"""A recordset: all records of one type at one name, as text, in the order sent."""
import datetime
from typing import Any

from designate_like import errors
from designate_like.resources import base
from designate_like.resources import lifecycle
from designate_like.resources import owners
from designate_like.resources import rdata
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import derived
from designate_like.resources.base import field

# Names that masters and files have may hold any octets: 250 of them, as \DDD, and four dots.
_NAME = types.ascii_column(1004)


@base.resource('recordset')
class Recordset(base.Resource):
    """A recordset; ``serial`` is its zone's serial at its last change, 0 with no records."""
    id: str = field(types.UUID(), primary_key=True, echo=True, sort=True)
    zone_id: str = field(types.UUID(), echo=True, sort=True)
    project_id: str = field(types.Text(36), echo=True)
    name: str = field(types.Name(wildcard=True), write=(CREATE,), required=True, echo=True,
                      match=True, sort=True, column=_NAME)
    zone_name: str = field(types.Name(), echo=True, stored=False)
    type: str = field(types.Text(255), write=(CREATE,), required=True, echo=True, match=True,
                      sort=True, column=types.ascii_column(16))
    records: list[str] = field(types.Type(), factory=list, write=(CREATE, UPDATE), null='absent')
    description: str | None = field(types.Text(160), write=(CREATE, UPDATE), null='keep',
                                    match=True)
    ttl: int | None = field(types.Integer(0, 2**31 - 1), write=(CREATE, UPDATE), null='keep',
                            match=True, sort=True)

    @derived(types.Choice(*lifecycle.STATUSES), match=True)
    def status(self) -> str:
        return self.state.status

    @derived(types.Choice(*lifecycle.ACTIONS), match=True)
    def action(self) -> str:
        return self.state.action

    version: int = field(types.Integer(), default=1)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    # What the API does not show.
    key: str = field(types.Name(), view=False, column=_NAME)
    managed: bool = field(types.Boolean(), default=False, view=False)
    claims: list[owners.Claim] = field(types.Items(owners.Claim), factory=list, view=False)
    born_serial: int = field(types.Integer(), default=0, view=False)
    serial: int = field(types.Integer(), default=0, view=False)
    zone_settled: int = field(types.Integer(), default=0, view=False, stored=False)
    zone_failed: bool = field(types.Boolean(), default=False, view=False, stored=False)
    zone_deleting: bool = field(types.Boolean(), default=False, view=False, stored=False)
    zone_expire_at: datetime.datetime | None = field(types.DateTime(), view=False, stored=False)

    @property
    def state(self) -> lifecycle.State:
        return lifecycle.state(born=self.born_serial, serial=self.serial,
                               settled=self.zone_settled, deleting=self.zone_deleting,
                               failed=self.zone_failed,
                               expired=lifecycle.has_expired(self.zone_expire_at))

    @property
    def holders(self) -> owners.Holders:
        """By record, for whom the service keeps it; None is the user of the recordset."""
        return owners.holders(self.records, self.claims)

    @property
    def own_records(self) -> int:
        """How many of its records a user wants: those that quotas count."""
        if self.managed and not self.claims:
            return 0
        return sum(None in wanting for wanting in self.holders.values())

    @classmethod
    def problems(cls, values: dict[str, Any], verb: str, present: Any) -> list[base.Problem]:
        found = super().problems(values, verb, present)
        if found:
            return found
        kind = values['type'] if verb == CREATE else present.type
        owner = values['name'] if verb == CREATE else present.name
        if kind not in rdata.TYPES:
            return [base.Problem(['recordset', 'type'], f"'{kind}' is not a supported type",
                                 'value', sorted(rdata.TYPES))]
        if 'records' in values:
            found = cls._record_problems(values, kind, owner)
        sentence = rdata.owner_problem(kind, owner)
        if sentence and kind == 'TLSA':
            raise errors.BadRequest(sentence)
        if sentence:
            found.append(base.Problem(['name'], sentence, 'format', [kind]))
        return found

    @staticmethod
    def _record_problems(values: dict[str, Any], kind: str, owner: str) -> list[base.Problem]:
        records = values['records']
        if not isinstance(records, list):
            return [base.Problem(['records'], f'{records!r} is not a list', 'type', ['array'])]
        found = []
        for index, text in enumerate(records):
            try:
                if not isinstance(text, str):
                    raise ValueError
                if kind != 'SOA':       # Users may not write a SOA; what it holds is not read.
                    rdata.parse(kind, text, owner)
            except ValueError:
                found.append(base.Problem(['records', index], f"'{text}' is not a '{kind}' Record",
                                          'format', [kind]))
        if not found:
            values['records'] = list(dict.fromkeys(records))
        return found
