# SPDX-License-Identifier: Apache-2.0
"""Backends: how each kind of DNS server is told which zones to carry.

The zones' content is no business of theirs: servers pull it from mdns. A backend is found by
the type of a pool's target in the entry points ``designate_like.backend``.
"""
import importlib.metadata

import stevedore

from designate_like import errors
from designate_like import resources
from designate_like.backends.base import Backend

__all__ = ('Backend', 'load')

NAMESPACE = 'designate_like.backend'


def load(target: resources.Target) -> Backend:
    """Make the backend of a target.

    :raises errors.ConfigurationError: its type or one of its options is wrong.
    """
    known = importlib.metadata.entry_points(group=NAMESPACE).names
    if target.type not in known:
        raise errors.ConfigurationError(
            f"type: '{target.type}' is not one of {', '.join(sorted(known))}")
    try:
        found = stevedore.DriverManager(NAMESPACE, target.type)
    except ImportError as error:
        raise errors.ConfigurationError(
            f"The backend '{target.type}' cannot be used: {error}") from error
    return found.driver(target)
