# SPDX-License-Identifier: Apache-2.0
"""The first schema."""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0001'
down_revision = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_BYTES = sa.LargeBinary().with_variant(mysql.LONGBLOB(), 'mysql', 'mariadb')
_TIME = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')


def _ascii(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(
        mysql.VARCHAR(length, charset='ascii', collation='ascii_bin'), 'mysql', 'mariadb')


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        # Texts are of any language, and compared bytewise as in SQLite, whatever the server's way.
        op.execute('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin')
    op.create_table(
        'blacklists',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('pattern', sa.Unicode(255), nullable=False),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('pattern'))
    op.create_table(
        'chunks',
        sa.Column('text_id', _ascii(36), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('content', _BYTES, nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('project_id', sa.Unicode(36)),
        sa.Column('created_at', _TIME, nullable=False),
        sa.PrimaryKeyConstraint('text_id', 'number'))
    op.create_index('chunks_of_a_project', 'chunks', ['project_id', 'size'])
    op.create_index('ix_chunks_created_at', 'chunks', ['created_at'])
    op.create_table(
        'commits',
        sa.Column('connection_id', _ascii(36), nullable=False),
        sa.Column('number', _INTEGER, nullable=False),
        sa.Column('signed_at', _TIME, nullable=False),
        sa.PrimaryKeyConstraint('connection_id'))
    op.create_index('ix_commits_signed_at', 'commits', ['signed_at'])
    op.create_table(
        'departures',
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('pool_id', _ascii(36), nullable=False),
        sa.Column('serial', _INTEGER, nullable=False),
        sa.PrimaryKeyConstraint('zone_id', 'pool_id'))
    op.create_index('ix_departures_pool_id', 'departures', ['pool_id'])
    op.create_table(
        'journal',
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('serial', _INTEGER, autoincrement=False, nullable=False),
        sa.Column('base', _INTEGER, nullable=False),
        sa.Column('removed', _BYTES),
        sa.Column('added', _BYTES),
        sa.Column('begins', sa.BigInteger(), nullable=False),
        sa.Column('ends', sa.BigInteger(), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.PrimaryKeyConstraint('zone_id', 'serial'))
    op.create_index('ix_journal_created_at', 'journal', ['created_at'])
    op.create_table(
        'name_locks',
        sa.Column('name', _ascii(255), nullable=False),
        sa.Column('turn', _INTEGER, nullable=False),
        sa.PrimaryKeyConstraint('name'))
    op.create_table(
        'owners',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('places', sa.JSON()),
        sa.Column('told_at', _TIME, nullable=False),
        sa.PrimaryKeyConstraint('id'))
    op.create_index('ix_owners_told_at', 'owners', ['told_at'])
    op.create_table(
        'orphans',
        sa.Column('pool_id', _ascii(36), nullable=False),
        sa.Column('host', _ascii(255), nullable=False),
        sa.Column('port', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('name', _ascii(255), nullable=False),
        sa.Column('since', _TIME, nullable=False),
        sa.PrimaryKeyConstraint('pool_id', 'host', 'port', 'name'))
    op.create_table(
        'pools',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36)),
        sa.Column('name', sa.Unicode(50), nullable=False),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('attributes', sa.JSON(), nullable=False),
        sa.Column('ns_records', sa.JSON(), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.Column('version', _INTEGER, nullable=False),
        sa.Column('nameservers', sa.JSON(), nullable=False),
        sa.Column('targets', sa.JSON(), nullable=False),
        sa.Column('also_notifies', sa.JSON(), nullable=False),
        sa.Column('catalog_zone', sa.JSON()),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'))
    op.create_table(
        'quotas',
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('resource', _ascii(32), nullable=False),
        sa.Column('hard_limit', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'resource'))
    op.create_table(
        'receipts',
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('host', _ascii(255), nullable=False),
        sa.Column('port', _INTEGER, autoincrement=False, nullable=False),
        sa.Column('serial', _INTEGER),
        sa.Column('seen_at', _TIME),
        sa.Column('error', sa.Unicode(255)),
        sa.Column('failed_at', _TIME),
        sa.PrimaryKeyConstraint('zone_id', 'host', 'port'))
    op.create_table(
        'recordsets',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('name', _ascii(1004), nullable=False),
        sa.Column('type', _ascii(16), nullable=False),
        sa.Column('records', sa.JSON(), nullable=False),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('ttl', _INTEGER),
        sa.Column('version', _INTEGER, nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.Column('key', _ascii(1004), nullable=False),
        sa.Column('managed', sa.Boolean(), nullable=False),
        sa.Column('claims', sa.JSON(), nullable=False),
        sa.Column('born_serial', _INTEGER, nullable=False),
        sa.Column('serial', _INTEGER, nullable=False),
        sa.Column('wire', _BYTES, nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('zone_id', 'key', 'type', name='recordset_of_a_zone'))
    op.create_index('recordsets_by_age', 'recordsets', ['created_at', 'id'])
    op.create_index('recordsets_of_a_project', 'recordsets', ['project_id', 'created_at', 'id'])
    op.create_index(
        'recordsets_of_a_type', 'recordsets', ['zone_id', 'type', 'created_at', 'id'])
    op.create_index('recordsets_of_a_zone', 'recordsets', ['zone_id', 'created_at', 'id'])
    op.create_table(
        'service_statuses',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('service_name', sa.Unicode(40), nullable=False),
        sa.Column('hostname', sa.Unicode(255), nullable=False),
        sa.Column('status', _ascii(32), nullable=False),
        sa.Column('stats', sa.JSON(), nullable=False),
        sa.Column('capabilities', sa.JSON(), nullable=False),
        sa.Column('heartbeated_at', _TIME, nullable=False),
        sa.Column('said_at', _TIME, nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('service_name', 'hostname', name='role_of_a_host'))
    op.create_table(
        'shared_zones',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('target_project_id', sa.Unicode(36), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('zone_id', 'target_project_id', name='share_of_a_zone'))
    op.create_index('ix_shared_zones_target_project_id', 'shared_zones', ['target_project_id'])
    op.create_table(
        'tlds',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('name', _ascii(255), nullable=False),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.Column('key', _ascii(255), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('key'))
    op.create_table(
        'tsigkeys',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('name', sa.Unicode(160), nullable=False),
        sa.Column('algorithm', _ascii(32), nullable=False),
        sa.Column('secret', sa.Unicode(160), nullable=False),
        sa.Column('scope', _ascii(32), nullable=False),
        sa.Column('resource_id', _ascii(36), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'))
    op.create_table(
        'usages',
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('resource', _ascii(32), nullable=False),
        sa.Column('used', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('project_id', 'resource'))
    op.create_table(
        'zone_exports',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('status', _ascii(32), nullable=False),
        sa.Column('message', sa.Unicode(1000)),
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('version', _INTEGER, nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'))
    op.create_index('zone_exports_of_a_project', 'zone_exports',
                    ['project_id', 'created_at', 'id'])
    op.create_table(
        'zone_imports',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('status', _ascii(32), nullable=False),
        sa.Column('message', sa.Unicode(1000)),
        sa.Column('zone_id', _ascii(36)),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('version', _INTEGER, nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.Column('attributes', sa.JSON(), nullable=False),
        sa.Column('caller', sa.JSON(), nullable=False),
        sa.Column('claim', _ascii(36), nullable=False),
        sa.Column('claimed_until', _TIME, nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id'))
    op.create_index('zone_imports_at_work', 'zone_imports', ['status', 'claimed_until'])
    op.create_index('zone_imports_of_a_project', 'zone_imports',
                    ['project_id', 'created_at', 'id'])
    op.create_table(
        'zone_transfer_accepts',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('zone_transfer_request_id', _ascii(36), nullable=False),
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('status', _ascii(32), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'))
    for column in ('project_id', 'zone_id', 'zone_transfer_request_id'):
        op.create_index(f'ix_zone_transfer_accepts_{column}', 'zone_transfer_accepts', [column])
    op.create_table(
        'zone_transfer_requests',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('zone_id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('target_project_id', sa.Unicode(36)),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('key', sa.Unicode(8)),
        sa.Column('status', _ascii(32), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.PrimaryKeyConstraint('id'))
    for column in ('project_id', 'target_project_id', 'zone_id'):
        op.create_index(f'ix_zone_transfer_requests_{column}', 'zone_transfer_requests', [column])
    op.create_table(
        'zones',
        sa.Column('id', _ascii(36), nullable=False),
        sa.Column('pool_id', _ascii(36), nullable=False),
        sa.Column('project_id', sa.Unicode(36), nullable=False),
        sa.Column('name', _ascii(255), nullable=False),
        sa.Column('email', sa.Unicode(255), nullable=False),
        sa.Column('description', sa.Unicode(160)),
        sa.Column('ttl', _INTEGER, nullable=False),
        sa.Column('serial', _INTEGER, nullable=False),
        sa.Column('version', _INTEGER, nullable=False),
        sa.Column('attributes', sa.JSON(), nullable=False),
        sa.Column('type', _ascii(32), nullable=False),
        sa.Column('masters', sa.JSON(), nullable=False),
        sa.Column('created_at', _TIME, nullable=False),
        sa.Column('updated_at', _TIME),
        sa.Column('transferred_at', _TIME),
        sa.Column('refresh_at', _TIME),
        sa.Column('expire_at', _TIME),
        sa.Column('master_serial', _INTEGER),
        sa.Column('key', _ascii(255), nullable=False),
        sa.Column('settled_serial', _INTEGER, nullable=False),
        sa.Column('born_serial', _INTEGER, nullable=False),
        sa.Column('failed', sa.Unicode(1000)),
        sa.Column('deleting', sa.Boolean(), nullable=False),
        sa.Column('hard_delete', sa.Boolean(), nullable=False),
        sa.Column('pool_version', _INTEGER, nullable=False),
        sa.Column('told_version', _INTEGER, nullable=False),
        sa.Column('mname', _ascii(255)),
        sa.Column('refresh', _INTEGER, nullable=False),
        sa.Column('retry', _INTEGER, nullable=False),
        sa.Column('expire', _INTEGER, nullable=False),
        sa.Column('minimum', _INTEGER, nullable=False),
        sa.Column('recordset_count', _INTEGER, nullable=False),
        sa.Column('record_count', _INTEGER, nullable=False),
        sa.Column('deleted', _ascii(36), server_default='', nullable=False),
        sa.Column('deleted_at', _TIME),
        sa.Column('pending', sa.Boolean(), sa.Computed('settled_serial < serial OR deleting')),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('key', 'deleted', 'pool_id', name='zone_of_a_pool'))
    op.create_index('zones_that_expire', 'zones', ['expire_at'])
    op.create_index('zones_to_refresh', 'zones', ['type', 'refresh_at'])
    op.create_index('zones_at_work', 'zones', ['deleted', 'pending', 'id'])
    op.create_index('zones_by_age', 'zones', ['created_at', 'id'])
    op.create_index('zones_of_a_pool', 'zones', ['pool_id', 'deleted', 'pool_version'])
    op.create_index('zones_of_a_project', 'zones',
                    ['project_id', 'deleted', 'created_at', 'id', 'type'])
