# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-sink."""
import sys

from designate_like.cmd import program
from designate_like.sink import service


def main() -> int:
    """Run the sink role until it is told to stop."""
    return program.run_role(service.Sink)


if __name__ == '__main__':
    sys.exit(main())
