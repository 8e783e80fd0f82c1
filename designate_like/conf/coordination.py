# SPDX-License-Identifier: Apache-2.0
"""[coordination]: how several producers share the zones."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='coordination', title='Coordination')

OPTS = [
    cfg.StrOpt(
        'backend_url',
        secret=True,
        help='URL of the tooz backend (etcd3+http, zookeeper, redis, memcached, file) in '
             'which producers find one another. Unset means that there is one producer and '
             'that it works for all zones; set it before starting a second one.'),
    cfg.FloatOpt(
        'heartbeat_interval',
        default=5.0, min=0.1,
        help='Seconds between two signs of life to the backend. With each, a producer also '
             'looks who else is there, so this is how soon the zones are divided anew.'),
    cfg.FloatOpt(
        'run_watchers_interval',
        default=10.0, min=0.1,
        help='Not used: members are looked up with every heartbeat.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
