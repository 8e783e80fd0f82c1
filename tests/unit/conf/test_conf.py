# SPDX-License-Identifier: Apache-2.0
"""Options: their defaults, their names in files, and how files are read."""
import logging
import pathlib
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

from oslo_config import cfg
from oslo_log import formatters

from designate_like import conf
from designate_like.conf import opts
from tests import base

# What operators have in their files, from the table of the contract: group, option, default.
KNOWN = [
    ('DEFAULT', 'default_ttl', 3600),
    ('DEFAULT', 'default_soa_refresh_min', 3500),
    ('DEFAULT', 'default_soa_refresh_max', 3600),
    ('DEFAULT', 'default_soa_retry', 600),
    ('DEFAULT', 'default_soa_expire', 86400),
    ('DEFAULT', 'default_soa_minimum', 3600),
    ('DEFAULT', 'backlog', 4096),
    ('DEFAULT', 'notify_api_faults', False),
    ('DEFAULT', 'notification_plugin', 'default'),
    ('DEFAULT', 'quota_driver', 'storage'),
    ('DEFAULT', 'quota_zones', 10),
    ('DEFAULT', 'quota_zone_recordsets', 500),
    ('DEFAULT', 'quota_zone_records', 500),
    ('DEFAULT', 'quota_recordset_records', 20),
    ('DEFAULT', 'quota_api_export_size', 1000),
    ('service:api', 'threads', 100),
    ('service:api', 'enable_host_header', True),
    ('service:api', 'api_base_uri', 'http://127.0.0.1:9001/'),
    ('service:api', 'listen', ['0.0.0.0:9001']),
    ('service:api', 'auth_strategy', 'keystone'),
    ('service:api', 'default_limit_v2', 20),
    ('service:api', 'max_limit_v2', 1000),
    ('service:api', 'quotas_verify_project_id', False),
    ('service:api', 'allow_empty_secrets_for_tsig', True),
    ('service:api', 'maintenance_mode', False),
    ('service:api', 'maintenance_mode_role', 'admin'),
    ('service:central', 'threads', 100),
    ('service:central', 'max_zone_name_len', 255),
    ('service:central', 'managed_resource_email', 'hostmaster@example.com'),
    ('service:central', 'min_ttl', 0),
    ('service:central', 'default_pool_id', '794ccc2c-d751-44fe-b57f-8894c9f5c842'),
    ('service:central', 'topic', 'central'),
    ('service:central', 'scheduler_filters', ['default_pool']),
    ('service:worker', 'threads', 200),
    ('service:worker', 'threshold_percentage', 100),
    ('service:worker', 'poll_timeout', 30),
    ('service:worker', 'topic', 'worker'),
    ('service:worker', 'xfr_timeout', 10),
    ('service:worker', 'all_tcp', False),
    ('service:producer', 'threads', 20),
    ('service:producer', 'enabled_tasks', None),
    ('service:mdns', 'threads', 1000),
    ('service:mdns', 'listen', ['0.0.0.0:5354']),
    ('service:mdns', 'tcp_backlog', 100),
    ('service:mdns', 'tcp_recv_timeout', 0.5),
    ('service:mdns', 'query_enforce_tsig', False),
    ('service:mdns', 'max_message_size', 65535),
    ('service:sink', 'enabled_notification_handlers', []),
    ('service:sink', 'listener_pool_name', None),
    ('handler:nova_fixed', 'control_exchange', 'nova'),
    ('handler:nova_fixed', 'notification_topics', ['notifications']),
    ('handler:nova_fixed', 'zone_id', None),
    ('handler:neutron_floatingip', 'control_exchange', 'neutron'),
    ('handler:fake', 'control_exchange', 'fake'),
    ('handler:fake', 'allowed_event_types', []),
    ('storage:sqlalchemy', 'connection', None),
    ('storage:sqlalchemy', 'mysql_sql_mode', 'TRADITIONAL'),
    ('keystone', 'service_type', 'identity'),
    ('keystone', 'region_name', None),
    ('keystone', 'endpoint_override', None),
    ('keystone', 'cafile', None),
    ('keystone', 'insecure', False),
    ('keystone', 'timeout', 5),
    ('coordination', 'backend_url', None),
    ('coordination', 'heartbeat_interval', 5.0),
    ('heartbeat_emitter', 'heartbeat_interval', 10.0),
    ('heartbeat_emitter', 'emitter_type', 'rpc'),
]


class ConfTest(base.TestCase):

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(conf.CONF.reset)

    def load(self, text: str = '', *args: str, **overrides: Any) -> cfg.ConfigOpts:
        path = pathlib.Path(self.directory(), 'designate_like.conf')
        path.write_text(text)
        for name in overrides:
            self.addCleanup(conf.CONF.clear_override, name)
        return conf.load(['--config-file', str(path), *args], **overrides)

    def test_defaults_are_those_that_operators_know(self) -> None:
        read = self.load()
        for group, name, default in KNOWN:
            with self.subTest(group=group, name=name):
                section = read if group == 'DEFAULT' else read[group]
                self.assertEqual(default, getattr(section, name))

    def test_every_option_says_what_it_does(self) -> None:
        for group, options in opts.list_opts():
            if group is not None and group.name in ('storage:sqlalchemy', 'keystone'):
                continue    # Those are oslo.db's and keystoneauth's own.
            for option in options:
                with self.subTest(group=group, name=option.name):
                    self.assertRegex(option.help or '', r'^[A-Z].{15,}\.$')

    def test_a_sentence_names_the_file_that_sets_the_option(self) -> None:
        """Not the last file that has the section, as oslo.config does."""
        first, second = (self.directory() / 'one.conf' for _ in range(2))
        first.write_text('[DEFAULT]\nhost = one\ndefault_ttl = 1\n')
        second.write_text('[DEFAULT]\ndefault_ttl = 2\n')
        read = conf.load(['--config-file', str(first), '--config-file', str(second)])
        self.assertEqual(f'{first}: [DEFAULT] host', conf.place(read, 'host'))
        self.assertEqual(f'{second}: [DEFAULT] default_ttl', conf.place(read, 'default_ttl'))
        second.write_text('[service:producer]\nworkers = 2\n')
        conf.load(['--config-file', str(first), '--config-file', str(second)])
        self.assertEqual(f'{second}: [service:producer] workers: two',
                         conf.located('[service:producer] workers: two'))
        for plain in ('[service:api] listen: is not set', '[nonsense] x: y', 'mdns cannot listen'):
            self.assertEqual(plain, conf.located(plain))
        first.write_text('[DEFAULT]\nquota_zones = many\n')
        with self.assertRaisesRegex(cfg.Error, f'{first}: .DEFAULT. quota_zones: .*many'):
            conf.load(['--config-file', str(first), '--config-file', str(second)])

    def test_a_wrong_value_that_is_read_again_changes_nothing(self) -> None:
        read = self.load('[DEFAULT]\ndefault_ttl = 7\n')
        file = pathlib.Path(read.config_file[0])
        file.write_text('[DEFAULT]\ndefault_ttl = abc\nquota_zones = 77\n')
        self.refused(lambda: None, f'{file}: [DEFAULT] default_ttl: ')
        self.assertEqual((7, 10), (read.default_ttl, read.quota_zones))
        file.write_text('[DEFAULT]\ndefault_ttl = 8\n')
        self.assertTrue(conf.reload(lambda: None))
        self.assertEqual(8, read.default_ttl)

    def test_what_its_user_refuses_changes_nothing(self) -> None:
        read = self.load('[DEFAULT]\ndefault_ttl = 7\nquota_zones = 9\n')
        first, seen = read.config_file[0], []

        def check() -> None:
            seen.append((read.default_ttl, conf.place(read, 'default_ttl')))
            raise cfg.Error('not that')
        pathlib.Path(first).write_text('[DEFAULT]\ndefault_ttl = 8\n')
        self.refused(check, 'not that')
        self.assertEqual([(8, f'{first}: [DEFAULT] default_ttl')], seen)
        self.assertEqual((7, 9), (read.default_ttl, read.quota_zones))
        self.assertEqual(f'{first}: [DEFAULT] quota_zones', conf.place(read, 'quota_zones'))
        pathlib.Path(first).write_text(f'[DEFAULT]\nlog_file = {first}/no.log\n')
        self.refused(lambda: None, f'{first}: [DEFAULT] log_file: ')

    def refused(self, check: Callable[[], None], sentence: str) -> None:
        """Read the files again in vain, for this reason."""
        with self.assertLogs('designate_like.conf', 'ERROR') as logs:
            self.assertFalse(conf.reload(check))
        self.assertIn(f'What the configuration was before stays in force: {sentence}',
                      logs.output[0])

    def test_files_are_read_and_old_names_hold(self) -> None:
        with self.assertLogs('oslo_config.cfg', 'WARNING'):
            read = self.load('[DEFAULT]\ndefault_soa_refresh = 7\n'
                             '[service:central]\nmax_record_name_len = 99\n'
                             '[storage:sqlalchemy]\nconnection = sqlite:///x\n')
        self.assertEqual(7, read.default_soa_refresh_min)
        self.assertEqual(99, read['service:central'].max_recordset_name_len)
        self.assertEqual('sqlite:///x', read['storage:sqlalchemy'].connection)

    def test_what_is_not_known_is_passed_over(self) -> None:
        read = self.load('[DEFAULT]\nroot_helper = sudo designate-rootwrap /etc/rootwrap.conf\n'
                         '[service:pool_manager]\nworkers = 2\n[service:zone_manager]\na = b\n'
                         '[service:agent]\nbackend_driver = bind9\n[backend:bind9]\na = b\n'
                         '[pool:794ccc2c-d751-44fe-b57f-8894c9f5c842]\ntargets = x\n'
                         '[pool_target:x]\ntype = bind9\n[pqc]\ncheck_mode = strict\n'
                         '[producer_task:delayed_notify]\ninterval = 5\nbatch_size = 100\n'
                         '[service:worker]\nenabled = True\npoll_max_retries = 6\n')
        self.assertEqual(6, read['service:worker'].poll_max_retries)

    def test_files_of_designate_are_read_where_there_are_none_of_ours(self) -> None:
        directory = self.directory()
        ours, former = directory / 'designate_like.conf', directory / 'designate.conf'
        self.assertEqual([str(ours)], conf.files_in(str(directory)))
        former.touch()
        self.assertEqual([str(former)], conf.files_in(str(directory)))
        ours.touch()
        self.assertEqual([str(ours)], conf.files_in(str(directory)))

    def test_the_usual_places(self) -> None:
        home = self.directory()
        self.enterContext(mock.patch.dict('os.environ', HOME=str(home)))
        (home / '.designate').mkdir()
        (home / '.designate' / 'designate.conf').write_text('[DEFAULT]\ndefault_ttl = 61\n')
        self.assertEqual(61, conf.load([]).default_ttl)
        (home / '.designate_like').mkdir()
        (home / '.designate_like' / 'designate_like.conf').write_text(
            '[DEFAULT]\ndefault_ttl = 62\n')
        self.assertEqual(62, conf.load([]).default_ttl)

    def test_overrides_hold_over_files(self) -> None:
        self.assertEqual('/tmp/b', self.load('[DEFAULT]\nstate_path = /tmp/a\n',
                                             state_path='/tmp/b').state_path)

    def test_a_wrong_value_is_refused(self) -> None:
        for section, line in (('service:api', 'auth_strategy = none'),
                              ('service:worker', 'threshold_percentage = 101'),
                              ('service:mdns', 'max_message_size = 70000')):
            with self.subTest(line=line):
                with self.assertRaisesRegex(
                        cfg.ConfigFileValueError,
                        rf'designate_like\.conf: \[{section}\] {line.split()[0]}: '):
                    self.load(f'[{section}]\n{line}\n')

    def test_a_base_of_links_is_a_url(self) -> None:
        for value in ('nonsense', 'nonsense:', 'ftp://host/', 'http://', 'http://host:port/'):
            with self.subTest(value), self.assertRaises(cfg.ConfigFileValueError) as caught:
                self.load(f'[service:api]\napi_base_uri = {value}\n')
            self.assertTrue(str(caught.exception).endswith(
                f": [service:api] api_base_uri: '{value}' is not a URL such as "
                'https://dns.example.net/'), caught.exception)

    def test_a_line_of_ours_says_once_what_went_wrong(self) -> None:
        """oslo.log adds the exception at hand to every warning; this tells if it stays out."""
        formatter = formatters.ContextFormatter('%(message)s')
        lines = {}
        for name in ('designate_like.worker.job', 'pymysql'):
            for exc_info in (None, True):
                try:
                    raise LookupError('it is gone')
                except LookupError:
                    record = logging.LogRecord(
                        name, logging.WARNING, __file__, 1, 'Alas', (),
                        exc_info and sys.exc_info())
                    lines[name, exc_info] = formatter.format(record).partition('\n')[0]
        self.assertTrue(lines.pop(('designate_like.worker.job', None)).endswith(' Alas'), lines)
        for line in lines.values():
            self.assertIn('Alas: LookupError: it is gone', line)
