# SPDX-License-Identifier: Apache-2.0
"""[service:central]: the rules that every zone and recordset must keep."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='service:central', title='Central')

OPTS = [
    cfg.IntOpt(
        'workers',
        min=1,
        help='Processes of central; unset is one per processor.'),
    cfg.IntOpt(
        'threads',
        default=100, min=1,
        help='Threads per process, which is how many requests it handles at once. Each may '
             'hold a database connection, see max_pool_size and max_overflow.'),
    cfg.IntOpt(
        'max_zone_name_len',
        default=255, min=1, max=255,
        help='Longest zone name, in characters with the final dot. Lower it to leave room '
             'for the names of records.'),
    cfg.IntOpt(
        'max_recordset_name_len',
        default=255, min=1, max=255,
        deprecated_name='max_record_name_len',
        help='Longest recordset name, in characters with the final dot.'),
    cfg.StrOpt(
        'managed_resource_email',
        default='hostmaster@example.com',
        help='E-mail address in the SOA of zones that the service makes for itself, such as '
             'reverse zones of floating IPs. Set it to an address that somebody reads.'),
    cfg.StrOpt(
        'managed_resource_tenant_id',
        default='00000000-0000-0000-0000-000000000000',
        help='Project that owns the zones that the service makes for itself.'),
    cfg.IntOpt(
        'min_ttl',
        default=0, min=0, max=2147483647,
        help='Lowest TTL, in seconds, that users without the permission use_low_ttl may set; '
             '0 allows all. Raise it to keep resolvers from asking too often.'),
    cfg.IntOpt(
        'max_pending_imports_size',
        default=256 * 2**20, min=1,
        help='Most bytes of zone files that a project may have sent and that are not imported '
             'yet; further imports are refused with the code 413. What was left of a request '
             'that broke off counts for an hour. Keep it above max_import_size of '
             '[service:api]; lower it where the database has little room.'),
    cfg.StrOpt(
        'default_pool_id',
        default='794ccc2c-d751-44fe-b57f-8894c9f5c842',
        help='Id of the pool that takes zones when nothing else decides, and whose zones '
             'mdns serves to requests without a TSIG key.'),
    cfg.StrOpt(
        'topic',
        default='central',
        help='Topic of central on the message bus. Set it, in all roles alike, when two '
             'installations share a broker and a virtual host.'),
    cfg.ListOpt(
        'scheduler_filters',
        default=['default_pool'],
        help='Filters that choose the pool of a new zone, in order, each narrowing what the '
             'one before left: default_pool, fallback, attribute, pool_id_attribute, random, '
             'in_doubt_default_pool, or a plug-in.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
