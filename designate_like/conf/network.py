# SPDX-License-Identifier: Apache-2.0
"""network_api and [network_api:neutron]: whom central asks which floating IPs a project has."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='network_api:neutron', title='Neutron')

CHOICE = [
    cfg.StrOpt(
        'network_api',
        default='neutron', choices=['neutron', 'fake'],
        help='Network service whose floating IPs get PTR records. "fake" has none; set it '
             'where there is no Neutron.'),
]

OPTS = [
    cfg.ListOpt(
        'endpoints',
        default=[],
        help='Where Neutron is, as "region|url" for each region. Unset, the catalog in the '
             "caller's token says; set it when central must use other addresses than callers."),
    cfg.StrOpt(
        'endpoint_type',
        default='publicURL',
        help='Which address of Neutron is taken from the catalog: publicURL, internalURL or '
             'adminURL.'),
    cfg.IntOpt(
        'timeout',
        default=10, min=1,
        help='Seconds to wait for each answer of Neutron, after which the caller is told that '
             'it cannot be reached. Keep it below rpc_response_timeout.'),
    cfg.BoolOpt(
        'insecure',
        default=False,
        help='Whether to accept any TLS certificate of Neutron. Anybody on the way can then '
             "read the caller's token; for tests only."),
    cfg.StrOpt(
        'ca_certificates_file',
        help="File with the authorities that Neutron's TLS certificate may be of; unset is "
             'those of the system.'),
    cfg.StrOpt(
        'client_certificate_file',
        help='File with the certificate and the key that central shows Neutron, if that asks '
             'for one.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_opts(CHOICE)
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(None, CHOICE), (GROUP, OPTS)]
