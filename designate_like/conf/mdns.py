# SPDX-License-Identifier: Apache-2.0
"""[service:mdns]: the hidden primary from which name servers transfer zones."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='service:mdns', title='Hidden primary')

OPTS = [
    cfg.IntOpt(
        'workers',
        min=1,
        help='Processes of mdns; unset is one per processor. All share the same ports.'),
    cfg.IntOpt(
        'threads',
        default=1000, min=1,
        help='TCP connections that a process serves at once. Keep it above the number of '
             'transfers that the name servers open together: some open over a hundred.'),
    cfg.IntOpt(
        'connections_per_client',
        default=500, min=1,
        help='TCP connections that one address, or one IPv6 network of 64 bits, may have with a '
             'process; it is denied more. It keeps a client that runs wild from taking all the '
             'threads. Keep it above the number of transfers that a name server opens together, '
             'and raise it when many are behind one address.'),
    cfg.IntOpt(
        'transfers',
        min=1,
        help='Transfers that a process makes at once, at most half of them for one client; more '
             'wait. Each holds a connection to the database. Unset is half of the connections '
             'that [storage:sqlalchemy] max_pool_size and max_overflow allow, which leaves the '
             'other half to ordinary queries.'),
    cfg.ListOpt(
        'listen',
        default=['0.0.0.0:5354'],
        help='Addresses, host:port, on which mdns answers by UDP and TCP. An IPv6 host '
             'stands in brackets.'),
    cfg.IntOpt(
        'tcp_backlog',
        default=100, min=1,
        help='How many TCP connections may wait to be accepted.'),
    cfg.IntOpt(
        'tcp_keepidle',
        min=1,
        help='Seconds after which a silent TCP connection is probed by the system; unset is '
             'the default of the system. Set it when firewalls forget connections.'),
    cfg.FloatOpt(
        'tcp_recv_timeout',
        default=0.5, min=0.01,
        help='Seconds that a TCP connection may be idle before it is closed. Raise it for '
             'name servers far away.'),
    cfg.BoolOpt(
        'query_enforce_tsig',
        default=False,
        help='Refuse every query and transfer that is not signed with a TSIG key of the service. '
             'NOTIFY to secondary zones is not concerned: their masters are known by address.'),
    cfg.IntOpt(
        'max_message_size',
        default=65535, min=512, max=65535,
        help='Largest DNS message, in octets, that a transfer by TCP sends.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
