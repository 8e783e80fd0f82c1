# SPDX-License-Identifier: Apache-2.0
"""[metrics]: what Prometheus may read of each role."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='metrics', title='Metrics')

# The port of each role; they may share a host and a file.
PORTS = {'api': 9611, 'central': 9612, 'worker': 9613, 'producer': 9614, 'mdns': 9615,
         'sink': 9616}

OPTS = [
    cfg.BoolOpt(
        'enabled',
        default=False,
        help='Whether every role counts what it does, and serves that for Prometheus at '
             '/metrics.'),
    cfg.HostAddressOpt(
        'host',
        default='127.0.0.1',
        help='Address at which the metrics are served. They need no password: set another '
             'address than loopback only in a network that outsiders do not reach.'),
    *(cfg.PortOpt(
        f'{role}_port',
        default=port,
        help=f'TCP port of the metrics of {role}; its processes on a host share it.')
      for role, port in PORTS.items()),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
