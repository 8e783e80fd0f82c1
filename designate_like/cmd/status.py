# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-status: ``designate-like-status upgrade check``."""
import sys

from oslo_upgradecheck import upgradecheck

from designate_like import conf
from designate_like.cmd import program
from designate_like.status import checks

_ERROR = 255    # As oslo.upgradecheck has it: 1 and 2 are results of the checks.


def main() -> int:
    """Run the checks; returns 0 when all is well, 1 for warnings, 2 for failures, 255 else."""
    upgradecheck.register_cli_options(conf.CONF, checks.Checks(conf.CONF))

    def work() -> int:
        upgradecheck.CONF = conf.load(sys.argv[1:])     # Where it looks for --json.
        return upgradecheck.run(conf.CONF)
    return program.run(work, failed=_ERROR)


if __name__ == '__main__':
    sys.exit(main())
