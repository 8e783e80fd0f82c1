# SPDX-License-Identifier: Apache-2.0
"""The tables: those of the resources, from their declarations, and the store's own."""
import sqlalchemy
from sqlalchemy import Column
from sqlalchemy import Computed
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from designate_like import resources
from designate_like.resources import types

metadata = sqlalchemy.MetaData()

_id = types.ascii_column(36)
_serial = types.Serial().column()
_time = types.DateTime().column()
_bytes = types.Bytes().column()

pools = Table('pools', metadata, *resources.Pool.columns())

# A removed zone keeps its row, with its id in ``deleted``, until its recordsets are purged.
zones = Table(
    'zones', metadata, *resources.Zone.columns(),
    Column('deleted', _id, nullable=False, server_default=''),
    Column('deleted_at', _time),
    Column('pending', sqlalchemy.Boolean(), Computed('settled_serial < serial OR deleting')),
    UniqueConstraint('key', 'deleted', 'pool_id', name='zone_of_a_pool'),
    Index('zones_of_a_project', 'project_id', 'deleted', 'created_at', 'id', 'type'),
    Index('zones_of_a_pool', 'pool_id', 'deleted', 'pool_version'),
    Index('zones_by_age', 'created_at', 'id'),
    Index('zones_to_refresh', 'type', 'refresh_at'),
    Index('zones_that_expire', 'expire_at'),
    Index('zones_at_work', 'deleted', 'pending', 'id'))

# ``wire`` holds the records as the DNS carries them: for each its length (two bytes), then
# its RDATA. The SOA's is empty: it is made of the zone's row.
recordsets = Table(
    'recordsets', metadata, *resources.Recordset.columns(),
    Column('wire', _bytes, nullable=False),
    UniqueConstraint('zone_id', 'key', 'type', name='recordset_of_a_zone'),
    Index('recordsets_by_age', 'created_at', 'id'),
    Index('recordsets_of_a_type', 'zone_id', 'type', 'created_at', 'id'),
    Index('recordsets_of_a_zone', 'zone_id', 'created_at', 'id'),
    Index('recordsets_of_a_project', 'project_id', 'created_at', 'id'))

# Where an owner has records, as a list of recordsets' zone_id and id, and when it last said so. One
# that has none any more (null) is remembered for a while, for news of it that come late.
owners = Table(
    'owners', metadata,
    Column('id', _id, primary_key=True),
    Column('places', sqlalchemy.JSON(none_as_null=True)),
    Column('told_at', _time, nullable=False, index=True))

# One row a version: what leads from serial ``base`` to ``serial``, as whole resource records
# in wire form, the old SOA first among the removed and the new one among the added (RFC 1995
# section 4). Nulls say that the difference was not kept. ``begins`` and ``ends`` say where it lies
# if all differences of the zone are one run of bytes; so sizes are told without reading them.
journal = Table(
    'journal', metadata,
    Column('zone_id', _id, primary_key=True),
    Column('serial', _serial, primary_key=True, autoincrement=False),
    Column('base', _serial, nullable=False),
    Column('removed', _bytes),
    Column('added', _bytes),
    Column('begins', sqlalchemy.BigInteger(), nullable=False),
    Column('ends', sqlalchemy.BigInteger(), nullable=False),
    Column('created_at', _time, nullable=False, index=True))

quotas = Table(
    'quotas', metadata,
    Column('project_id', sqlalchemy.Unicode(36), primary_key=True),
    Column('resource', types.ascii_column(32), primary_key=True),
    Column('hard_limit', sqlalchemy.Integer(), nullable=False))

# How much of each counted thing a project has; the row is the lock that keeps quotas exact.
usages = Table(
    'usages', metadata,
    Column('project_id', sqlalchemy.Unicode(36), primary_key=True),
    Column('resource', types.ascii_column(32), primary_key=True),
    Column('used', sqlalchemy.Integer(), nullable=False))

# Rows to lock while names are compared, one per registrable domain. A lock is an UPDATE: nodes of
# a cluster do not see each other's locks, and let the first of two writers win.
name_locks = Table(
    'name_locks', metadata,
    Column('name', types.ascii_column(255), primary_key=True),
    Column('turn', _serial, nullable=False))

# The number of the last transaction that was committed on each connection; MariaDB only.
commits = Table(
    'commits', metadata,
    Column('connection_id', _id, primary_key=True),
    Column('number', _serial, nullable=False),
    Column('signed_at', _time, nullable=False, index=True))

# What the name servers of a zone were last seen to show of it.
receipts = Table('receipts', metadata, *resources.Receipt.columns())

tlds = Table('tlds', metadata, *resources.Tld.columns())
blacklists = Table('blacklists', metadata, *resources.Blacklist.columns())
tsigkeys = Table('tsigkeys', metadata, *resources.Tsigkey.columns())

service_statuses = Table(
    'service_statuses', metadata, *resources.ServiceStatus.columns(),
    UniqueConstraint('service_name', 'hostname', name='role_of_a_host'))

shared_zones = Table(
    'shared_zones', metadata, *resources.SharedZone.columns(),
    UniqueConstraint('zone_id', 'target_project_id', name='share_of_a_zone'))
zone_transfer_requests = Table(
    'zone_transfer_requests', metadata, *resources.ZoneTransferRequest.columns())
zone_transfer_accepts = Table(
    'zone_transfer_accepts', metadata, *resources.ZoneTransferAccept.columns())

# ``caller`` is who asked for the import, as the bus carries a context, without credentials.
zone_imports = Table(
    'zone_imports', metadata, *resources.ZoneImport.columns(),
    Column('caller', sqlalchemy.JSON(), nullable=False),
    Column('claim', _id, nullable=False),
    Column('claimed_until', _time, nullable=False),
    Column('attempts', sqlalchemy.Integer(), nullable=False),
    Index('zone_imports_of_a_project', 'project_id', 'created_at', 'id'),
    Index('zone_imports_at_work', 'status', 'claimed_until'))
zone_exports = Table(
    'zone_exports', metadata, *resources.ZoneExport.columns(),
    Index('zone_exports_of_a_project', 'project_id', 'created_at', 'id'))

# Pieces of texts on their way: a zone file to be imported has the id of its import, and says
# which project sends it. ``size`` is in bytes.
chunks = Table(
    'chunks', metadata,
    Column('text_id', _id, primary_key=True),
    Column('number', sqlalchemy.Integer(), primary_key=True, autoincrement=False),
    Column('content', _bytes, nullable=False),
    Column('size', sqlalchemy.Integer(), nullable=False),
    Column('project_id', sqlalchemy.Unicode(36)),
    Column('created_at', _time, nullable=False, index=True),
    Index('chunks_of_a_project', 'project_id', 'size'))

# Pools that zones have moved away from, whose servers may still carry them: to be taken away
# there once the zone's own servers have shown ``serial``.
departures = Table(
    'departures', metadata,
    Column('zone_id', _id, primary_key=True),
    Column('pool_id', _id, primary_key=True, index=True),
    Column('serial', _serial, nullable=False))

# Zones that targets of a pool, by the address of each, carry but should not have any more.
orphans = Table(
    'orphans', metadata,
    Column('pool_id', _id, primary_key=True),
    Column('host', types.ascii_column(255), primary_key=True),
    Column('port', sqlalchemy.Integer(), primary_key=True, autoincrement=False),
    Column('name', types.ascii_column(255), primary_key=True),
    Column('since', _time, nullable=False))
