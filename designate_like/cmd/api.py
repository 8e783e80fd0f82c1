# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-api."""
import sys

from designate_like.api import service
from designate_like.cmd import program


def main() -> int:
    """Run the API role until it is told to stop."""
    return program.run_role(service.Api)


if __name__ == '__main__':
    sys.exit(main())
