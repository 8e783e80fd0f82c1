# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-central."""
import sys

from designate_like.central import service
from designate_like.cmd import program


def main() -> int:
    """Run the central role until it is told to stop."""
    return program.run_role(service.Central)


if __name__ == '__main__':
    sys.exit(main())
