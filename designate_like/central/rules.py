# SPDX-License-Identifier: Apache-2.0
"""The rules that need the database or the configuration, each raising its own error."""
from collections.abc import Mapping

import sqlalchemy
from oslo_config import cfg

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources
from designate_like import store
from designate_like.resources import base
from designate_like.resources import names

_COUNTED = ('zones', 'zone_recordsets', 'zone_records', 'recordset_records', 'api_export_size')


# -- quotas --

def limits(tx: sqlalchemy.Connection, conf: cfg.ConfigOpts, project_id: str) -> dict[str, int]:
    """What a project may have: the configuration's numbers, and what was set for it."""
    if conf.quota_driver == 'noop':
        return dict.fromkeys(_COUNTED, -1)
    configured = {name: getattr(conf, f'quota_{name}') for name in _COUNTED}
    return {**configured, **store.quotas.get(tx, project_id)}


def within(limits_: Mapping[str, int], resource: str, count: int) -> None:
    """Refuse a count above a limit; a negative limit is none.

    :raises OverQuota: naming the resource.
    """
    if 0 <= limits_[resource] < count:
        raise errors.OverQuota(f'Quota exceeded for {resource}.')


def room_for_zone(tx: sqlalchemy.Connection, conf: cfg.ConfigOpts, project_id: str) -> int:
    """How many zones a project may have, if it has fewer, as far as others have committed.

    :raises OverQuota: when it has not.
    """
    limits_ = limits(tx, conf, project_id)
    if limits_['zones'] >= 0:
        within(limits_, 'zones', store.quotas.used(tx, project_id, 'zones') + 1)
    return limits_['zones']


def one_more_zone(tx: sqlalchemy.Connection, project_id: str, limit: int) -> None:
    """Count another zone of a project; who else creates zones there waits from here on.

    :param limit: see :func:`room_for_zone`.
    :raises OverQuota: when it has as many as it may.
    """
    if not store.quotas.take(tx, project_id, 'zones', limit):
        raise errors.OverQuota('Quota exceeded for zones.')


# -- zones --

def zone_name(name: str, longest: int) -> None:
    """Refuse names of one label, and those longer than the configuration allows."""
    if len(names.labels(name)) < 2:
        raise errors.InvalidZoneName(f"'{name}': a zone name needs more than one label")
    if len(name) > longest:
        raise errors.InvalidZoneName(f"'{name}': a zone name may have {longest} characters "
                                     f'(max_zone_name_len), this one has {len(name)}')


def zone_tld(tx: sqlalchemy.Connection, name: str) -> None:
    """Once there are TLDs: refuse a name that is below none of them, or is one itself."""
    if not store.tlds.any_listed(tx):
        return
    found = store.tlds.enclosing(tx, name)
    if not found:
        raise errors.InvalidZoneName('Invalid TLD')
    if names.key(name) in found:
        raise errors.InvalidZoneName(f"'{name}' is a TLD")


def zone_blacklist(tx: sqlalchemy.Connection, ctx: context.RequestContext, name: str) -> None:
    """Refuse a name in which a blacklist's pattern is found, unless the caller may use it."""
    if any(each.hits(name) for each in store.blacklists.repository.where(tx)) \
            and not policy.allows(ctx, 'use_blacklisted_zone',
                                  policy.target(ctx.project_id, zone_name=name)):
        raise errors.InvalidZoneName('Blacklisted zone name')


def ttl(ctx: context.RequestContext, value: int | None, least: int) -> None:
    """Refuse a TTL below the lowest one, unless the caller may use it."""
    if value is not None and value < least \
            and not policy.allows(ctx, 'use_low_ttl', policy.target(ctx.project_id)):
        raise errors.InvalidTtl(f'TTL is below the minimum: {least}')


def zone_ownership(tx: sqlalchemy.Connection, name: str, project_id: str) -> None:
    """Refuse a name that another project has, encloses, or has something below."""
    key = names.key(name)
    enclosing = store.zones.named(tx, [names.key(each) for each in (name, *names.parents(name))])
    if enclosing and enclosing[0].key == key:
        if any(zone.key == key and zone.project_id != project_id for zone in enclosing):
            raise errors.DuplicateZone()
        enclosing = [zone for zone in enclosing if zone.key != key]
    if enclosing and enclosing[0].project_id != project_id:
        raise errors.IllegalChild(f"'{name}' is below a zone of another project")
    if store.zones.below(tx, key, not_project_id=project_id):
        raise errors.IllegalParent(f"'{name}' is above a zone of another project")


def not_deleting(zone: resources.Zone) -> None:
    """Refuse changes to a zone on its way out."""
    if zone.deleting:
        raise errors.BadRequest(f"Zone '{zone.name}' is being deleted")


def not_catalog(zone: resources.Zone) -> None:
    """Refuse changes to a catalog, which follows the zones of its pool."""
    if zone.type == 'CATALOG':
        raise errors.Forbidden(f"'{zone.name}' is the catalog zone of a pool, which only the "
                               'service changes')


def removable(tx: sqlalchemy.Connection, ctx: context.RequestContext,
              zone: resources.Zone) -> None:
    """Refuse to take away a zone that others depend on; shares may be given up in passing."""
    if store.zones.below(tx, zone.key):
        raise errors.ZoneHasSubZone()
    if not ctx.delete_shares and store.shared_zones.is_shared(tx, zone.id):
        raise errors.ZoneIsShared()


# -- recordsets --

def supported(type_: str, types: list[str]) -> None:
    """Refuse a type that the configuration does not list."""
    if type_ not in types:
        raise base.problem_list([base.Problem(
            ['recordset', 'type'], f"'{type_}' is not a supported type", 'value', sorted(types))])


def not_soa(type_: str) -> None:
    """Refuse SOA: it is made by the service."""
    if type_ == 'SOA':
        raise errors.BadRequest('SOA recordsets are made by the service and cannot be written')


def recordset_name(name: str, longest: int) -> None:
    """Refuse a name that is longer than the configuration allows."""
    if len(name) > longest:
        raise errors.InvalidRecordsetName(
            f"'{name}': a recordset name may have {longest} characters "
            f'(max_recordset_name_len), this one has {len(name)}')


def changeable(ctx: context.RequestContext, zone: resources.Zone, recordset: resources.Recordset,
               verb: str) -> None:
    """Refuse what the service manages: SOA, apex NS, managed recordsets, and catalogs."""
    not_catalog(zone)
    not_soa(recordset.type)
    if recordset.managed and not ctx.edit_managed_records:
        raise errors.BadRequest(f'Managed records may not be {verb}')
    if recordset.type == 'NS' and recordset.key == zone.key:
        raise errors.BadRequest(f"The name servers of '{zone.name}' are its pool's and may not be "
                                f'{verb}')


def location(tx: sqlalchemy.Connection, zone: resources.Zone, name: str, type_: str) -> None:
    """Refuse a name outside the zone, in a child zone, or a CNAME beside something else.

    RFC 1034 section 3.6.2: a CNAME stands alone.
    """
    if not names.is_below(name, zone.name):
        raise errors.InvalidRecordsetLocation(f"'{name}' is not in zone '{zone.name}'")
    key = names.key(name)
    if type_ == 'CNAME' and key == zone.key:
        raise errors.InvalidRecordsetLocation('A CNAME may not stand at the top of a zone')
    present, child = store.recordsets.place(tx, zone, key)
    if present and (type_ == 'CNAME') != ('CNAME' in present):
        raise errors.InvalidRecordsetLocation(f"CNAME at '{name}' must stand alone")
    if child is not None:
        raise errors.InvalidRecordsetLocation(f'RecordSet belongs in a child zone: {child}')


def one_cname(type_: str, records: list[str]) -> None:
    """Refuse a CNAME with several targets."""
    if type_ == 'CNAME' and len(records) > 1:
        raise errors.BadRequest('A CNAME recordset may have one record only')
