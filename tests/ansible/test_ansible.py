# SPDX-License-Identifier: Apache-2.0
"""The modules of openstack.cloud: what is as it should be is left alone."""
import os
import pathlib
import subprocess
from typing import Any

import yaml

from tests import base
from tests.interop import cloud
from tests.interop import keystone

ZONE = 'ansible.example.'

# Module and arguments; ``changed`` is what Ansible must say of it.
TASKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ('dns_zone', {'name': ZONE, 'email': 'me@example.org', 'wait': True}),
    ('dns_zone', {'name': ZONE, 'email': 'me@example.org', 'ttl': 600, 'wait': True,
                  'description': 'By Ansible'}),
    ('dns_zone', {'name': 'secondary.example.', 'zone_type': 'secondary', 'wait': False,
                  'masters': ['192.0.2.2', '192.0.2.1']}),
    ('recordset', {'zone': ZONE, 'name': f'www.{ZONE}', 'recordset_type': 'a',
                   'records': ['192.0.2.2', '192.0.2.1']}),
    ('recordset', {'zone': ZONE, 'name': f'www.{ZONE}', 'recordset_type': 'a', 'ttl': 60,
                   'records': ['192.0.2.1', '192.0.2.2'], 'description': 'By Ansible'}),
    ('recordset', {'zone': ZONE, 'name': f'txt.{ZONE}', 'recordset_type': 'txt',
                   'records': ['"b; c"', 'a']}),
    ('recordset', {'zone': ZONE, 'name': f'aaaa.{ZONE}', 'recordset_type': 'aaaa',
                   'records': ['2001:DB8:0::1']}),
    ('recordset', {'zone': ZONE, 'name': f'www.{ZONE}', 'state': 'absent'}),
    ('dns_zone', {'name': ZONE, 'state': 'absent', 'wait': True}),
)


class AnsibleTest(cloud.TestCase):

    def play(self) -> list[dict[str, Any]]:
        """A playbook that does everything twice, and fails when Ansible says other than we."""
        tasks = []
        for module, arguments in TASKS:
            for changed in (True, False):
                tasks.append({
                    'name': f'{module} {arguments["name"]}, '
                            + ('as it is not yet' if changed else 'as it is already'),
                    f'openstack.cloud.{module}': {
                        'auth': self.keystone.access('member'),
                        'region_name': keystone.REGION, **arguments},
                    'register': 'outcome',
                    'failed_when': f'outcome is failed or outcome.changed != {changed}'})
        return [{'hosts': 'localhost', 'gather_facts': False, 'tasks': tasks}]

    def test_twice(self):
        ansible = pathlib.Path(base.require('ansible-playbook'))
        directory = self.directory()
        (directory / 'play.yaml').write_text(yaml.safe_dump(self.play(), sort_keys=False))
        ended = subprocess.run(
            [ansible, '-i', 'localhost,', '-c', 'local', 'play.yaml',
             '-e', f'ansible_python_interpreter={ansible.with_name("python")}'],
            env={**os.environ, 'ANSIBLE_HOME': str(directory), 'ANSIBLE_NOCOLOR': '1',
                 'LC_ALL': 'C.UTF-8'},
            cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=300, check=False)
        self.assertEqual(0, ended.returncode, ended.stdout)
        self.assertIn(f'ok={2 * len(TASKS)} ', ended.stdout)
        self.assertIn(f'changed={len(TASKS)} ', ended.stdout)
