# SPDX-License-Identifier: Apache-2.0
"""A server that exists in memory only and does as it is told."""
from designate_like import resources
from designate_like.backends import base


class Fake(base.Backend):
    """Records what it is told."""

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        self.calls: list[tuple[str, str]] = []      # Verb and name of the zone, oldest first.

    def create(self, zone: resources.Zone) -> None:
        """Record it."""
        self.calls.append(('create', zone.name))

    def update(self, zone: resources.Zone) -> None:
        """Record it."""
        self.calls.append(('update', zone.name))

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Record it."""
        self.calls.append(('hard delete' if hard else 'delete', zone.name))
