# SPDX-License-Identifier: Apache-2.0
"""[storage:sqlalchemy]: the database. The options are those of oslo.db, under our group."""
import copy

from oslo_config import cfg
from oslo_db import options

GROUP = cfg.OptGroup(name='storage:sqlalchemy', title='Database')

OPTS = [
    *copy.deepcopy(options.database_opts),
    cfg.BoolOpt(
        'mysql_wsrep_dirty_reads',
        default=True,
        help='For Galera: while the database node is cut off from its cluster, go on answering '
             'reads, and the DNS, with what the node has; writes are refused with 503. Switch it '
             'off to refuse reads as well rather than show what may have changed elsewhere.'),
]
# A connection for each thread of central and mdns, of which most stay open.
cfg.set_defaults(OPTS, mysql_wsrep_sync_wait=1, max_pool_size=30, max_overflow=70)


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
