# SPDX-License-Identifier: Apache-2.0
"""The nouns of the service, each declared once in a file of its name."""
from designate_like.resources.blacklists import Blacklist
from designate_like.resources.floatingips import Floatingip
from designate_like.resources.owners import Claim
from designate_like.resources.owners import Owner
from designate_like.resources.pools import Address
from designate_like.resources.pools import CatalogZone
from designate_like.resources.pools import Nameserver
from designate_like.resources.pools import NsRecord
from designate_like.resources.pools import Pool
from designate_like.resources.pools import Target
from designate_like.resources.quotas import Quotas
from designate_like.resources.receipts import Propagation
from designate_like.resources.receipts import Receipt
from designate_like.resources.recordsets import Recordset
from designate_like.resources.service_statuses import ServiceStatus
from designate_like.resources.shared_zones import SharedZone
from designate_like.resources.tlds import Tld
from designate_like.resources.tsigkeys import Tsigkey
from designate_like.resources.zone_exports import ZoneExport
from designate_like.resources.zone_imports import ZoneImport
from designate_like.resources.zone_transfer_accepts import ZoneTransferAccept
from designate_like.resources.zone_transfer_requests import ZoneTransferRequest
from designate_like.resources.zones import PoolMove
from designate_like.resources.zones import Zone

__all__ = ('Address', 'Blacklist', 'CatalogZone', 'Claim', 'Floatingip', 'Nameserver', 'NsRecord',
           'Owner', 'Pool', 'PoolMove', 'Propagation', 'Quotas', 'Receipt', 'Recordset',
           'ServiceStatus', 'SharedZone', 'Target', 'Tld', 'Tsigkey', 'Zone', 'ZoneExport',
           'ZoneImport', 'ZoneTransferAccept', 'ZoneTransferRequest')
