# SPDX-License-Identifier: Apache-2.0
"""For which things elsewhere in the cloud the service keeps a record, and who else wants it."""
import uuid
from collections.abc import Iterable
from collections.abc import Mapping

from designate_like.resources import base
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import field


@base.resource('owner')
class Owner(base.Resource):
    """Whom a managed record is for; notifications show it as the members ``managed_*``."""
    plugin_type: str = field(types.Text(50), write=(CREATE,), required=True)
    plugin_name: str = field(types.Text(50), write=(CREATE,), required=True)
    resource_type: str = field(types.Text(50), write=(CREATE,), required=True)
    resource_region: str | None = field(types.Text(100), write=(CREATE,), null='keep')
    resource_id: str = field(types.Text(36, smallest=1), write=(CREATE,), required=True)
    project_id: str | None = field(types.Text(36), write=(CREATE,), null='keep')

    @property
    def key(self) -> str:
        """What tells it from others: all but the project, which may be another one later."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, '\0'.join([
            self.plugin_type, self.plugin_name, self.resource_type, self.resource_region or '',
            self.resource_id])))


@base.resource('claim')
class Claim(base.Resource):
    """That an owner wants a record or, where ``owner`` is None, that the recordset's user does."""
    data: str = field(types.Type())
    owner: Owner | None = field(types.One(Owner))


Holders = dict[str, list[Owner | None]]


def holders(records: Iterable[str], claims: Iterable[Claim]) -> Holders:
    """Who wants each record; one that nobody claims is the user's alone, which is None."""
    found: Holders = {data: [] for data in records}
    for claim in claims:
        found[claim.data].append(claim.owner)
    return {data: wanting or [None] for data, wanting in found.items()}


def claims(held: Mapping[str, list[Owner | None]]) -> list[Claim]:
    """The reverse of :func:`holders`."""
    return [Claim(data=data, owner=each) for data, wanting in held.items() if wanting != [None]
            for each in wanting]


def handed(held: Holders, owner: Owner, wanted: Iterable[str]) -> Holders:
    """Who wants each record once an owner wants these and no others; what nobody wants is gone."""
    left = {data: [each for each in wanting if each is None or each.key != owner.key]
            for data, wanting in held.items()}
    for data in wanted:
        left.setdefault(data, []).append(owner)
    return {data: wanting for data, wanting in left.items() if wanting}
