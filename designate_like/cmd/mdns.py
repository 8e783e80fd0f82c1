# SPDX-License-Identifier: Apache-2.0
"""designate-like-mdns: the hidden primary, in processes that share its ports."""
import sys

from designate_like import conf
from designate_like import service
from designate_like.mdns import service as mdns


def main() -> int:
    """Run until told to stop; returns the exit code."""
    role = mdns.Mdns(conf.load(sys.argv[1:]), share=True)
    try:
        role.try_ports()
    except OSError as problem:
        print(problem.strerror, file=sys.stderr)
        return 1
    return service.launch(conf.CONF, role)
