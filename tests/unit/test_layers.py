# SPDX-License-Identifier: Apache-2.0
"""The import rule of the house: a module imports only from rooms that stand below its own.

A room is a module or package directly under designate_like/. The table below is the whole rule;
a room that is not in it may not exist.
"""
import ast
import pathlib

import designate_like
from tests import base

PACKAGE = 'designate_like'

ROLES = {'api', 'central', 'worker', 'mdns', 'producer', 'sink', 'manage', 'status'}

# What every role may import; some may also import one of the rooms kept from the others.
COMMON = {'errors', 'conf', 'metrics', 'resources', 'policies', 'policy', 'context',
          'coordination', 'rpc', 'service', 'notifications'}

# Room: the rooms it may import. A room may always import itself.
BELOW: dict[str, set[str]] = {
    'errors': set(),
    'conf': set(),
    'metrics': set(),
    'policies': set(),
    'resources': {'errors'},
    'policy': {'errors', 'conf', 'policies'},
    'context': {'errors', 'conf', 'policy'},
    'coordination': {'errors', 'conf', 'resources'},
    'dnsio': {'errors', 'resources'},
    'backends': {'errors', 'conf', 'resources', 'dnsio'},
    'store': {'errors', 'conf', 'metrics', 'resources', 'context'},
    'rpc': {'errors', 'conf', 'metrics', 'resources', 'context'},
    'notifications': {'errors', 'conf', 'resources', 'context', 'rpc'},
    'heartbeat': {'errors', 'conf', 'resources', 'context', 'rpc'},
    'service': {'errors', 'conf', 'metrics', 'resources', 'context', 'coordination', 'rpc',
                'heartbeat'},
    'launcher': {'errors', 'conf', 'metrics', 'rpc', 'service'},
    'api': COMMON,
    'central': COMMON | {'store'},
    'worker': COMMON | {'dnsio', 'backends'},
    'mdns': COMMON | {'store', 'dnsio'},
    'producer': COMMON,
    'sink': COMMON,
    'manage': COMMON | {'store', 'backends'},
    'status': COMMON | {'store', 'backends'},
    'cmd': COMMON | ROLES | {'launcher'},
}

# Libraries that only these rooms may import, wherever the table above lets them stand.
KEPT: dict[str, set[str]] = {
    'sqlalchemy': {'resources', 'store', 'central', 'mdns', 'manage', 'status'},
    'sqlalchemy.orm': set(),
    'oslo_db': {'conf', 'store', 'central', 'mdns', 'manage', 'status'},
    'eventlet': set(),
}

# Libraries that these rooms may not import, though the others may.
CLOSED: dict[str, set[str]] = {
    'resources': {'oslo_config', 'oslo_messaging'},
    'store': {'oslo_messaging'},
    'dnsio': {'oslo_config', 'oslo_messaging'},
    'backends': {'oslo_messaging'},
}

# The one program that runs several roles at once.
SEVERAL_ROLES = 'designate_like.cmd.standalone'


def imports(module: str, source: str, is_package: bool = False) -> set[str]:
    """Return the full name of everything that a module imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ''
            if node.level:
                parents = module.split('.')[:len(module.split('.')) - node.level + is_package]
                start = '.'.join(parents + ([node.module] if node.module else []))
            names |= {f'{start}.{alias.name}' for alias in node.names}
    return names


def _is_in(name: str, library: str) -> bool:
    return name == library or name.startswith(library + '.')


def violations(module: str, names: set[str]) -> list[str]:
    """Return a sentence for each import that breaks the rule."""
    room = module.split('.')[1]
    if room not in BELOW:
        return [f'{module}: the room {room} is not in the table of layers']
    entered = {name.split('.')[1] for name in names if name.startswith(PACKAGE + '.')} - {room}
    found = [f'{module} imports {other}, which does not stand below {room}'
             for other in sorted(entered - BELOW[room])]
    roles = sorted(entered & ROLES)
    if len(roles) > 1 and module != SEVERAL_ROLES:
        found.append(f'{module} imports several roles: {", ".join(roles)}')
    for name in sorted(names):
        kept = [library for library, rooms in KEPT.items()
                if _is_in(name, library) and room not in rooms]
        closed = [library for library in CLOSED.get(room, ()) if _is_in(name, library)]
        found += [f'{module} imports {name}, but {library} is not for {room}'
                  for library in kept + closed]
    return found


def modules() -> dict[str, pathlib.Path]:
    """Return name and file of each module of the package, except the package itself."""
    top = pathlib.Path(designate_like.__file__).parent
    found = {}
    for path in sorted(top.rglob('*.py')):
        parts = path.relative_to(top).with_suffix('').parts
        name = '.'.join((PACKAGE, *parts)).removesuffix('.__init__')
        if name != PACKAGE:
            found[name] = path
    return found


class LayersTest(base.TestCase):

    def test_imports_point_downward(self):
        found = []
        self.assertIn('designate_like.errors', modules())
        for module, path in modules().items():
            names = imports(module, path.read_text(), path.name == '__init__.py')
            found += violations(module, names)
        self.assertEqual([], found)

    def test_the_package_itself_imports_what_chooses_threads(self):
        source = pathlib.Path(designate_like.__file__).read_text()
        self.assertEqual({'contextlib', 'sys', 'oslo_service.backend',
                          'oslo_service.backend.exceptions'}, imports(PACKAGE, source, True))

    def test_the_table_has_an_order(self):
        standing: set[str] = set()
        for room, below in BELOW.items():
            self.assertLessEqual(below, standing, f'{room} may import what comes after it')
            standing.add(room)

    def test_roles_do_not_import_one_another(self):
        for role in ROLES:
            self.assertEqual(set(), BELOW[role] & (ROLES | {'cmd'}), role)


class RuleTest(base.TestCase):
    """The rule itself, on modules that break it and modules that do not."""

    def check(self, module: str, source: str, *expected: str) -> None:
        """Assert that the violations are as many as ``expected`` and hold these words."""
        found = violations(module, imports(module, source))
        self.assertEqual(len(expected), len(found), found)
        for words, sentence in zip(expected, found):
            self.assertIn(words, sentence)

    def test_downward(self):
        self.check('designate_like.central.zones', 'from designate_like import store\n'
                   'import designate_like.rpc.client\nimport dns.name')

    def test_upward(self):
        self.check('designate_like.store.zones', 'from designate_like.central import zones',
                   'imports central')

    def test_sideways(self):
        self.check('designate_like.api.rest', 'import designate_like.mdns.wire', 'imports mdns')

    def test_a_library_that_is_kept_for_others(self):
        self.check('designate_like.worker.poll', 'import sqlalchemy', 'sqlalchemy is not for')

    def test_a_library_that_a_room_is_closed_to(self):
        self.check('designate_like.resources.base', 'from oslo_config import cfg',
                   'oslo_config is not for')

    def test_an_import_inside_a_function(self):
        self.check('designate_like.errors', 'def f():\n    from designate_like import conf',
                   'imports conf')

    def test_a_relative_import(self):
        self.check('designate_like.producer.task', 'from .. import store', 'imports store')
        self.check('designate_like.producer.task', 'from ..store import zones', 'imports store')
        self.check('designate_like.producer.task', 'from . import service')

    def test_a_relative_import_in_a_package(self):
        names = imports('designate_like.api', 'from .. import store', is_package=True)
        self.assertEqual({'designate_like.store'}, names)

    def test_a_program_of_one_role_imports_one(self):
        source = 'from designate_like.api import wsgi\nfrom designate_like.central import service'
        self.check('designate_like.cmd.api', source, 'several roles: api, central')
        self.check('designate_like.cmd.standalone', source)

    def test_a_room_that_is_not_in_the_table(self):
        self.check('designate_like.helpers', '', 'not in the table')
