# SPDX-License-Identifier: Apache-2.0
"""[DEFAULT] quotas: how much a project may have unless a row of its own says otherwise."""
from oslo_config import cfg

GROUP = None

OPTS = [
    cfg.StrOpt(
        'quota_driver',
        default='storage',
        choices=[('storage', 'the limits below, overridden per project through the API'),
                 ('noop', 'nothing is ever refused')],
        help='Where limits come from. Use noop in a cloud that limits nobody.'),
    cfg.IntOpt(
        'quota_zones',
        default=10,
        help='Zones that a project may have; a negative number is unlimited.'),
    cfg.IntOpt(
        'quota_zone_recordsets',
        default=500,
        help='Recordsets that a zone may have, its SOA and NS counted; a negative number is '
             'unlimited.'),
    cfg.IntOpt(
        'quota_zone_records',
        default=500,
        help='Records that a zone may have, those of the service itself not counted; a '
             'negative number is unlimited.'),
    cfg.IntOpt(
        'quota_recordset_records',
        default=20,
        help='Records that one recordset may have; a negative number is unlimited. Large '
             'recordsets make large answers, which resolvers must fetch by TCP.'),
    cfg.IntOpt(
        'quota_api_export_size',
        default=1000,
        help='Recordsets that a zone may have to be exported through the API; a negative '
             'number is unlimited.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_opts(OPTS)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
