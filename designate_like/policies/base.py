# SPDX-License-Identifier: Apache-2.0
"""The building blocks of all rules, and the helper rules that policy files may refer to."""
from oslo_policy import policy

ADMIN = 'role:admin'
OWNER = 'project_id:%(tenant_id)s'
MEMBER = f'{ADMIN} or (role:member and {OWNER})'
READER = f'{ADMIN} or (role:reader and {OWNER})'
ANYONE = '@'

# What rules were before Keystone had the roles member and reader; they apply in addition when
# [oslo_policy] enforce_new_defaults is off.
BEFORE_ROLES = 'rule:admin_or_owner'

# A zone of this type, and one that the project of the caller shares.
PRIMARY = "'PRIMARY':%(zone_type)s"
SECONDARY = "'SECONDARY':%(zone_type)s"
SHARED = "'True':%(zone_shared)s"

RULES = (
    policy.RuleDefault('admin', ADMIN, 'Helper: the caller has the role admin.'),
    policy.RuleDefault('owner', OWNER, 'Helper: the object is of the project of the caller.'),
    policy.RuleDefault('admin_or_owner', 'rule:admin or rule:owner',
                       'Helper: an admin, or the project that owns the object.'),
    policy.RuleDefault('default', MEMBER, 'Stands for every rule that is not there.'),
)


def rule(name: str, check: str, description: str,
         *operations: str) -> policy.DocumentedRuleDefault:
    """Declare a rule.

    :param operations: ``'METHOD /path'`` of each API call that the rule guards.
    """
    calls = [operation.split(' ', 1) for operation in operations]
    before = None
    if OWNER in check:
        before = policy.DeprecatedRule(
            name, BEFORE_ROLES, deprecated_since='0.1.0',
            deprecated_reason='Reading asks for the role reader, changing for member.')
    return policy.DocumentedRuleDefault(
        name, check, description,
        [{'method': method, 'path': path} for method, path in calls],
        scope_types=['project'], deprecated_rule=before)
