# SPDX-License-Identifier: Apache-2.0
"""From a request to an answer on each kind of DNS server, one after the other.

Prints, for each, milliseconds at the median and at the 99th percentile: from the creation of a
zone until the server serves it, and from the creation of a recordset in it, after all zones, until
it serves that.
"""
import argparse
import contextlib
import time
from collections.abc import Callable

from benchmarks import figures
from benchmarks import stack
from tests import base
from tests.interop import server


def measure(kind: type[server.Server], count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each zone and of each recordset."""
    with stack.running(kind) as (service, it), \
            contextlib.closing(service.client()) as client:
        ids = []

        def zone(number: int) -> Callable[[], bool]:
            name = f'zone{number}.example.'
            ids.append(client('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})['id'])
            return lambda: it.serial(name) is not None

        def record(number: int) -> Callable[[], bool]:
            name = f'www.zone{number}.example.'
            client.record(ids[number], name, '192.0.2.1')
            return lambda: bool(it.answers(name, 'A'))

        return ([served(zone, number) for number in range(count)],
                [served(record, number) for number in range(count)])


def served(create: Callable[[int], Callable[[], bool]], number: int) -> float:
    """Milliseconds until what is created is served."""
    started = time.perf_counter()
    base.wait(create(number), timeout=30, pause=0.001)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--count', type=int, default=100, help='of zones, and of recordsets')
    parser.add_argument('servers', nargs='*', default=list(stack.KINDS), help=' '.join(stack.KINDS))
    arguments = parser.parse_args()
    for name in arguments.servers:
        for what, times in zip(('zone', 'recordset'), measure(stack.KINDS[name], arguments.count)):
            print(f'{name}: {what} served: {figures.spread(times)}', flush=True)


if __name__ == '__main__':
    main()
