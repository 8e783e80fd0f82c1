# SPDX-License-Identifier: Apache-2.0
"""May they do that? The rules of :mod:`policies` as oslo.policy and the operator see them."""
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from oslo_config import cfg
from oslo_context import context
from oslo_policy import policy

from designate_like import conf as configuration
from designate_like import errors
from designate_like import policies

LOG = logging.getLogger(__name__)

# Seconds between two looks at the policy files. oslo.policy alone would look for them at every
# check, which costs more than the check.
RELOAD_INTERVAL = 5.0

_lock = threading.Lock()
_enforcer: policy.Enforcer | None = None
_looked_at = 0.0


def init(conf: cfg.ConfigOpts) -> policy.Enforcer:
    """Make the enforcer anew from this configuration, and read the policy files.

    :raises ConfigurationError: when they cannot be read.
    """
    global _enforcer, _looked_at
    with _lock:
        enforcer = policy.Enforcer(conf)
        enforcer.suppress_default_change_warnings = True
        enforcer.register_defaults(policies.list_rules())
        try:
            _load(enforcer)
        except (ValueError, OSError, cfg.Error) as problem:
            reason = ' '.join(str(problem).split())     # A YAML parser says it in several lines.
            raise errors.ConfigurationError(
                f"{configuration.place(conf, 'policy_file', 'oslo_policy')}: {reason}"
            ) from problem
        _tell_of_absence(conf)
        _enforcer, _looked_at = enforcer, time.monotonic()
        return enforcer


def _tell_of_absence(conf: cfg.ConfigOpts) -> None:
    """Say in the log that the file which the operator names is not there.

    Former configuration files often name one that nobody has written, so it is no error.
    """
    if conf.get_location('policy_file', 'oslo_policy').location.is_user_controlled \
            and not conf.find_file(conf.oslo_policy.policy_file):
        LOG.warning('%s: there is no file %s; the default rules hold',
                    configuration.place(conf, 'policy_file', 'oslo_policy'),
                    conf.oslo_policy.policy_file)


def get_enforcer() -> policy.Enforcer:
    """Return the enforcer; the policy tools call this too, and have no configuration read."""
    if _enforcer is not None:
        return _enforcer
    try:
        return init(configuration.CONF)
    except cfg.NotInitializedError:
        configuration.CONF([], project=configuration.PROJECT)
        return init(configuration.CONF)


def _load(enforcer: policy.Enforcer) -> None:
    """Read the files that have changed; between two such looks the enforcer reads nothing."""
    if path := enforcer.conf.find_file(enforcer.policy_file):
        open(path).close()      # What oslo.policy cannot read is no rules to it.
    enforcer.use_conf = True
    try:
        enforcer.load_rules()
    finally:
        enforcer.use_conf = False


def _current() -> policy.Enforcer:
    """Return the enforcer with the rules as the files say, give or take RELOAD_INTERVAL."""
    global _looked_at
    enforcer = get_enforcer()
    if time.monotonic() - _looked_at > RELOAD_INTERVAL and _lock.acquire(blocking=False):
        try:
            _load(enforcer)
        except (ValueError, OSError, cfg.Error):
            LOG.exception('The policy files cannot be read; the rules read before stay')
        finally:
            _looked_at = time.monotonic()
            _lock.release()
    return enforcer


def allows(ctx: context.RequestContext, rule: str, target: Mapping[str, Any]) -> bool:
    """Whether the caller may do what the rule guards; the service itself always may."""
    return bool(ctx.is_admin) or bool(
        _current().authorize(rule, target, dict(ctx.to_policy_values())))


def authorize(ctx: context.RequestContext, rule: str, target: Mapping[str, Any]) -> None:
    """Refuse what the rule does not allow the caller.

    :param target: what :func:`target` made of the object in question.
    :raises errors.Forbidden: the rule says no.
    :raises errors.InvalidTokenScope: the token is not for a project.
    """
    if ctx.is_admin:
        return
    try:
        _current().authorize(rule, target, dict(ctx.to_policy_values()), do_raise=True,
                             exc=errors.Forbidden)
    except policy.InvalidScope:
        raise errors.InvalidTokenScope() from None


def target(project_id: str | None, **details: Any) -> dict[str, Any]:
    """Return the target of a check: its owner under both names, and what else rules look at.

    :param details: zone_id, zone_type, zone_shared and the like, see :mod:`policies`.
    """
    return {'project_id': project_id, 'tenant_id': project_id, **details}
