# SPDX-License-Identifier: Apache-2.0
"""The database, and the only place that speaks SQL."""
from designate_like.store import blacklists
from designate_like.store import journal
from designate_like.store import pools
from designate_like.store import quotas
from designate_like.store import recordsets
from designate_like.store import service_statuses
from designate_like.store import tlds
from designate_like.store import tsigkeys
from designate_like.store import zones
from designate_like.store.engine import Store
from designate_like.store.engine import retried
from designate_like.store.query import Page
from designate_like.store.repository import Repository

__all__ = ('Page', 'Repository', 'Store', 'blacklists', 'journal', 'pools', 'quotas',
           'recordsets', 'retried', 'service_statuses', 'tlds', 'tsigkeys', 'zones')
