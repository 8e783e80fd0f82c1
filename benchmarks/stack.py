# SPDX-License-Identifier: Apache-2.0
"""What a measurement runs on: standalone in a process of its own, with a BIND if wanted."""
import contextlib
import pathlib
import tempfile
from collections.abc import Iterator

from tests.interop import bind
from tests.interop import standalone


@contextlib.contextmanager
def running() -> Iterator[tuple[standalone.Standalone, bind.Bind]]:
    """Standalone on an empty database, without quotas, and BIND as its pool."""
    with contextlib.ExitStack() as stack:
        named, state = (pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
                        for _ in range(2))
        server = bind.Bind(named)
        stack.callback(server.stop)
        server.start()
        service = standalone.Standalone(state, server, standalone.NO_LIMITS)
        stack.callback(service.kill)
        service.start()
        yield service, server
