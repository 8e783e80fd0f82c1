# SPDX-License-Identifier: Apache-2.0
"""The database, and the only place that speaks SQL."""
from designate_like.store import blacklists
from designate_like.store import chunks
from designate_like.store import departures
from designate_like.store import floatingips
from designate_like.store import journal
from designate_like.store import name_locks
from designate_like.store import orphans
from designate_like.store import owners
from designate_like.store import pools
from designate_like.store import quotas
from designate_like.store import receipts
from designate_like.store import recordsets
from designate_like.store import reports
from designate_like.store import service_statuses
from designate_like.store import shared
from designate_like.store import shared_zones
from designate_like.store import sweeps
from designate_like.store import tlds
from designate_like.store import tsigkeys
from designate_like.store import zone_exports
from designate_like.store import zone_imports
from designate_like.store import zone_transfer_accepts
from designate_like.store import zone_transfer_requests
from designate_like.store import zones
from designate_like.store.current import await_current
from designate_like.store.current import require_current
from designate_like.store.engine import Store
from designate_like.store.engine import retried
from designate_like.store.query import Page
from designate_like.store.repository import Repository

__all__ = ('Page', 'Repository', 'Store', 'await_current', 'blacklists', 'chunks', 'departures',
           'floatingips', 'journal', 'name_locks', 'orphans', 'owners', 'pools', 'quotas',
           'receipts', 'recordsets', 'reports', 'require_current', 'retried', 'service_statuses',
           'shared_zones', 'sweeps', 'tlds', 'tsigkeys', 'zone_exports', 'zone_imports',
           'zone_transfer_accepts', 'zone_transfer_requests', 'zones')

shared.prepare()
