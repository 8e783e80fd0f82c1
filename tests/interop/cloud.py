# SPDX-License-Identifier: Apache-2.0
"""A small cloud: Keystone, memcached for tokens, and the DNS service in the catalog."""
import pathlib
import tempfile
from collections.abc import Sequence
from typing import ClassVar

from tests import base
from tests.interop import keystone
from tests.interop import memcached
from tests.interop import server
from tests.interop import standalone


class TestCase(standalone.Mixin, base.TestCase):
    """Has one cloud for all of its tests: ``keystone``, ``memcached`` and ``service``."""
    keystone: ClassVar[keystone.Keystone]
    memcached: ClassVar[memcached.Memcached]
    service: ClassVar[standalone.Standalone]
    tokens: ClassVar[dict[str, str]]

    # The name servers of the pool; without any mdns is.
    servers: ClassVar[Sequence[server.Server]] = ()

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.tokens = {}
        cls.keystone = cls.enterClassContext(keystone.running())
        cls.memcached = cls.enterClassContext(memcached.running())
        directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.service = standalone.Standalone(
            directory, cls.servers or None, cls.configuration(directory)
            + cls.keystone.settings(cls.memcached.address))
        cls.addClassCleanup(cls.service.kill)
        cls.service.start()
        cls.keystone.enlist(cls.url())

    @classmethod
    def configuration(cls, directory: pathlib.Path) -> str:
        """What the configuration says besides.

        :param directory: a place for files that it names.
        """
        return standalone.NO_LIMITS

    @classmethod
    def url(cls) -> str:
        """Where the catalog says that the DNS service is."""
        return f'http://127.0.0.1:{cls.service.port}'

    def user(self, name: str, **headers: str) -> standalone.Client:
        """A client of the service, with the user's token of this cloud."""
        if name not in self.tokens:
            self.tokens[name] = self.keystone.token(name)
        return self.client(self.service, X_Auth_Token=self.tokens[name], **headers)
