# SPDX-License-Identifier: Apache-2.0
"""Many zones created by eight clients, and served by each kind of DNS server.

Prints for each: zones created per second, and seconds from the first request until the last is
answered, until the server serves all of them, and until all are ACTIVE in the API; and the seconds
of a processor that the service used, with the programs that it ran.
"""
import argparse
import contextlib
import time

from benchmarks import clients
from benchmarks import stack
from tests import base
from tests.interop import server
from tests.interop import standalone

_TIMEOUT = 600      # seconds


def measure(kind: type[server.Server], count: int) -> list[float]:
    """Seconds until all are created, served, and ACTIVE, and of a processor."""
    with stack.running(kind) as (service, it), contextlib.closing(service.client()) as client:
        names = [f'zone{number}.example.' for number in range(count)]

        def create(client: standalone.Client, number: int) -> None:
            for name in names[number::clients.COUNT]:
                client('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})

        used, started = stack.processor(service), time.perf_counter()
        clients.together(service, create)
        created = time.perf_counter() - started
        for name in names:
            base.wait(lambda: it.serial(name) is not None, _TIMEOUT, pause=0.02)
        served = time.perf_counter() - started
        base.wait(lambda: client('GET', '/v2/zones?status=ACTIVE&limit=1')
                  ['metadata']['total_count'] == count, _TIMEOUT, pause=0.05)
        active = time.perf_counter() - started
        return [created, served, active, stack.processor(service) - used]


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--count', type=int, default=1000, help='of zones')
    parser.add_argument('servers', nargs='*', default=list(stack.KINDS), help=' '.join(stack.KINDS))
    arguments = parser.parse_args()
    for name in arguments.servers:
        created, served, active, used = measure(stack.KINDS[name], arguments.count)
        print(f'{name}: {arguments.count} zones created in {created:.1f} s, '
              f'{arguments.count / created:.0f} a second; all served after {served:.1f} s, '
              f'ACTIVE after {active:.1f} s; {used:.1f} s of a processor', flush=True)


if __name__ == '__main__':
    main()
