# SPDX-License-Identifier: Apache-2.0
"""[service:sink] and [handler:...]: notifications of other services that become records."""
from collections.abc import Sequence

from oslo_config import cfg
from oslo_config import types

GROUP = cfg.OptGroup(name='service:sink', title='Sink')

OPTS = [
    cfg.IntOpt(
        'workers',
        min=1,
        help='Processes of the sink; unset is one per processor.'),
    cfg.IntOpt(
        'threads',
        default=20, min=1,
        help='Notifications that a process takes from the message bus at once. The bus keeps '
             'the others until these are done. Raise it when notifications queue up while '
             'central is idle.'),
    cfg.ListOpt(
        'enabled_notification_handlers',
        default=[],
        help='Names of the handlers that make records of notifications: nova_fixed, '
             'neutron_floatingip, fake, or those of a plug-in.'),
    cfg.StrOpt(
        'listener_pool_name',
        help='Name of a queue of its own for the sink, which then gets a copy of every '
             'notification. Set it where something else, such as Ceilometer, listens to the '
             'same topics: without it each notification reaches one of them only.'),
]

_UUID = types.String(regex='^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$', ignore_case=True)


def group(handler: str) -> cfg.OptGroup:
    """The section of a handler."""
    return cfg.OptGroup(name=f'handler:{handler}', title=f'Handler {handler}')


def listening(exchange: str) -> list[cfg.Opt]:
    """Where a handler listens.

    :param exchange: where the service publishes whose notifications it takes.
    """
    return [
        cfg.ListOpt(
            'notification_topics',
            default=['notifications'],
            help='Topics to listen to. Name those that the publishing service has in its own '
                 '[oslo_messaging_notifications] topics.'),
        cfg.StrOpt(
            'control_exchange',
            default=exchange,
            help='Exchange to which the service publishes whose notifications are taken: its '
                 'own control_exchange.'),
    ]


def naming(exchange: str, example: str) -> list[cfg.Opt]:
    """Where a handler listens, and how it names what it makes.

    :param example: what is used where no option says how names are made, for the help.
    """
    values = ('Name of the A records for each IPv4 address, as a template such as '
              '%(hostname)s.%(zone)s. Give the option several times for several names. '
              f'Unset: {example}.')
    return [
        *listening(exchange),
        cfg.Opt('zone_id', type=_UUID,
                help='Zone that gets the records, by its id; it may be of any project. Unset, '
                     'notifications are logged and dropped.'),
        cfg.MultiStrOpt('formatv4', default=[], sample_default=[''], help=values),
        cfg.MultiStrOpt('formatv6', default=[], sample_default=[''],
                        help=values.replace('IPv4', 'IPv6').replace('A records', 'AAAA records')),
        cfg.MultiStrOpt(
            'format',
            default=[], sample_default=[''],
            deprecated_for_removal=True, deprecated_reason='Set formatv4 and formatv6.',
            help='Templates for the addresses whose own option, formatv4 or formatv6, is unset.'),
    ]


NOVA_FIXED = naming('nova', '%(hostname)s.%(zone)s')
NEUTRON_FLOATINGIP = naming('neutron', 'no records are made')
FAKE = [
    *listening('fake'),
    cfg.ListOpt(
        'allowed_event_types',
        default=[],
        help='Types of the events that are logged, to see whether notifications arrive.'),
]


def register(conf: cfg.ConfigOpts, handler: str, options: Sequence[cfg.Opt]) -> None:
    """Register the options of a handler; a plug-in's are known only once it is loaded."""
    conf.register_group(group(handler))
    conf.register_opts(options, group=group(handler))


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of these sections."""
    for section, options in list_opts():
        conf.register_group(section)
        conf.register_opts(options, group=section)


def list_opts() -> list[tuple[cfg.OptGroup, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS), (group('nova_fixed'), NOVA_FIXED),
            (group('neutron_floatingip'), NEUTRON_FLOATINGIP), (group('fake'), FAKE)]
