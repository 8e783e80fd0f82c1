# SPDX-License-Identifier: Apache-2.0
"""The rules that say who may do what, one file per noun, as oslo.policy defaults.

A rule compares the caller (project_id, roles) with a target. Every target has the owner of
the object as ``project_id`` and ``tenant_id``; where they make sense also zone_id, zone_name,
zone_type, zone_shared ('True' or 'False': shared with the caller), recordset_id,
recordset_name, recordset_project_id, target_project_id, target_tenant_id, resource,
hard_limit, all_tenants, tld_id, tsigkey_id and blacklist_id.
"""
from oslo_policy import policy

from designate_like.policies import base
from designate_like.policies import blacklists
from designate_like.policies import modifiers
from designate_like.policies import pools
from designate_like.policies import quotas
from designate_like.policies import records
from designate_like.policies import recordsets
from designate_like.policies import service_statuses
from designate_like.policies import shared_zones
from designate_like.policies import tenants
from designate_like.policies import tlds
from designate_like.policies import tsigkeys
from designate_like.policies import zone_exports
from designate_like.policies import zone_imports
from designate_like.policies import zone_transfer_accepts
from designate_like.policies import zone_transfer_requests
from designate_like.policies import zones

_MODULES = (base, modifiers, zones, shared_zones, recordsets, records, zone_imports,
            zone_exports, zone_transfer_requests, zone_transfer_accepts, blacklists, tlds,
            tsigkeys, pools, quotas, service_statuses, tenants)


def list_rules() -> list[policy.RuleDefault]:
    """Return all rules, for the enforcer and for oslopolicy-sample-generator."""
    return [rule for module in _MODULES for rule in module.RULES]
