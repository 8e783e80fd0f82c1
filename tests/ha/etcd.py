# SPDX-License-Identifier: Apache-2.0
"""A cluster of real etcd nodes, in which the producers meet."""
import pathlib
import urllib.request
from collections.abc import Sequence

from tests import base
from tests.ha import places

LEASE = 10


class Cluster:
    """Nodes that start together."""

    def __init__(self, directory: pathlib.Path, where: Sequence[places.Place]) -> None:
        self._etcd = base.require('etcd')
        self._directory = directory
        self._where = where
        self._nodes: list[places.Process] = []

    def start(self) -> None:
        """Start all nodes, and return when all are ready."""
        members = ','.join(f'{each.name}=http://{each.address}:2380' for each in self._where)
        for place in self._where:
            (self._directory / place.name).mkdir(exist_ok=True)
            peer, client = f'http://{place.address}:2380', f'http://{place.address}:2379'
            self._nodes.append(places.Process(
                place, self._directory / place.name / 'etcd.log', [
                    self._etcd, '--name', place.name,
                    '--data-dir', str(self._directory / place.name / 'etcd'),
                    '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer,
                    '--listen-client-urls', client, '--advertise-client-urls', client,
                    '--initial-cluster', members, '--initial-cluster-state', 'new',
                    '--pre-vote']))     # Without it, one that comes back forces an election.
        for place in self._where:
            base.wait(lambda: self._ready(place), timeout=30, pause=0.1)

    def _ready(self, place: places.Place) -> bool:
        for node in self._nodes:
            node.check()
        try:
            with urllib.request.urlopen(f'http://{place.address}:2379/health', timeout=2) as answer:
                return b'"true"' in answer.read()
        except OSError:
            return False

    def kill(self) -> None:
        """Let all nodes die."""
        for node in self._nodes:
            node.kill()

    def url(self, nearest: int) -> str:
        """The tooz backend at one node, which drops a silent member after so many seconds."""
        return f'etcd3+http://{self._where[nearest].address}:2379?membership_timeout={LEASE}'
