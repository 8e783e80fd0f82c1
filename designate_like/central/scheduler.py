# SPDX-License-Identifier: Apache-2.0
"""Choosing the pool of a new zone: filters, in order, each narrowing what the last one left."""
import random
from collections.abc import Sequence

import stevedore.named
from oslo_utils import strutils

from designate_like import context
from designate_like import errors
from designate_like import policy
from designate_like import resources

NAMESPACE = 'designate_like.scheduler.filters'
Pools = list[resources.Pool]


class Filter:
    """One step of the choice.

    :param default: the default pool, if it exists.
    """

    def __init__(self, default: resources.Pool | None) -> None:
        self.default = [default] if default else []

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        """Those of the pools that may carry the zone."""
        raise NotImplementedError


class DefaultPool(Filter):
    """Keeps the default pool, whatever went before."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        return self.default


class Fallback(Filter):
    """The default pool, if nothing is left."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        return pools or self.default


class Attribute(Filter):
    """Keeps pools without attributes, and those with every attribute of the zone."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        wanted = _comparable(zone.attributes)
        kept = []
        for pool in pools:
            offered = _comparable(pool.attributes)
            if not wanted or not offered or wanted.items() <= offered.items():
                kept.append(pool)
        return kept


class PoolIdAttribute(Filter):
    """Keeps the pool that the zone's attribute pool_id names, if the caller may name one."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        wanted = zone.attributes.get('pool_id')
        if not wanted:
            return pools
        policy.authorize(ctx, 'zone_create_forced_pool', policy.target(zone.project_id))
        return [pool for pool in pools if pool.id == wanted]


class Random(Filter):
    """Keeps one, by chance."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        return [random.choice(pools)] if pools else []


class InDoubtDefaultPool(Filter):
    """The default pool, if it is among several."""

    def filter(self, ctx: context.RequestContext, pools: Pools, zone: resources.Zone) -> Pools:
        several = len(pools) > 1 and any(pool in self.default for pool in pools)
        return self.default if several else pools


class Scheduler:
    """The configured filters."""

    def __init__(self, filters: Sequence[str], default_pool_id: str) -> None:
        """Load the filters.

        :raises ConfigurationError: for a name that no filter has.
        """
        self._default_pool_id = default_pool_id
        found = stevedore.named.NamedExtensionManager(
            NAMESPACE, list(filters), name_order=True, on_missing_entrypoints_callback=None)
        missing = set(filters) - set(found.names())
        if missing:
            raise errors.ConfigurationError('[service:central] scheduler_filters: no such filter: '
                                            + ', '.join(sorted(missing)))
        self._filters = [extension.plugin for extension in found]

    def choose(self, ctx: context.RequestContext, pools: Pools,
               zone: resources.Zone) -> resources.Pool:
        """The pool for a zone.

        :raises NoFiltersConfigured: when the list of filters is empty.
        :raises NoValidPoolFound: when no pool is left.
        :raises MultiplePoolsFound: when several are.
        """
        if not self._filters:
            raise errors.NoFiltersConfigured()
        default = next((pool for pool in pools if pool.id == self._default_pool_id), None)
        left = pools
        for step in self._filters:
            left = step(default).filter(ctx, left, zone)
        if not left:
            raise errors.NoValidPoolFound()
        if len(left) > 1:
            raise errors.MultiplePoolsFound()
        return left[0]


def _comparable(attributes: dict[str, str]) -> dict[str, object]:
    """Attributes with boolean-looking text as booleans, and without the name of a pool."""
    return {name: strutils.bool_from_string(value, default=value)
            for name, value in attributes.items() if name != 'pool_id'}
