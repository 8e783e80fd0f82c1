# SPDX-License-Identifier: Apache-2.0
"""HAProxy in front of a database cluster, as the sample in etc/designate_like has it."""
import pathlib
import re

from tests import base
from tests.ha import galera
from tests.ha import places
from tests.interop import mariadb

_SAMPLE = pathlib.Path(__file__).parents[2] / 'etc/designate_like/haproxy_database.cfg'
_GLOBAL = 'global\n    log stdout format raw local0\ndefaults\n    log global\n'


class Database:
    """The proxy, at the tenth address of the network of a cluster of three nodes."""

    def __init__(self, directory: pathlib.Path, cluster: galera.Cluster) -> None:
        self._haproxy = base.require('haproxy')
        self._node = cluster.nodes[0]
        self._log = directory / 'log'
        network = self._node.place.address.removesuffix('.1')
        self.place = places.Place('proxy', f'{network}.10')
        self.url = (f'mysql+{mariadb.DRIVER}://dns:{galera.PASSWORD}@{self.place.address}:3306'
                    '/designate')
        self._file = directory / 'haproxy.cfg'
        sample = _SAMPLE.read_text().replace('bind 10.0.0.10', f'bind {self.place.address}')
        self._file.write_text(_GLOBAL + re.sub(r'10\.0\.0\.1(?=\d:)', f'{network}.', sample))
        self._process: places.Process | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._node.sql("CREATE USER IF NOT EXISTS haproxy@'%'")
        self._process = places.Process(self.place, self._log,
                                       [self._haproxy, '-db', '-f', str(self._file)])

    def passes_over(self, name: str) -> bool:
        """Whether it has found lately that a server does not take part in the cluster."""
        said = re.findall(rf'/{name} is (UP|DOWN)', self._log.read_text())
        return said[-1:] == ['DOWN']

    def kill(self) -> None:
        """Let it die at once."""
        if self._process is not None:
            self._process.kill()
