# SPDX-License-Identifier: Apache-2.0
"""Eight clients at once."""
import concurrent.futures
import contextlib
from collections.abc import Callable

from tests.interop import standalone

COUNT = 8


def together(service: standalone.Standalone,
             work: Callable[[standalone.Client, int], None]) -> None:
    """Call a function for each client, with its number, all in threads; return when all did.

    :raises Exception: what the first that failed raised.
    """
    def run(number: int) -> None:
        with contextlib.closing(service.client()) as client:
            work(client, number)

    with concurrent.futures.ThreadPoolExecutor(COUNT) as threads:
        list(threads.map(run, range(COUNT)))
