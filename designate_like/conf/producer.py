# SPDX-License-Identifier: Apache-2.0
"""[service:producer] and [producer_task:...]: what is done by the clock."""
from oslo_config import cfg

GROUP = cfg.OptGroup(name='service:producer', title='Producer')

OPTS = [
    cfg.IntOpt(
        'workers',
        default=1, min=1,
        help='Processes of the producer. One is enough on a host: the zones are divided over all '
             'producers, for which [coordination] backend_url must be set.'),
    cfg.IntOpt(
        'threads',
        default=20, min=1,
        help='Kept so that old files load: each task has a thread of its own.'),
    cfg.ListOpt(
        'enabled_tasks',
        help='Names of the timed tasks to run; unset is all of them. Leave a task out only '
             'when another producer runs it. increment_serial, delayed_notify and '
             'worker_periodic_recovery are accepted and mean nothing: sweep does their work.'),
    cfg.StrOpt(
        'topic',
        default='producer',
        help='Topic of the producer on the message bus.'),
]


def _interval(default: float, help_: str) -> cfg.Opt:
    return cfg.FloatOpt('interval', default=default, min=0.1, help=help_)


def _threshold(default: int, help_: str) -> cfg.Opt:
    return cfg.IntOpt('time_threshold', default=default, help=help_)


TASKS = {
    'sweep': [
        _interval(5, 'Seconds between two sweeps over the zones that their name servers do not '
                     'show yet. A sweep finds what a lost message or a stopped worker left '
                     'undone.')],
    'verify': [
        _interval(45, 'Seconds in which every zone that looks healthy is compared once with '
                      'what its name servers serve. What is wrong there is right again a few '
                      'seconds later. Raise it with very many zones.')],
    'orphans': [
        _interval(600, 'Seconds between two looks at all zones that the servers of each pool '
                       'carry, for those that are of no pool. Raise it when listing its zones '
                       'is hard work for a server.')],
    'periodic_secondary_refresh': [
        _interval(5, 'Seconds between two looks for secondary zones whose refresh or retry time, '
                     'as the SOA of their master says, has come.')],
    'zone_purge': [
        _interval(3600, 'Seconds between two purges.'),
        _threshold(604800, 'Seconds for which the content of a deleted zone is kept.'),
        cfg.IntOpt('journal_age', default=604800, min=1,
                   help='Seconds for which the differences between versions of a zone are kept. '
                        'A server that was away for longer fetches its zones whole.'),
        cfg.IntOpt('journal_size', default=16 * 2**20, min=1,
                   help='Most bytes that the differences of one zone may take; the oldest go '
                        'first. Less is kept of a zone that is smaller itself, though at least '
                        '1 MiB if this allows it. Raise it for large zones of which much changes '
                        'and whose servers are often away; lower it when the database grows too '
                        'large.')],
    'periodic_exists': [
        _interval(3600, 'Seconds between two rounds of the notifications dns.zone.exists, one '
                        'for each zone, by which zones are billed.'),
        cfg.IntOpt('per_page', default=100, min=1,
                   help='Zones that are fetched from central at a time.')],
    'periodic_check_service_status': [
        _interval(3600, 'Seconds between two looks at the service statuses.'),
        _threshold(1800, 'Seconds of silence after which a service that says UP counts as DOWN.')],
    'periodic_cleanup_stopped_service_status': [
        _interval(172800, 'Seconds between two clean-ups of the service statuses.'),
        _threshold(604800, 'Seconds of silence after which the status of a stopped service is '
                           'dropped; 0 or less keeps it for ever.')],
}


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of these sections."""
    for group, options in list_opts():
        conf.register_group(group)
        conf.register_opts(options, group=group)


def list_opts() -> list[tuple[cfg.OptGroup, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)] + [
        (cfg.OptGroup(name=f'producer_task:{name}', title=f'Timed task {name}'), options)
        for name, options in TASKS.items()]
