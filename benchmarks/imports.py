# SPDX-License-Identifier: Apache-2.0
"""How long standalone takes to import, serve and export a large zone, and in what memory.

Prints medians over rounds, each with a new zone: seconds from the request until the import is
COMPLETE, until the zone is ACTIVE on BIND, and for the export; MiB resident at the end.
"""
import argparse
import time

from benchmarks import figures
from benchmarks import stack
from tests.interop import zonefiles

_TIMEOUT = 600      # seconds


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--records', type=int, default=30_000)
    arguments = parser.parse_args()
    complete, active, exported = [], [], []
    with stack.running() as (service, _):
        client = service.client()
        for round_ in range(arguments.rounds):
            text = zonefiles.large(f'large{round_}.example.', arguments.records)
            started = time.perf_counter()
            done = zonefiles.ended(client, zonefiles.begin(service, text), _TIMEOUT)
            complete.append(time.perf_counter() - started)
            client.active(f"/v2/zones/{done['zone_id']}", _TIMEOUT)
            active.append(time.perf_counter() - started)
            started = time.perf_counter()
            zonefiles.exported(service, client, done['zone_id'])
            exported.append(time.perf_counter() - started)
        memory = service.memory() >> 20
    for name, values in (('imported', complete), ('ACTIVE', active), ('exported', exported)):
        print(f'{arguments.records} records {name}: {figures.rounds(values)}')
    print(f'standalone: {memory} MiB resident at the end')


if __name__ == '__main__':
    main()
