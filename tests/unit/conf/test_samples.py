# SPDX-License-Identifier: Apache-2.0
"""The samples in etc/designate_like are what the declarations in the code make.

Only our own part is compared: the libraries' options change with each of their releases.
"""
import io
import pathlib

from oslo_config import cfg
from oslo_config import generator
from oslo_policy import generator as policy_generator

from designate_like.api import wsgi
from designate_like.conf import opts
from designate_like.rpc import rabbit
from tests import base

SAMPLES = pathlib.Path(__file__).parents[3] / 'etc/designate_like'
REMEDY = 'run tox -e samples'

# Sections that consist of a library's options under our name.
FOREIGN = ('keystone', 'storage:sqlalchemy')


def ours(text: str) -> dict[str, str]:
    """What a sample says of our own options, by section."""
    found = {}
    for section in ('\n' + text).split('\n[')[1:]:
        name, _, content = section.partition(']')
        for part in content.split('#\n# From ')[1:]:
            origin, _, options = part.partition('\n#\n')
            if origin == 'designate_like' and name not in FOREIGN:
                found[name] = options.strip()
    return found


class SamplesTest(base.TestCase):
    maxDiff = None

    def test_options(self) -> None:
        conf = cfg.ConfigOpts()
        generator.register_cli_opts(conf)
        conf(['--config-file', str(SAMPLES / 'config-generator.conf')], default_config_files=[])
        conf.set_override('namespace', ['designate_like'])
        made = io.StringIO()
        generator.generate(conf, made)
        sections = {group.name if group else 'DEFAULT' for group, _ in opts.list_opts()}
        wanted = ours(made.getvalue())
        found = ours((SAMPLES / 'designate_like.conf.sample').read_text())
        self.assertEqual(sections - set(FOREIGN), set(found))
        for name, text in wanted.items():
            with self.subTest(section=name):
                self.assertEqual(text, found[name], REMEDY)

    def test_the_bus_has_our_defaults(self) -> None:
        found = (SAMPLES / 'designate_like.conf.sample').read_text().splitlines()
        missing = {f'#{name} = {value}' for name, value in rabbit.DEFAULTS.items()} - set(found)
        self.assertEqual(set(), missing, REMEDY)

    def test_policies(self) -> None:
        made = self.directory() / 'policy.yaml'
        policy_generator.generate_sample(
            ['--namespace', 'designate_like', '--output-file', str(made)],
            cfg.ConfigOpts())
        self.assertEqual(made.read_text(), (SAMPLES / 'policy.yaml.sample').read_text(), REMEDY)

    def test_paste_file(self) -> None:
        self.assertEqual(wsgi.PASTE_FILE.read_text(), (SAMPLES / 'api-paste.ini').read_text())
