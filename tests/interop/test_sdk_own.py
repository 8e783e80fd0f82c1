# SPDX-License-Identifier: Apache-2.0
"""openstacksdk's own functional tests of DNS, as they come in its wheel."""
import importlib
import os
import pathlib
import subprocess
import sys
from typing import Any

import openstack
import yaml

from tests.interop import cloud
from tests.interop import keystone
from tests.interop import server

# The clouds that the tests ask for by name: user and project, None for the whole system.
CLOUDS = {
    'devstack': ('member', 'demo'),
    'devstack-alt': ('stranger', 'alt_demo'),
    'devstack-admin': ('operator', 'operators'),
    'devstack-system-admin': ('operator', None),
}


class Silent(server.Server):
    """A name server that never answers, so that nothing becomes ACTIVE.

    The tests compare what they create with what they get, status and all.
    """

    def command(self) -> list[str]:
        raise AssertionError('it is not there')

    def is_ready(self) -> bool:
        return False

    def target(self, *masters: int, **options: str) -> dict[str, Any]:
        return {'type': 'fake', 'masters': [{'host': '127.0.0.1', 'port': port}
                                            for port in masters]}

    def forget(self, zone_name: str) -> None:
        pass

    def _sign(self, secret: str) -> None:
        pass


class OwnTest(cloud.TestCase):

    servers = [Silent(pathlib.Path())]

    @classmethod
    def configuration(cls, directory: pathlib.Path) -> str:
        # The tests raise the quota by one, which makes no limit at all to one of nothing.
        return '[DEFAULT]\nquota_zones = 1000\n'

    def cloud(self, user: str, project: str | None) -> dict[str, Any]:
        """An entry of clouds.yaml."""
        access = self.keystone.access(user, project or 'operators')
        if project is None:
            del access['project_name'], access['project_domain_id']
            access['system_scope'] = 'all'
        return {'auth': access, 'region_name': keystone.REGION}

    def test_all(self):
        clouds = self.directory() / 'clouds.yaml'
        clouds.write_text(yaml.safe_dump({'clouds': {
            name: self.cloud(*who) for name, who in CLOUDS.items()}}))
        own = importlib.import_module('openstack.tests.functional.dns').__path__
        ended = subprocess.run(
            [sys.executable, '-m', 'unittest', 'discover', '-v', '-s', own[0],
             '-t', str(pathlib.Path(openstack.__path__[0]).parent)],
            env={**os.environ, 'OS_CLIENT_CONFIG_FILE': str(clouds), 'OS_LOG_CAPTURE': '1'},
            cwd=self.directory(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        self.assertEqual(0, ended.returncode, ended.stdout)
        self.assertRegex(ended.stdout, r'\nRan 1[0-9] tests')
        self.assertNotIn('skipped', ended.stdout)
