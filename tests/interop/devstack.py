# SPDX-License-Identifier: Apache-2.0
"""A devstack for the plugin: its phases run in a sandbox, and what they start are real processes.

    stack = devstack.Devstack(directory, 'bind9', TRANSPORT_URL=...)
    stack.run(*devstack.STACK)
    stack.run('unstack', 'clean')
"""
import contextlib
import getpass
import os
import pathlib
import shlex
import signal
import subprocess
import sys

from tests import base
from tests.interop import apache
from tests.interop import server

TREE = pathlib.Path(__file__).parents[2]
PLUGIN = TREE / 'devstack'
CONFIGURE = ('stack pre-install', 'stack install', 'stack post-config')
STACK = (*CONFIGURE, 'stack extra', 'stack test-config')

_APACHE = '''\
ServerName localhost
ServerRoot {directory}
PidFile {directory}/apache.pid
ErrorLog {directory}/error.log
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_uwsgi_module {modules}/mod_proxy_uwsgi.so
{more}IncludeOptional {directory}/enabled/*.conf
'''
_CLOUDS = '''\
clouds:
  devstack-admin:
    auth_type: none
    auth:
      endpoint: {url}
    dns_endpoint_override: {url}
'''

# Where the packages of the servers have their files.
_CONFIGURATIONS = ('bind/named.conf', 'knot/knot.conf', 'nsd/nsd.conf', 'pdns/pdns.conf')


class Devstack:
    """One sandbox.

    :param driver: the backend.
    :param localrc: what the operator sets besides.
    """

    def __init__(self, directory: pathlib.Path, driver: str, **localrc: str) -> None:
        self.directory = directory
        self.etc = directory / 'etc'
        self.port, self.dns_port, self.dns_port2 = (server.free_port() for _ in range(3))
        self.url = f'http://127.0.0.1:{self.port}/dns'
        for name in ('apache/available', 'apache/enabled', 'bin', 'data', 'var/bind', 'var/knot',
                     'var/nsd', 'var/pdns', 'run',
                     'stack/horizon/openstack_dashboard/local/enabled'):
            (directory / name).mkdir(parents=True)
        for name in _CONFIGURATIONS:
            (self.etc / name).parent.mkdir(parents=True)
            (self.etc / name).write_text('the package\'s own\n')
        for role in ('central', 'manage', 'mdns', 'producer', 'sink', 'worker'):
            program = directory / 'bin' / f'designate-like-{role}'
            program.write_text(f'#!/bin/sh\nexec {sys.executable} -m designate_like.cmd.{role} '
                               '"$@"\n')
            program.chmod(0o755)
        self._settings = self._localrc(driver, localrc)
        (directory / 'localrc').write_text(''.join(
            f'{name}={shlex.quote(str(value))}\n' for name, value in self._settings.items()))
        (directory / 'clouds.yaml').write_text(_CLOUDS.format(url=self.url))

    def _localrc(self, driver: str, more: dict[str, str]) -> dict[str, object]:
        """What stackrc and the operator set."""
        return {
            'DEST': self.directory / 'stack', 'DATA_DIR': self.directory / 'data',
            'GIT_BASE': 'https://git.example', 'REGION_NAME': 'RegionOne',
            'STACK_USER': getpass.getuser() if os.getuid() else 'www-data',
            'SERVICE_HOST': '127.0.0.1', 'SERVICE_LISTEN_ADDRESS': '127.0.0.1',
            'SERVICE_PROTOCOL': 'http', 'SERVICE_PASSWORD': 'secret', 'SERVICE_TIMEOUT': 60,
            'API_WORKERS': 1, 'ENABLE_DEBUG_LOG_LEVEL': False,
            'GLOBAL_VENV': True, 'DEVSTACK_VENV': sys.prefix,
            'TEMPEST_CONFIG': self.etc / 'tempest.conf',
            'TRANSPORT_URL': 'rabbit://nobody', 'DATABASE_URL': 'mysql+pymysql://nobody/designate',
            'DESIGNATE_BACKEND_DRIVER': driver, 'DESIGNATE_CONF_DIR': self.etc / 'designate',
            'DESIGNATE_SERVICE_URL': self.url,
            'DESIGNATE_SERVICE_PORT_DNS': self.dns_port,
            'DESIGNATE_SERVICE_PORT2_DNS': self.dns_port2,
            'DESIGNATE_SERVICE_PORT_MDNS': server.free_port(),
            'DESIGNATE_BIND_CFG_DIR': self.etc / 'bind',
            'DESIGNATE_BIND_CONF': self.etc / 'bind/named.conf',
            'DESIGNATE_BIND_VAR_DIR': self.directory / 'var/bind',
            'DESIGNATE_BIND_RUN_DIR': self.directory / 'run',
            'DESIGNATE_BIND_APPARMOR': self.etc / 'apparmor.d',
            'DESIGNATE_BIND_PORT_RNDC': server.free_port(),
            'DESIGNATE_BIND_PORT2_RNDC': server.free_port(),
            'DESIGNATE_KNOT_CFG_DIR': self.etc / 'knot',
            'DESIGNATE_KNOT_VAR_DIR': self.directory / 'var/knot',
            'DESIGNATE_KNOT_RUN_DIR': self.directory / 'run',
            'DESIGNATE_NSD_CFG_DIR': self.etc / 'nsd',
            'DESIGNATE_NSD_VAR_DIR': self.directory / 'var/nsd', 'DESIGNATE_NSD_USER': '',
            'DESIGNATE_NSD_PORT_CONTROL': server.free_port(),
            'DESIGNATE_PDNS_CFG_DIR': self.etc / 'pdns',
            'DESIGNATE_PDNS_VAR_DIR': self.directory / 'var/pdns',
            'DESIGNATE_PDNS_RUN_DIR': self.directory / 'run',
            'DESIGNATE_PDNS_PORT_API': server.free_port(), **more}

    def serve(self, mod_wsgi: str = '') -> None:
        """Configure Apache.

        :param mod_wsgi: the path of the module, if it is wanted.
        """
        directory = self.directory / 'apache'
        more = '' if os.getuid() else 'User www-data\nGroup www-data\n'
        if mod_wsgi:
            more += f'LoadModule wsgi_module {mod_wsgi}\nWSGISocketPrefix {directory}/wsgi\n'
        (directory / 'apache.conf').write_text(_APACHE.format(
            directory=directory, port=self.port, modules=apache.MODULES, more=more))

    def run(self, *phases: str) -> str:
        """Run phases, and return what is printed.

        :param phases: modes of devstack, each with a phase if it has such.
        :raises AssertionError: when they fail.
        """
        path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ['PATH'],
                                '/usr/sbin', '/sbin'])
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith('OS_') and name != 'PYTHONWARNINGS'}
        with (self.directory / 'output').open('w+') as output:
            code = subprocess.run(
                ['bash', str(pathlib.Path(__file__).with_name('devstack.sh')), *phases],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
                env={**environment, 'PATH': path, 'SANDBOX': str(self.directory),
                     'PLUGIN': str(PLUGIN), 'PYTHONPATH': str(TREE), 'VIRTUAL_ENV': sys.prefix,
                     'UWSGI_VIRTUALENV': sys.prefix,
                     'OS_CLIENT_CONFIG_FILE': str(self.directory / 'clouds.yaml')}).returncode
            output.seek(0)
            text = output.read()
        if code:
            raise AssertionError(f'{text}\n{self.logs()}')
        return text

    def calls(self) -> list[str]:
        """What the plugin has asked of devstack that is only noted here."""
        return (self.directory / 'calls').read_text().splitlines()

    def files(self) -> set[str]:
        """The configuration files, as paths in the directory of them."""
        return {str(each.relative_to(self.etc)) for each in self.etc.rglob('*') if each.is_file()}

    def logs(self) -> str:
        """The ends of what the processes have written."""
        return '\n'.join(f'== {each.name}\n{each.read_text(errors="replace")[-2000:]}'
                         for each in sorted(self.directory.glob('**/*.log')))

    def kill(self) -> None:
        """Let all processes die."""
        for each in self.directory.glob('*.pid'):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(each.read_text()), signal.SIGKILL)


class Mixin:
    """What a test with a devstack has besides: ``self.devstack(driver)``, killed after it."""

    def devstack(self, driver: str, **localrc: str) -> Devstack:
        """Return a new sandbox."""
        for program in ('curl', 'knotc', 'nsd-control-setup', 'rndc-confgen', 'sqlite3'):
            base.require(program)
        directory = self.directory()                # type: ignore[attr-defined]
        directory.chmod(0o755)      # Apache gives up being root.
        stack = Devstack(directory, driver, **localrc)
        self.addCleanup(stack.kill)                 # type: ignore[attr-defined]
        return stack
