# SPDX-License-Identifier: Apache-2.0
"""The plugin of devstack: what it writes is what the programs take, and what it starts serves."""
import configparser
import contextlib
import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys

import dns.message
import dns.query
import dns.tsigkeyring
import kombu

from designate_like.manage import pools
from tests import base
from tests.interop import apache
from tests.interop import cli
from tests.interop import devstack
from tests.interop import mariadb
from tests.interop import memcached
from tests.interop import rabbitmq
from tests.interop import standalone

DRIVERS = ('bind9', 'fake', 'knot', 'multipool-bind9', 'nsd4', 'pdns4', 'split-horizon-bind9')
POOLS = {'multipool-bind9': ['default', 'second'],
         'split-horizon-bind9': ['default', 'external']}

# Those that OpenStack's plugin has besides.
NOT_HERE = ('akamai-v2', 'designate', 'dynect', 'infoblox', 'ns1')

FUNCTIONS = (
    *(f'{verb}_designate{of}' for of in ('', '_backend')
      for verb in ('install', 'configure', 'init', 'start', 'stop', 'cleanup')),
    'create_designate_accounts', 'create_designate_pool_configuration',
    'configure_designate_tempest', 'configure_designatedashboard', 'install_designateclient',
    'install_designatedashboard', 'install_designatetempest')

DEFAULTS = {
    'DESIGNATE_BACKEND_DRIVER': 'bind9',
    'DESIGNATE_POOL_ID': '794ccc2c-d751-44fe-b57f-8894c9f5c842',
    'DESIGNATE_DEFAULT_NS_RECORD': 'ns1.devstack.org.',
    'DESIGNATE_DEFAULT_NS2_RECORD': 'ns2.devstack.org.',
    'DESIGNATE_NOTIFICATION_DRIVER': 'messagingv2',
    'DESIGNATE_NOTIFICATION_TOPICS': 'notifications',
    'DESIGNATE_COORDINATION_URL': 'memcached://127.0.0.1:11211',
    'DESIGNATE_POLL_INTERVAL': '5', 'DESIGNATE_POLL_RETRIES': '6',
    'DESIGNATE_WSGI_MODE': 'uwsgi',
    'DESIGNATE_USE_CATALOG_ZONES': 'False',
    'DESIGNATE_QUOTA_ZONES': '10', 'DESIGNATE_QUOTA_ZONE_RECORDSETS': '500',
    'DESIGNATE_QUOTA_ZONE_RECORDS': '500', 'DESIGNATE_QUOTA_RECORDSET_RECORDS': '20',
    'DESIGNATE_QUOTA_API_EXPORT_SIZE': '1000',
    'DESIGNATE_ENABLE_API_V2': 'True', 'DESIGNATE_ENABLE_API_ADMIN': 'True',
    'DESIGNATE_ENABLED_EXTENSIONS_V2': '', 'DESIGNATE_ENABLED_EXTENSIONS_ADMIN': 'quotas',
    'DESIGNATE_SERVICE_PROTOCOL': 'http', 'DESIGNATE_SERVICE_HOST': '127.0.0.1',
    'DESIGNATE_SERVICE_HOST2': '127.0.0.1', 'DESIGNATE_SERVICE_PORT_DNS': '53',
    'DESIGNATE_SERVICE_PORT2_DNS': '1053', 'DESIGNATE_SERVICE_PORT_MDNS': '5354',
    'DESIGNATE_SERVICE_URL': 'http://127.0.0.1/dns',
    'DESIGNATE_CONF_DIR': '/etc/designate',
}


class ScriptsTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.scripts = [str(each) for each in sorted(devstack.PLUGIN.rglob('*'))
                        if each.is_file() and each.suffix != '.rst']

    def test_shellcheck(self) -> None:
        # The files use one another's variables, and devstack's functions split words.
        checked = subprocess.run(
            [base.require('shellcheck'), '-s', 'bash', '-S', 'warning', '-e', 'SC1090,SC2034',
             *self.scripts, str(pathlib.Path(__file__).with_name('devstack.sh'))],
            capture_output=True, text=True, check=False)
        self.assertEqual('', checked.stdout + checked.stderr)

    def test_no_functions_but_our_own_names(self) -> None:
        """All plug-ins of a devstack share one shell."""
        for each in self.scripts:
            for name in re.findall(r'(?m)^function (\S+)', pathlib.Path(each).read_text()):
                self.assertIn('designate', name)


class ConfigureTest(devstack.Mixin, base.TestCase):
    """What the plugin writes, without a process that runs."""

    def known(self, file: pathlib.Path) -> None:
        """Fail unless each option of a file is one of the service or its libraries."""
        generator = devstack.TREE / 'etc/designate_like/config-generator.conf'
        names = re.findall(r'namespace = (\S+)', generator.read_text())
        found = {(group and getattr(group, 'name', group) or 'DEFAULT', option.dest)
                 for point in importlib.metadata.entry_points(group='oslo.config.opts')
                 if point.name in names for group, options in point.load()()
                 for option in options}
        # How the service's user is authenticated depends on the way that is chosen.
        found |= {('keystone_authtoken', name) for name in ('auth_url', 'username', 'password')}
        parser = configparser.RawConfigParser(default_section='no such section')
        parser.read(file)
        for section in parser.sections():
            for option in parser.options(section):
                self.assertIn((section, option), found)

    def check(self, *command: str) -> None:
        """Fail unless a program of a server finds its file right."""
        ran = subprocess.run([base.require(command[0]), *command[1:]], capture_output=True,
                             text=True, check=False)
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)

    def check_files(self, stack: devstack.Devstack, pool_names: list[str]) -> None:
        """Check what the plugin has written."""
        place = stack.etc / 'designate'
        self.known(place / 'designate.conf')
        self.assertEqual(pool_names, [each['name'] for each in pools.read(place / 'pools.yaml')])
        self.check(sys.executable, '-m', 'designate_like.cmd.manage', '--config-file',
                   str(place / 'designate.conf'), 'database', 'heads')
        for name, command in (('bind/named.conf', 'named-checkconf {}'),
                              ('bind/designate2.conf', 'named-checkconf {}'),
                              ('knot/knot.conf', 'knotc -c {} conf-check'),
                              ('nsd/nsd.conf', 'nsd-checkconf {}')):
            file = stack.etc / name
            if file.exists() and 'package' not in file.read_text():
                self.check(*command.format(file).split())

    def test_every_backend(self) -> None:
        for driver in DRIVERS:
            with self.subTest(driver):
                stack = self.devstack(driver)
                before = stack.files()
                stack.run(*devstack.CONFIGURE)
                once = stack.files()
                self.check_files(stack, POOLS.get(driver, ['default']))
                stack.run(*devstack.CONFIGURE)
                self.assertEqual(once, stack.files())
                stack.run('unstack', 'clean')
                left = stack.files() - before
                # NSD's own certificates stay; Debian's package makes such as well.
                self.assertEqual(set(), {each for each in left if not each.startswith('nsd/nsd_')})
                for each in before:
                    self.assertIn('package', (stack.etc / each).read_text())

    def test_catalog_zones(self) -> None:
        for driver in DRIVERS:
            with self.subTest(driver):
                stack = self.devstack(driver, DESIGNATE_USE_CATALOG_ZONES='True')
                if driver in ('bind9', 'knot'):
                    stack.run(*devstack.CONFIGURE)
                    self.check_files(stack, ['default'])
                    pool, = pools.read(str(stack.etc / 'designate/pools.yaml'))
                    self.assertEqual('catalog.invalid.', pool['catalog_zone'].catalog_zone_fqdn)
                else:
                    with self.assertRaisesRegex(AssertionError, f'{driver} has no catalog zones'):
                        stack.run('stack install')

    def test_backends_that_are_not_here(self) -> None:
        for driver in NOT_HERE:
            with self.subTest(driver), self.assertRaisesRegex(
                    AssertionError, f'there is no backend {driver}; there are bind9 fake knot'):
                self.devstack(driver).run('stack pre-install')

    def test_ipv6(self) -> None:
        for driver in DRIVERS:
            with self.subTest(driver):
                stack = self.devstack(driver, SERVICE_HOST='[::1]', SERVICE_LISTEN_ADDRESS='[::]')
                stack.run(*devstack.CONFIGURE)
                self.check_files(stack, POOLS.get(driver, ['default']))
                self.assertNotIn('127.0.0.1', {each.host for pool in pools.read(str(
                    stack.etc / 'designate/pools.yaml')) for each in pool['nameservers']})

    def test_fedora(self) -> None:
        for driver in DRIVERS:
            with self.subTest(driver):
                stack = self.devstack(driver, DISTRO='fedora')
                stack.run(*devstack.CONFIGURE)
                self.assertNotIn('bind9', ' '.join(
                    each for each in stack.calls() if each.startswith('install_package')))

    def test_mod_wsgi(self) -> None:
        stack = self.devstack('fake', DESIGNATE_WSGI_MODE='mod_wsgi')
        stack.run(*devstack.CONFIGURE)
        self.check_files(stack, ['default'])
        site = (stack.directory / 'apache/available/designate-api.conf').read_text()
        self.assertIn('WSGIScriptAlias /dns ', site)
        with self.assertRaisesRegex(AssertionError, 'DESIGNATE_WSGI_MODE is gunicorn'):
            self.devstack('fake', DESIGNATE_WSGI_MODE='gunicorn').run(*devstack.CONFIGURE)

    def test_accounts_clients_and_packages(self) -> None:
        stack = self.devstack('bind9')
        stack.run(*devstack.CONFIGURE, 'stack test-config')
        calls = stack.calls()
        for each in ('install_package bind9 bind9-utils', 'install_package memcached',
                     'pip_install_gr python-designateclient',
                     f'setup_develop {devstack.TREE} mysql,memcache',
                     'create_service_user designate admin',
                     'get_or_create_service designate dns DNS service',
                     f'get_or_create_endpoint dns RegionOne {stack.url}'):
            self.assertIn(each, calls)
        self.assertFalse(any(each.startswith('git_clone ') for each in calls))
        enabled = stack.directory / 'stack/horizon/openstack_dashboard/local/enabled'
        self.assertEqual(['_1_dns.py'], [each.name for each in enabled.iterdir()])
        parser = configparser.ConfigParser()
        parser.read(stack.etc / 'tempest.conf')
        self.assertEqual('True', parser['service_available']['designate'])
        self.assertEqual(f'127.0.0.1:{stack.dns_port}', parser['dns']['nameservers'])
        self.assertEqual(dict.fromkeys((
            'api_v2', 'api_admin', 'api_v2_root_recordsets', 'api_v2_quotas',
            'api_v2_quotas_verify_project', 'bug_1573141_fixed', 'bug_1932026_fixed'), 'True'),
            dict(parser['dns_feature_enabled']))

    def test_another_repository(self) -> None:
        stack = self.devstack('fake', DESIGNATE_REPO='https://git.example/dns',
                              DESIGNATE_BRANCH='topic', DESIGNATE_DIR=str(devstack.TREE))
        stack.run('stack install')
        self.assertIn(f'git_clone https://git.example/dns {devstack.TREE} topic', stack.calls())

    def test_what_an_operator_sets(self) -> None:
        stack = self.devstack(
            'fake', SCHEDULER_FILTERS='attribute,random', DESIGNATE_QUOTA_ZONES='7',
            DESIGNATE_PERIODIC_RECOVERY_INTERVAL='120', DESIGNATE_PERIODIC_SYNC_INTERVAL='1800',
            DESIGNATE_COORDINATION_URL='etcd3+http://127.0.0.1:2379', DISABLED_SERVICES='horizon',
            DESIGNATE_NOTIFICATION_TOPICS='one,two', DESIGNATE_ENABLE_API_ADMIN='no')
        stack.run(*devstack.CONFIGURE)
        self.check_files(stack, ['default'])
        self.assertIn(f'setup_develop {devstack.TREE} mysql,memcache,etcd', stack.calls())
        parser = configparser.RawConfigParser()
        parser.read(stack.etc / 'designate/designate.conf')
        for section, option, value in (
                ('service:central', 'scheduler_filters', 'attribute,random'),
                ('DEFAULT', 'quota_zones', '7'), ('producer_task:sweep', 'interval', '120'),
                ('producer_task:verify', 'interval', '1800'),
                ('oslo_messaging_notifications', 'topics', 'one,two'),
                ('service:api', 'enable_api_admin', 'False'),
                ('coordination', 'backend_url', 'etcd3+http://127.0.0.1:2379')):
            self.assertEqual(value, parser[section][option])

    def test_defaults_and_functions(self) -> None:
        """What scripts of operators set and call."""
        stack = self.devstack('bind9')
        rc = stack.directory / 'localrc'
        rc.write_text(re.sub(r'(?m)^DESIGNATE_.*\n', '', rc.read_text()))
        names = ' '.join(DEFAULTS)
        (stack.directory / 'show').write_text(
            f'for each in {names}; do echo "$each=${{!each}}"; done\n'
            f'declare -F {" ".join(FUNCTIONS)}\n')
        with rc.open('a') as file:
            file.write(f'trap "source {stack.directory}/show" EXIT\n')
        shown = stack.run('stack pre-install').splitlines()
        self.assertEqual([f'{name}={value}' for name, value in DEFAULTS.items()],
                         shown[:len(DEFAULTS)])
        self.assertEqual(list(FUNCTIONS), shown[len(DEFAULTS):])


class RunTest(devstack.Mixin, base.TestCase):
    """All phases, with a real broker, database, Apache and name servers."""

    def stack(self, driver: str, mod_wsgi: str = '', **localrc: str) -> devstack.Devstack:
        """Return one that has started."""
        base.require('apache2')
        base.require('uwsgi')
        cache = self.enterContext(memcached.running())
        self.bus = rabbitmq.shared().url()
        self.site = self.devstack(
            driver, TRANSPORT_URL=self.bus, DATABASE_URL=mariadb.shared().url(),
            DESIGNATE_COORDINATION_URL=f'memcached://127.0.0.1:{cache.port}', **localrc)
        self.site.serve(mod_wsgi)
        self.site.run(*devstack.STACK)
        self.api = standalone.Client(self.site.port)
        self.addCleanup(self.api.close)
        return self.site

    def ask(self, name: str, port: int | None = None, key: dict | None = None) -> list[str]:
        """The addresses that a name server has for a name.

        :param key: a key ring to sign the question.
        """
        query = dns.message.make_query(name, 'A', flags=0)
        if key:
            query.use_tsig(key)
        with contextlib.suppress(OSError):
            answer = dns.query.udp(query, '127.0.0.1', port=port or self.site.dns_port, timeout=2)
            return [each.to_text() for rrset in answer.answer for each in rrset]
        return []

    def zone(self, name: str, address: str, **attributes: str) -> None:
        """Create a zone with one address, and return when it is served."""
        try:
            zone = self.api('POST', '/dns/v2/zones', {
                'name': name, 'email': 'me@example.org', 'attributes': attributes})
            path = f"/dns/v2/zones/{zone['id']}"
            self.api('POST', f'{path}/recordsets', {
                'name': f'www.{name}', 'type': 'A', 'records': [address]})
            self.api.active(path, 60)
        except AssertionError as problem:
            raise AssertionError(self.site.logs()) from problem

    def notified(self) -> list[str]:
        """The types of the notifications that wait for whoever listens."""
        found = []
        with kombu.Connection(self.bus.replace('rabbit:', 'amqp:')) as bus:
            while message := bus.default_channel.basic_get('notifications.info', no_ack=True):
                found.append(json.loads(json.loads(message.body)['oslo.message'])['event_type'])
        return found

    def end(self) -> None:
        """Stop and clean; fail if a role had ended before, or had something to complain of."""
        self.site.run('unstack', 'clean')
        self.assertEqual([], list(self.site.directory.glob('designate-*.pid')))
        complaints = [f'{each.name}: {line}' for each in self.site.directory.glob('designate-*.log')
                      for line in each.read_text(errors='replace').splitlines()
                      if re.search('Traceback|^[-0-9]+ [.:0-9]+ [0-9]+ (ERROR|CRITICAL) ', line)]
        self.assertEqual([], complaints)

    def serves(self, driver: str) -> None:
        """Start, have a zone served, and stop."""
        self.stack(driver)
        self.zone('example.org.', '192.0.2.1')
        self.assertEqual(['192.0.2.1'], self.ask('www.example.org.'))
        self.end()

    def test_bind9(self) -> None:
        base.require('named')
        site = self.stack('bind9')
        self.zone('example.org.', '192.0.2.1')
        self.assertEqual(['192.0.2.1'], self.ask('www.example.org.'))
        # An answer that is given before the body is read reaches the client nevertheless.
        for each in range(50):
            with self.assertRaises(standalone.Refused) as caught:
                self.api('POST', '/dns/nowhere', {'name': 'x' * 1000})
            self.assertEqual(404, caught.exception.code)
        self.assertIn('dns.zone.create', self.notified())
        command = cli.Cli(site.url)
        self.assertEqual(['example.org.'], [each['name'] for each in command('zone list')])
        self.end()

    def test_knot(self) -> None:
        base.require('knotd')
        self.serves('knot')

    def test_nsd4(self) -> None:
        base.require('nsd')
        self.serves('nsd4')

    def test_pdns4(self) -> None:
        base.require('pdns_server')
        self.serves('pdns4')

    def test_multipool_bind9(self) -> None:
        base.require('named')
        site = self.stack('multipool-bind9')
        self.zone('example.org.', '192.0.2.1')
        self.zone('example.net.', '192.0.2.2', service_tier='second')
        self.assertEqual(['192.0.2.1'], self.ask('www.example.org.'))
        self.assertEqual([], self.ask('www.example.net.'))
        self.assertEqual(['192.0.2.2'], self.ask('www.example.net.', site.dns_port2))
        self.assertEqual([], self.ask('www.example.org.', site.dns_port2))
        self.end()

    def test_split_horizon_bind9(self) -> None:
        base.require('named')
        site = self.stack('split-horizon-bind9')
        self.zone('example.org.', '10.0.0.1')
        self.zone('example.org.', '192.0.2.1', view='external')
        key = re.search('secret "(.*)"', (site.etc / 'designate/designate-pool2.key').read_text())
        outside = dns.tsigkeyring.from_text({'designate-pool2': key[1]})
        self.assertEqual(['10.0.0.1'], self.ask('www.example.org.'))
        self.assertEqual(['192.0.2.1'], self.ask('www.example.org.', key=outside))
        self.end()

    def test_mod_wsgi_and_a_catalog_zone(self) -> None:
        module = apache.require_mod_wsgi(self)
        base.require('named')
        self.stack('bind9', str(module), DESIGNATE_WSGI_MODE='mod_wsgi',
                   DESIGNATE_USE_CATALOG_ZONES='True')
        self.zone('example.org.', '192.0.2.1')
        self.assertEqual(['192.0.2.1'], self.ask('www.example.org.'))
        self.end()
