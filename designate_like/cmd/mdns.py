# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-mdns: the hidden primary, in processes that share its ports."""
import sys

from designate_like import conf
from designate_like import launcher
from designate_like.cmd import program
from designate_like.mdns import service as mdns


def main() -> int:
    """Run the mdns role until it is told to stop."""
    return program.run(run)


def run() -> int:
    """Try the ports here, where that ends the program, then launch."""
    loaded = conf.load(sys.argv[1:])
    role = mdns.Mdns(loaded, share=True)
    role.try_ports()
    mdns.Mdns.check(loaded)
    return launcher.launch(loaded, role)


if __name__ == '__main__':
    sys.exit(main())
