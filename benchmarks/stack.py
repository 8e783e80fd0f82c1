# SPDX-License-Identifier: Apache-2.0
"""What a measurement runs on: standalone in a process of its own, with servers if wanted."""
import contextlib
import os
import pathlib
import tempfile
from collections.abc import Iterator

from tests.interop import bind
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import relay
from tests.interop import server
from tests.interop import standalone

KINDS = {'bind': bind.Bind, 'knot': knot.Knot, 'nsd': nsd.Nsd, 'pdns': pdns.Pdns}


@contextlib.contextmanager
def running(kind: type[server.S] = bind.Bind, between: relay.Relay | None = None,
            settings: str = '') -> Iterator[tuple[standalone.Standalone, server.S]]:
    """Standalone on an empty database, without quotas, and one server as its pool.

    :param between: through which the server pulls, if it is to be observed.
    :param settings: further text of its configuration file.
    """
    with contextlib.ExitStack() as stack:
        place, state = (pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
                        for _ in range(2))
        it = kind(place)
        stack.callback(it.kill)
        it.start()
        service = standalone.Standalone(state, it, standalone.NO_LIMITS + settings,
                                        between and between.port)
        stack.callback(service.kill)
        if between is not None:
            stack.callback(between.stop)
            between.start(service.dns_port)
        service.start()
        yield service, it


def processor(service: standalone.Standalone) -> float:
    """Seconds of a processor that a service has used, with the programs that it has run."""
    fields = pathlib.Path(f'/proc/{service.process.pid}/stat').read_text().rpartition(')')[2]
    return sum(map(int, fields.split()[11:15])) / os.sysconf('SC_CLK_TCK')
