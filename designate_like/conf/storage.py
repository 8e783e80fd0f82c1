# SPDX-License-Identifier: Apache-2.0
"""[storage:sqlalchemy]: the database. The options are those of oslo.db, under our group."""
import copy

from oslo_config import cfg
from oslo_db import options

GROUP = cfg.OptGroup(name='storage:sqlalchemy', title='Database')

OPTS = copy.deepcopy(options.database_opts)


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
