# SPDX-License-Identifier: Apache-2.0
"""The rules as a truth table: who is allowed what by default."""
import os
import pathlib
from typing import Any

from oslo_policy import policy as oslo_policy

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import policies
from designate_like import policy
from tests import base

ADMIN = {'all_tenants', 'use_sudo', 'edit_managed_records', 'hard_delete', 'use_low_ttl',
         'use_blacklisted_zone', 'zone_create_forced_pool', 'abandon_zone', 'purge_zones',
         'pool_move_zone', 'create_pool', 'get_pool', 'update_pool', 'delete_pool', 'find_pool',
         'find_pools', 'set_quota', 'reset_quotas', 'find_service_status',
         'find_service_statuses', 'update_service_status', 'delete_service_status',
         'find_tenants', 'get_tenant', 'count_tenants', 'find_zone_transfer_accepts'} | {
    f'{verb}_{noun}' for noun in ('blacklist', 'tld', 'tsigkey')
    for verb in ('create', 'get', 'update', 'delete')} | {
    'find_blacklists', 'find_tlds', 'find_tsigkeys'}
MEMBER = {'create_zone', 'update_zone', 'delete_zone', 'xfr_zone', 'share_zone', 'unshare_zone',
          'get_zone_share', 'find_project_zone_share', 'zone_export', 'create_zone_export',
          'update_zone_export', 'delete_zone_export', 'create_zone_import',
          'update_zone_import', 'delete_zone_import', 'create_zone_transfer_request',
          'update_zone_transfer_request', 'delete_zone_transfer_request'}
READER = {'find_zones', 'get_zones', 'count_zones', 'count_zones_pending_notify',
          'get_zone_servers', 'get_zone_ns_records', 'find_recordset', 'find_recordsets',
          'get_recordsets', 'count_recordset', 'find_records', 'count_records',
          'find_zone_exports', 'get_zone_export', 'find_zone_imports', 'get_zone_import',
          'get_zone_transfer_accept', 'get_zone_transfer_request_detailed'}
SPECIAL = {'get_zone', 'get_zone_propagation', 'get_recordset', 'get_quotas', 'create_recordset',
           'update_recordset', 'delete_recordset', 'get_zone_transfer_request',
           'create_zone_transfer_accept'}
ANYONE = {'find_zone_shares', 'find_zone_transfer_requests'}
HELPERS = {'admin', 'owner', 'admin_or_owner', 'default'}

# Rule, roles of the caller, project of the caller, details of the target, allowed. The target is
# of project 'owner'.
TABLE = [
    ('get_zone', 'reader', 'owner', {}, True),
    ('get_zone', '', 'owner', {}, False),
    ('get_zone', 'reader', 'guest', {'zone_shared': 'False'}, False),
    ('get_zone', '', 'guest', {'zone_shared': 'True'}, True),
    ('get_zone_propagation', 'reader', 'owner', {}, True),
    ('get_zone_propagation', '', 'owner', {}, False),
    ('get_zone_propagation', '', 'guest', {'zone_shared': 'True'}, True),
    ('get_recordset', 'member', 'guest', {'zone_shared': 'True'}, True),
    ('get_recordset', 'member', 'guest', {}, False),
    ('get_quotas', 'reader', 'owner', {}, True),
    ('get_quotas', 'reader', 'guest', {'all_tenants': True}, True),
    ('get_quotas', 'reader', 'guest', {'all_tenants': False}, False),
    ('get_quotas', 'member', 'guest', {'all_tenants': 'True'}, False),
    ('create_recordset', 'member', 'owner', {'zone_type': 'PRIMARY'}, True),
    ('create_recordset', 'member', 'owner', {'zone_type': 'SECONDARY'}, False),
    ('create_recordset', 'reader', 'owner', {'zone_type': 'PRIMARY'}, False),
    ('create_recordset', 'admin', 'guest', {'zone_type': 'SECONDARY'}, True),
    ('create_recordset', 'admin', 'guest', {'zone_type': 'CATALOG'}, False),
    ('create_recordset', '', 'guest', {'zone_type': 'PRIMARY', 'zone_shared': 'True'}, True),
    ('create_recordset', '', 'guest', {'zone_type': 'SECONDARY', 'zone_shared': 'True'}, False),
    ('update_recordset', 'member', 'owner', {'zone_type': 'PRIMARY'}, True),
    ('update_recordset', 'member', 'guest', {'zone_type': 'PRIMARY', 'zone_shared': 'True'},
     False),
    ('update_recordset', 'member', 'guest',
     {'zone_type': 'PRIMARY', 'recordset_project_id': 'guest'}, True),
    ('delete_recordset', 'reader', 'guest',
     {'zone_type': 'PRIMARY', 'recordset_project_id': 'guest'}, False),
    ('delete_recordset', 'admin', 'guest', {'zone_type': 'PRIMARY'}, True),
    ('get_zone_transfer_request', 'member', 'owner', {'target_project_id': 'x'}, True),
    ('get_zone_transfer_request', '', 'guest', {'target_project_id': 'guest'}, True),
    ('get_zone_transfer_request', '', 'guest', {'target_tenant_id': 'guest'}, True),
    ('get_zone_transfer_request', '', 'guest', {'target_project_id': None}, True),
    ('get_zone_transfer_request', 'member', 'guest', {'target_project_id': 'x'}, False),
    ('create_zone_transfer_accept', '', 'guest', {'target_project_id': 'guest'}, True),
    ('create_zone_transfer_accept', 'member', 'guest', {'target_project_id': 'x'}, False),
    ('owner', '', 'owner', {}, True),
    ('admin_or_owner', 'admin', 'guest', {}, True),
    ('default', 'member', 'owner', {}, True),
    ('default', 'member', 'guest', {}, False),
]


class PolicyCase(base.TestCase):
    """Has an enforcer without policy files, and callers."""

    def setUp(self) -> None:
        super().setUp()
        self.files = self.directory()
        path = self.files / 'designate_like.conf'
        path.write_text('')
        conf.CONF(['--config-file', str(path)], project='designate_like')
        self.addCleanup(conf.CONF.reset)
        policy.init(conf.CONF)

    def allowed(self, rule: str, roles: str, project_id: str, **details: Any) -> bool:
        ctx = context.RequestContext(roles=roles.split(), project_id=project_id)
        target = policy.target('owner', **details)
        try:
            ctx.authorize(rule, target)
        except errors.Forbidden:
            self.assertFalse(ctx.allows(rule, target))
            return False
        self.assertTrue(ctx.allows(rule, target))
        return True


class RulesTest(PolicyCase):

    def test_the_list_is_whole(self) -> None:
        names = [rule.name for rule in policies.list_rules()]
        self.assertEqual(sorted(ADMIN | MEMBER | READER | SPECIAL | ANYONE | HELPERS),
                         sorted(names))

    def test_plain_rules(self) -> None:
        callers = [('admin', 'guest'), ('member', 'owner'), ('reader', 'owner'),
                   ('member reader', 'guest'), ('', 'owner')]
        expected = [(ADMIN, [True, False, False, False, False]),
                    (MEMBER, [True, True, False, False, False]),
                    (READER, [True, False, True, False, False]),
                    (ANYONE, [True, True, True, True, True])]
        for rules, answers in expected:
            for rule in sorted(rules):
                with self.subTest(rule=rule):
                    self.assertEqual(answers, [self.allowed(rule, *who) for who in callers])

    def test_special_rules(self) -> None:
        for rule, roles, project_id, details, answer in TABLE:
            with self.subTest(rule=rule, roles=roles, project_id=project_id, details=details):
                self.assertEqual(answer, self.allowed(rule, roles, project_id, **details))

    def test_every_rule_is_for_tokens_of_a_project(self) -> None:
        for rule in policies.list_rules():
            if rule.name not in HELPERS:
                self.assertEqual(['project'], rule.scope_types)
                self.assertIsInstance(rule, oslo_policy.DocumentedRuleDefault)


class PolicyTest(PolicyCase):

    def test_a_token_for_the_system_is_told_so(self) -> None:
        ctx = context.RequestContext(roles=['admin'], system_scope='all')
        with self.assertRaises(errors.InvalidTokenScope) as caught:
            ctx.authorize('find_tlds', policy.target(None))
        self.assertEqual('invalid_token_scope', caught.exception.type)

    def test_the_service_itself_is_never_refused(self) -> None:
        ctx = context.RequestContext(project_id='guest')
        target = policy.target('owner')
        self.assertFalse(ctx.allows('purge_zones', target))
        ctx.elevated().authorize('purge_zones', target)
        context.admin().authorize('purge_zones', target)
        self.assertFalse(ctx.allows('purge_zones', target))

    def test_a_name_that_is_no_rule_is_a_mistake(self) -> None:
        with self.assertRaises(oslo_policy.PolicyNotRegistered):
            self.allowed('nonsense', 'admin', 'owner')

    def test_a_policy_file_changes_rules_while_we_run(self) -> None:
        path = self.files / 'policy.yaml'
        path.write_text('create_zone: "role:dns"\n')
        policy.init(conf.CONF)
        self.assertEqual([True, False], [self.allowed('create_zone', 'dns', 'guest'),
                                         self.allowed('create_zone', 'member', 'owner')])
        self.enterContext(_Interval(-1))
        self.rewrite(path, 'create_zone: "!"\n')
        self.assertFalse(self.allowed('create_zone', 'admin', 'owner'))
        self.rewrite(path, 'create_zone: [')
        with self.assertLogs('designate_like.policy', 'ERROR'):
            self.assertFalse(self.allowed('create_zone', 'admin', 'owner'))
        path.unlink()
        path.mkdir()        # To oslo.policy no rules at all.
        with self.assertLogs('designate_like.policy', 'ERROR'):
            self.assertFalse(self.allowed('create_zone', 'admin', 'owner'))
        with self.assertRaisesRegex(errors.ConfigurationError, 'policy_file: .*Is a directory'):
            policy.init(conf.CONF)

    def test_the_rules_before_roles_apply_where_asked_for(self) -> None:
        self.assertFalse(self.allowed('create_zone', '', 'owner'))
        conf.CONF.set_override('enforce_new_defaults', False, 'oslo_policy')
        self.addCleanup(conf.CONF.clear_override, 'enforce_new_defaults', 'oslo_policy')
        policy.init(conf.CONF)
        self.assertTrue(self.allowed('create_zone', '', 'owner'))
        self.assertFalse(self.allowed('create_zone', '', 'guest'))
        self.assertFalse(self.allowed('create_tld', '', 'owner'))

    @staticmethod
    def rewrite(path: pathlib.Path, text: str) -> None:
        """Write a file so that it is seen to have changed, whatever the grain of its times."""
        path.write_text(text)
        later = path.stat().st_mtime + 10
        os.utime(path, (later, later))


class _Interval:
    """Sets how often policy files are looked at."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._before, policy.RELOAD_INTERVAL = policy.RELOAD_INTERVAL, self._seconds

    def __exit__(self, *exc_info: Any) -> None:
        policy.RELOAD_INTERVAL = self._before
