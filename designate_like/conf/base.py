# SPDX-License-Identifier: Apache-2.0
"""[DEFAULT]: what all roles share, and the defaults of zones and record types."""
import socket

from oslo_config import cfg

GROUP = None

OPTS = [
    cfg.StrOpt(
        'host',
        default=socket.gethostname(),
        sample_default='<your_hostname>',
        help='Name of this host on the message bus and in the service statuses. One status '
             'row is kept per role and host. Set it when host names are not unique.'),
    cfg.StrOpt(
        'state_path',
        default='/var/lib/designate_like',
        help='Directory for what the service keeps on this machine, such as the SQLite '
             'database of the standalone service. Set it to one that the service may write.'),
    cfg.ListOpt(
        'allowed_remote_exmods',
        default=[],
        deprecated_name='allowed_rpc_exception_modules',
        help='Python modules, besides our own, whose exceptions may be rebuilt from a reply '
             'on the message bus. Add a module when a plug-in raises errors of its own.'),
    cfg.IntOpt(
        'default_ttl',
        default=3600, min=0, max=2147483647,
        help='TTL in seconds of a zone that is created without one. Lower it when most '
             'zones change often.'),
    cfg.IntOpt(
        'default_soa_refresh_min',
        default=3500, min=0, max=2147483647,
        deprecated_name='default_soa_refresh',
        help='Lower bound, in seconds, of the SOA refresh time of a new zone. The value is '
             'drawn between both bounds, so that secondaries do not all refresh at once.'),
    cfg.IntOpt(
        'default_soa_refresh_max',
        default=3600, min=0, max=2147483647,
        help='Upper bound, in seconds, of the SOA refresh time of a new zone.'),
    cfg.IntOpt(
        'default_soa_retry',
        default=600, min=0, max=2147483647,
        help='SOA retry time, in seconds, of a new zone: how soon a name server asks again '
             'after a refresh that failed.'),
    cfg.IntOpt(
        'default_soa_expire',
        default=86400, min=0, max=2147483647,
        help='SOA expire time, in seconds, of a new zone: how long a name server goes on '
             'answering while it cannot reach mdns. Raise it to survive longer outages.'),
    cfg.IntOpt(
        'default_soa_minimum',
        default=3600, min=0, max=2147483647,
        help='SOA minimum, in seconds, of a new zone: how long resolvers remember that a '
             'name does not exist (RFC 2308). Lower it when new names must be seen soon.'),
    cfg.ListOpt(
        'supported_record_type',
        default=['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'TXT', 'SPF', 'NS', 'PTR', 'SSHFP', 'SOA',
                 'NAPTR', 'CAA', 'CERT', 'HTTPS', 'SVCB', 'TLSA'],
        help='Record types that users may create. Take a type out when a name server of a '
             'pool cannot serve it; recordsets that are there already stay.'),
    cfg.IntOpt(
        'backlog',
        default=4096, min=1,
        help='How many connections to the API may wait to be accepted. Raise it, together '
             'with the limit of the system, when clients see refused connections in bursts.'),
    cfg.StrOpt(
        'notification_plugin',
        default='default',
        help='What notifications about changes hold: "default", the whole thing as it is now; '
             '"audit", one notification for each member that somebody has changed, with the '
             'old and the new value; or a plug-in of your own, by its name in the entry point '
             'group designate_like.notification.plugin. Whether and where they are sent is '
             'said in [oslo_messaging_notifications].'),
    cfg.BoolOpt(
        'notify_api_faults',
        default=False,
        help='Send the notification dns.api.fault for every request that the API answers with '
             'a code of 500 or above. Switch it on when something listens for them.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_opts(OPTS)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
