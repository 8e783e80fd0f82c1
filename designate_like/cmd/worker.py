# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-worker."""
import sys

from designate_like.cmd import program
from designate_like.worker import service


def main() -> int:
    """Run the worker role until it is told to stop."""
    return program.run_role(service.Worker)


if __name__ == '__main__':
    sys.exit(main())
