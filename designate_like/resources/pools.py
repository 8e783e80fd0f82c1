# SPDX-License-Identifier: Apache-2.0
"""A pool: the DNS servers that carry a set of zones, as pools.yaml describes them."""
import base64
import binascii
import datetime
from typing import Any

from designate_like import errors
from designate_like.resources import addresses
from designate_like.resources import base
from designate_like.resources import names
from designate_like.resources import tsigkeys
from designate_like.resources import types
from designate_like.resources.base import CREATE
from designate_like.resources.base import FILE
from designate_like.resources.base import UPDATE
from designate_like.resources.base import field

_WRITE = (CREATE, UPDATE, FILE)
_PORT = types.Integer(1, 65535)


class Host(types.Type):
    """An IP address or a host name."""

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or not addresses.is_host(raw):
            raise ValueError(f'{raw!r} is not an IP address or host name')
        return raw


class Options(types.Map):
    """The options of a target: text, or lists of text, by name."""

    def __init__(self) -> None:
        super().__init__(4096)


class CatalogName(types.Name):
    """The name of a catalog zone, with room below it for the names of its members."""

    def parse(self, raw: Any) -> str:
        name = super().parse(raw)
        if not names.valid(CatalogZone.member_name('0' * 36, name)):
            raise ValueError(f'{raw!r} is too long: no name of a member fits below it')
        return name


class Secret(types.Text):
    """The secret of a TSIG key, in base64."""

    def parse(self, raw: Any) -> str:
        secret = super().parse(raw)
        try:
            base64.b64decode(secret, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError('the secret is not base64') from None
        return secret


@base.resource('pool_ns_record')
class NsRecord(base.Resource):
    """A name server as the apex NS of every zone of the pool names it."""
    hostname: str = field(types.Name(), write=(CREATE,), required=True)
    priority: int = field(types.Integer(1, 10000), write=(CREATE,), required=True)


@base.resource('pool_nameserver')
class Nameserver(base.Resource):
    """A server that is asked what it serves."""
    host: str = field(Host(), write=(CREATE,), required=True)
    port: int = field(_PORT, default=53, write=(CREATE,), required=True)
    tsigkey_id: str | None = field(types.UUID(), write=(CREATE,), null='absent')


@base.resource('pool_address')
class Address(base.Resource):
    """A host and a port."""
    host: str = field(Host(), write=(CREATE,), required=True)
    port: int = field(_PORT, default=53, write=(CREATE,), required=True)


@base.resource('pool_target')
class Target(base.Resource):
    """A server that is told which zones to carry, and how."""
    type: str = field(types.Text(50, 1), write=(CREATE,), required=True)
    description: str | None = field(types.Text(160), write=(CREATE,), null='absent')
    tsigkey_id: str | None = field(types.UUID(), write=(CREATE,), null='absent')
    masters: list[Address] = field(types.Items(Address), factory=list, write=(CREATE,))
    options: dict[str, str] = field(Options(), factory=dict, write=(CREATE,))


@base.resource('catalog_zone')
class CatalogZone(base.Resource):
    """The zone through which a pool's servers learn their zones (RFC 9432)."""
    catalog_zone_fqdn: str = field(CatalogName(), write=(CREATE,), required=True)
    catalog_zone_refresh: int = field(types.Integer(0, 2**31 - 1), default=60, write=(CREATE,))
    catalog_zone_tsig_key: str | None = field(Secret(160, 1), write=(CREATE,), null='absent')
    catalog_zone_tsig_algorithm: str | None = field(
        types.Choice(*tsigkeys.ALGORITHMS), write=(CREATE,), null='absent')

    @staticmethod
    def member_name(zone_id: str, fqdn: str) -> str:
        """The name at which a catalog has a zone (section 4.1)."""
        return f'{zone_id}.zones.{fqdn}'


@base.resource('pool')
class Pool(base.Resource):
    """A pool; the API shows its name server records only, the file holds the rest."""
    id: str = field(types.UUID(), primary_key=True, write=(FILE,), sort=True)
    project_id: str | None = field(types.Text(36))
    name: str = field(types.Text(50, 1), write=_WRITE, required=True, unique=True, match=True)
    description: str | None = field(types.Text(160), write=_WRITE, null='keep')
    attributes: dict[str, str] = field(types.Map(255), factory=dict, write=_WRITE)
    ns_records: list[NsRecord] = field(types.Items(NsRecord), factory=list, write=_WRITE)
    created_at: datetime.datetime = field(types.DateTime(), sort=True)
    updated_at: datetime.datetime | None = field(types.DateTime(), sort=True)

    # What the API does not show.
    version: int = field(types.Integer(), default=1, view=False)
    nameservers: list[Nameserver] = field(types.Items(Nameserver), factory=list, write=(FILE,),
                                          view=False)
    targets: list[Target] = field(types.Items(Target), factory=list, write=(FILE,), view=False)
    also_notifies: list[Address] = field(types.Items(Address), factory=list, write=(FILE,),
                                         view=False)
    catalog_zone: CatalogZone | None = field(types.One(CatalogZone), write=(FILE,),
                                             null='absent', view=False)

    @classmethod
    def problems(cls, values: dict[str, Any], verb: str, present: Any) -> list[base.Problem]:
        hostnames = [each.hostname.lower() for each in values.get('ns_records', ())]
        if verb != FILE and len(set(hostnames)) < len(hostnames):   # Old files may have some twice.
            raise errors.DuplicatePoolNsRecord()
        return super().problems(values, verb, present)

    @property
    def mname(self) -> str | None:
        """The primary name server that the SOA names: the first record by priority."""
        return next(iter(self.hostnames), None)

    @property
    def hostnames(self) -> list[str]:
        """The host names of the apex NS, by priority."""
        ranked = sorted(self.ns_records, key=lambda each: (each.priority, each.hostname))
        return [each.hostname for each in ranked]
