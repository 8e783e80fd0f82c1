# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-producer."""
import sys

from designate_like.cmd import program
from designate_like.producer import service


def main() -> int:
    """Run the producer role until it is told to stop."""
    return program.run_role(service.Producer)


if __name__ == '__main__':
    sys.exit(main())
