# SPDX-License-Identifier: Apache-2.0
"""Questions about policy files."""
import pathlib
import re

import yaml
from oslo_config import cfg

from designate_like import policy

_REFERENCE = re.compile(r'\brule:([^\s()]+)')


def problems(conf: cfg.ConfigOpts) -> list[str]:
    """What is outdated in the policy file, and in those of the policy directories.

    :raises ConfigurationError: when one cannot be read.
    """
    enforcer = policy.init(conf)
    found = []
    path = conf.find_file(conf.oslo_policy.policy_file)
    if path and _is_json(pathlib.Path(path).read_text(encoding='utf-8')):
        found.append(f'{path} is JSON: oslopolicy-convert-json-to-yaml makes YAML of it')
    rules, known = enforcer.file_rules, enforcer.registered_rules
    used = {name for rule in rules.values() for name in _REFERENCE.findall(rule.check_str)}
    unknown = sorted(set(rules) - set(known) - used)
    if unknown:
        found.append(f'No such rule, so nobody asks for it: {", ".join(unknown)}')
    removed = sorted(name for name in rules
                     if name in known and known[name].deprecated_for_removal)
    if removed:
        found.append(f'Rules that will be removed: {", ".join(removed)}')
    return found


def _is_json(text: str) -> bool:
    """Whether a policy file, which oslo.policy has read as YAML, is of the former form.

    Every JSON document is YAML; one whose braces are written is a flow mapping.
    """
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    return isinstance(document, yaml.MappingNode) and bool(document.flow_style) \
        and bool(document.value)
