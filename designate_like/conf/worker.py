# SPDX-License-Identifier: Apache-2.0
"""[service:worker]: how zones are brought to name servers and how they are watched there."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='service:worker', title='Worker')

OPTS = [
    cfg.IntOpt(
        'workers',
        min=1,
        help='Processes of the worker; unset is one per processor.'),
    cfg.IntOpt(
        'threads',
        default=200, min=1,
        help='Threads per process, which is how many zones it handles at once. Raise it when '
             'many zones change together and name servers are slow to answer.'),
    cfg.IntOpt(
        'threshold_percentage',
        default=100, min=0, max=100,
        help='Share of the name servers of a pool, in percent, that must show a change '
             'before it is ACTIVE. Lower it when a pool has name servers that are often '
             'away: they are still brought up to date.'),
    cfg.IntOpt(
        'poll_timeout',
        default=30, min=1,
        help='Seconds that one attempt to bring a zone to its name servers may last. Then '
             'the sweep of the producer asks again. Raise it for name servers that need long '
             'to take large zones.'),
    cfg.FloatOpt(
        'poll_first_pause',
        default=0.01, min=0.001,
        help='Seconds between the first two looks at a name server that does not show a '
             'change yet. The pause doubles with each look. Raise it when name servers limit '
             'the rate of queries.'),
    cfg.FloatOpt(
        'poll_max_pause',
        default=1.0, min=0.01,
        help='Longest pause, in seconds, between two looks at a name server.'),
    cfg.IntOpt(
        'poll_retry_interval',
        default=15, min=0,
        help='Not used: pauses grow from poll_first_pause to poll_max_pause.'),
    cfg.IntOpt(
        'poll_max_retries',
        default=10, min=0,
        help='Not used: an attempt ends after poll_timeout, and the sweep of the producer '
             'begins another until the name servers are right.'),
    cfg.IntOpt(
        'poll_delay',
        default=5, min=0,
        help='Not used: name servers are looked at as soon as they have been told.'),
    cfg.FloatOpt(
        'verify_rate',
        default=2000, min=1,
        help='Records a second, per process, that are read from name servers to compare them '
             'with what the zones hold; a look at a small zone counts as 20. Zones that need '
             'more than a second of it for one look are compared by samples, and whole the '
             'more seldom the larger they are. The default is enough for 2,000 small zones on '
             'two name servers every 45 seconds, at about a quarter of a processor. '
             'Raise it when changes by hand are to be found sooner in many or large zones; '
             'lower it to spare the name servers.'),
    cfg.BoolOpt(
        'remove_orphans',
        default=False,
        help='Remove zones from name servers that pull them from this service but should not '
             'have them any more. Switch it on when "designate-like-manage pool orphans" '
             'shows nothing that anyone needs.'),
    cfg.StrOpt(
        'topic',
        default='worker',
        help='Topic of the worker on the message bus. Set it, in all roles alike, when two '
             'installations share a broker and a virtual host.'),
    cfg.IntOpt(
        'xfr_timeout',
        default=10, min=1,
        help='Seconds that a primary server may be silent while a secondary zone is '
             'transferred from it.'),
    cfg.IntOpt(
        'serial_max_retries',
        default=3, min=1,
        help='How often the primary server of a secondary zone is asked for its serial '
             'before it counts as away.'),
    cfg.IntOpt(
        'serial_retry_delay',
        default=1, min=0,
        help='Seconds between two such questions.'),
    cfg.IntOpt(
        'serial_timeout',
        default=1, min=1,
        help='Not used: a question is sent up to four times within one and a half seconds.'),
    cfg.BoolOpt(
        'all_tcp',
        default=False,
        help='Ask name servers by TCP instead of UDP. Switch it on when a firewall lets no '
             'UDP through.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
