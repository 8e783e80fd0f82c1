# SPDX-License-Identifier: Apache-2.0
"""How many SOA queries one mdns process answers in a second, asked by dnsperf over UDP.

A database in a temporary directory, or with --mariadb on a real server, holds many zones; mdns
serves them from a process of its own.
"""
import argparse
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import uuid
from collections.abc import Iterator

from benchmarks import axfr
from benchmarks import figures
from designate_like import resources
from designate_like import store
from designate_like.resources import names
from designate_like.store import migrations
from tests import base
from tests.interop import mariadb


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--zones', type=int, default=1000)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=3, help='per round')
    parser.add_argument('--outstanding', type=int, default=20, help='queries under way at once')
    parser.add_argument('--mariadb', action='store_true')
    arguments = parser.parse_args()
    dnsperf = base.require('dnsperf')
    load = os.getloadavg()[0]
    rates, latencies, lost = [], [], 0
    with tempfile.TemporaryDirectory() as directory, \
            database(directory, arguments.mariadb) as url:
        questions = pathlib.Path(directory, 'questions')
        questions.write_text(''.join(f'{each} SOA\n' for each in fill(url, arguments.zones)))
        with axfr.serving(url) as (pid, port):
            before = spent(pid)
            for _ in range(arguments.rounds):
                text = subprocess.run(
                    [dnsperf, '-s', '127.0.0.1', '-p', str(port), '-d', str(questions),
                     '-l', str(arguments.seconds), '-q', str(arguments.outstanding)],
                    capture_output=True, text=True, check=True).stdout
                assert 'NOERROR' in text and 'REFUSED' not in text, text
                rates.append(number(text, 'Queries per second'))
                latencies.append(number(text, 'Average Latency (s)') * 1000)
                lost += int(number(text, 'Queries lost'))
            answered = sum(rates) * arguments.seconds
            processor = (spent(pid) - before) / answered * 1000
    print(f'{os.cpu_count()} processors; their load before: {load:.1f}')
    print(f'SOA queries over {arguments.zones} zones: {figures.rounds(rates, "/s")}, {lost} lost')
    print(f'with {arguments.outstanding} under way each takes: {figures.rounds(latencies, "ms")}')
    print(f'processor time of mdns: {processor:.3f} ms a query')


@contextlib.contextmanager
def database(directory: str, is_mariadb: bool) -> Iterator[str]:
    """An empty database; yields its URL."""
    if not is_mariadb:
        yield f'sqlite:///{directory}/benchmark.sqlite'
        return
    with tempfile.TemporaryDirectory() as place:
        server = mariadb.Database(pathlib.Path(place))
        try:
            server.start()
            yield server.url()
        finally:
            server.kill()


def fill(url: str, count: int) -> list[str]:
    """Write so many zones; returns their names."""
    filled = store.Store(url)
    migrations.upgrade(filled)
    found = [f'zone{each}.example.' for each in range(count)]
    with filled.write() as tx:
        for name in found:
            store.zones.insert(tx, resources.Zone(
                id=str(uuid.uuid4()), pool_id=axfr.POOL, project_id='benchmark', name=name,
                key=names.key(name), email='admin@example.org', ttl=3600, serial=1,
                created_at=axfr.NOW))
    filled.dispose()
    return found


def number(text: str, label: str) -> float:
    """What dnsperf prints after a label."""
    return float(re.search(rf'{re.escape(label)}:\s+([\d.]+)', text)[1])


def spent(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


if __name__ == '__main__':
    main()
