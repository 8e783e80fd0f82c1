# SPDX-License-Identifier: Apache-2.0
"""One record edited in a large zone: how soon each kind of DNS server shows it, and what it costs.

Prints for each, over all edits: milliseconds from the request until the server serves the new
record and until the zone is ACTIVE in the API, median and 99th percentile; the bytes that mdns
sent for an edit, counted by a relay between the two, at the median and at the most; and how the
server asked.
"""
import argparse
import contextlib
import statistics
import time

from benchmarks import figures
from benchmarks import stack
from tests import base
from tests.interop import mariadb
from tests.interop import relay
from tests.interop import server
from tests.interop import standalone
from tests.interop import zonefiles

ZONE = 'large.example.'
_TIMEOUT = 300      # seconds


def measure(kind: type[server.Server], records: int, edits: int, settings: str) -> list[str]:
    """Lines that tell of one kind of server."""
    between = relay.Relay()
    with stack.running(kind, between, settings) as (service, it), \
            contextlib.closing(service.client()) as client:
        done = zonefiles.ended(
            client, zonefiles.begin(service, zonefiles.large(ZONE, records)), _TIMEOUT)
        client.active(f"/v2/zones/{done['zone_id']}", _TIMEOUT)
        served, active, sent = [], [], []
        asked = between.asked
        between.reset()
        for number in range(edits):
            before = between.answered.total()
            for values, value in zip((served, active), edit(client, it, done['zone_id'], number)):
                values.append(value)
            sent.append(between.answered.total() - before)
    return [f'edit served: {figures.spread(served)}', f'zone ACTIVE: {figures.spread(active)}',
            f'mdns sent for an edit: median {statistics.median(sent):.0f} bytes, '
            f'at most {max(sent)}; {edits} edits asked for '
            + ', '.join(f'{asked[type_]} {type_}' for type_ in sorted(asked))]


def edit(client: standalone.Client, it: server.Server, zone_id: str,
         number: int) -> tuple[float, float]:
    """Change one record; milliseconds until it is served, and until the zone is ACTIVE."""
    name, address = f'host{number * 37}.{ZONE}', f'198.51.100.{number % 256}'
    found = client('GET', f'/v2/zones/{zone_id}/recordsets?name={name}')['recordsets'][0]
    started = time.perf_counter()
    client('PUT', f"/v2/zones/{zone_id}/recordsets/{found['id']}", {'records': [address]})
    base.wait(lambda: it.answers(name, 'A') == [address], _TIMEOUT, pause=0.001)
    served = time.perf_counter()
    client.active(f'/v2/zones/{zone_id}', _TIMEOUT)
    return (served - started) * 1000, (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--records', type=int, default=100_000)
    parser.add_argument('--edits', type=int, default=100)
    parser.add_argument('--mariadb', action='store_true', help='instead of SQLite')
    parser.add_argument('servers', nargs='*', default=list(stack.KINDS),
                        help=' '.join(stack.KINDS))
    arguments = parser.parse_args()
    for name in arguments.servers:
        settings = f'[storage:sqlalchemy]\nconnection = {mariadb.shared().url()}\n' \
            if arguments.mariadb else ''
        for line in measure(stack.KINDS[name], arguments.records, arguments.edits, settings):
            print(f'{name}: {line}', flush=True)


if __name__ == '__main__':
    main()
