# SPDX-License-Identifier: Apache-2.0
"""[heartbeat_emitter]: how roles say that they are alive."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='heartbeat_emitter', title='Service statuses')

OPTS = [
    cfg.FloatOpt(
        'heartbeat_interval',
        default=10.0, min=0.1,
        help='Seconds between two reports of a role to central, which keeps them as service '
             'statuses.'),
    cfg.StrOpt(
        'emitter_type',
        default='rpc',
        choices=[('rpc', 'report to central over the message bus'),
                 ('noop', 'do not report: service statuses stay empty')],
        help='Where the reports go.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
