# SPDX-License-Identifier: Apache-2.0
"""From a recordset's request to its answer: one client after the other, then eight at once.

Prints medians over rounds: milliseconds until BIND serves a new recordset and until the API
shows it ACTIVE; recordsets created per second by eight clients in four zones.
"""
import argparse
import statistics
import time

import dns.message
import dns.query
import dns.rcode

from benchmarks import clients
from benchmarks import figures
from benchmarks import stack
from tests.interop import standalone

_ZONES = 4


def one(client: standalone.Client, zone_id: str, name: str, port: int) -> tuple[float, float]:
    """Milliseconds until BIND answers for a new recordset, and until it is ACTIVE."""
    started = time.perf_counter()
    recordset_id = client.record(zone_id, name, '192.0.2.1')
    question = dns.message.make_query(name, 'A')
    while dns.query.udp(question, '127.0.0.1', port=port, timeout=2).rcode() != dns.rcode.NOERROR:
        time.sleep(0.001)
    served = time.perf_counter()
    client.active(f'/v2/zones/{zone_id}/recordsets/{recordset_id}')
    return (served - started) * 1000, (time.perf_counter() - started) * 1000


def many(service: standalone.Standalone, zone_ids: list[str], prefix: str, seconds: float) -> float:
    """Recordsets per second that eight clients create."""
    deadline = time.perf_counter() + seconds
    counts = [0] * clients.COUNT

    def work(client: standalone.Client, number: int) -> None:
        zone = number % _ZONES
        while time.perf_counter() < deadline:
            name = f'{prefix}-{number}-{counts[number]}.zone{zone}.example.'
            client.record(zone_ids[zone], name, '192.0.2.1')
            counts[number] += 1

    clients.together(service, work)
    return sum(counts) / seconds


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--changes', type=int, default=50, help='one after the other, per round')
    parser.add_argument('--seconds', type=float, default=5, help='of eight clients, per round')
    arguments = parser.parse_args()
    with stack.running() as (service, named):
        client = service.client()
        zone_ids = [client.zone(f'zone{number}.example.') for number in range(_ZONES)]
        served, active, rates, settled = [], [], [], []
        for round_ in range(arguments.rounds):
            for number in range(arguments.changes):
                a, b = one(client, zone_ids[0], f'r{round_}-{number}.zone0.example.',
                           named.port)
                served.append(a)
                active.append(b)
            rates.append(many(service, zone_ids, f'many{round_}', arguments.seconds))
            started = time.perf_counter()
            for zone_id in zone_ids:
                client.active(f'/v2/zones/{zone_id}')
            settled.append((time.perf_counter() - started) * 1000)
    for name, values in (('served by BIND', served), ('ACTIVE in the API', active)):
        print(f'{name}: {figures.spread(values)}')
    print(f'eight clients, four zones: median {statistics.median(rates):.0f} recordsets/s '
          f'(rounds: {", ".join(f"{rate:.0f}" for rate in rates)})')
    print(f'after the last of them, all zones ACTIVE: median {statistics.median(settled):.0f} ms')


if __name__ == '__main__':
    main()
