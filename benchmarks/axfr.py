# SPDX-License-Identifier: Apache-2.0
"""How long dig takes to transfer a large zone from mdns and from BIND, and what mdns needs for it.

A database in a temporary directory holds one zone; mdns serves it from a process of its own. A
BIND serves the same zone from a file. They are asked in turn.
"""
import argparse
import contextlib
import datetime
import multiprocessing
import multiprocessing.connection
import pathlib
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator

import dns.query
import dns.zone

from benchmarks import figures
from designate_like import resources
from designate_like import store
from designate_like.mdns import answer
from designate_like.mdns import listener
from designate_like.resources import names
from designate_like.resources import rdata
from designate_like.store import migrations
from designate_like.store import tables
from tests import base
from tests.interop import bind

NAME = 'large.example.'
POOL = str(uuid.uuid4())
NOW = datetime.datetime(2026, 1, 1)
BATCH = 5000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--records', type=int, default=100_000)
    parser.add_argument('--rounds', type=int, default=5)
    arguments = parser.parse_args()
    records, rounds = arguments.records, arguments.rounds
    with tempfile.TemporaryDirectory() as directory:
        url = f'sqlite:///{directory}/benchmark.sqlite'
        fill(url, records)
        with serving(url) as (pid, port), bind_serving(pathlib.Path(directory), port) as other:
            for each in port, other:
                transfer(each, 0)       # The first one fills caches.
            before = memory(pid)
            times = [(transfer(port, records), transfer(other, records)) for _ in range(rounds)]
            after = memory(pid)
    medians = []
    for name, values in zip(('mdns', 'BIND'), zip(*times)):
        medians.append(statistics.median(values))
        print(f'AXFR of {records} records from {name}: {figures.rounds(values)}')
    print(f'mdns takes {medians[0] / medians[1]:.2f} times as long as BIND')
    print(f'mdns: {before} MiB resident before, {after} MiB after, counted at its highest')


def fill(url: str, records: int) -> None:
    """Write a zone of so many A records, and one of NS."""
    database = store.Store(url)
    migrations.upgrade(database)
    zone = resources.Zone(
        id=str(uuid.uuid4()), pool_id=POOL, project_id='benchmark', name=NAME,
        key=names.key(NAME), email='admin@example.org', ttl=3600, serial=1,
        created_at=NOW)
    with database.write() as tx:
        store.zones.insert(tx, zone)
        for start in range(0, records, BATCH):
            tx.execute(tables.recordsets.insert(), [
                row(zone, f'host{number}.{NAME}', 'A', address(number))
                for number in range(start, min(start + BATCH, records))])
        tx.execute(tables.recordsets.insert(), [row(zone, NAME, 'NS', 'ns1.example.net.')])
    database.dispose()


def address(number: int) -> str:
    """An address for each number."""
    return '.'.join(map(str, (10 << 24 | number).to_bytes(4)))


def row(zone: resources.Zone, name: str, type_: str, text: str) -> dict:
    """One recordset."""
    recordset = resources.Recordset(
        id=str(uuid.uuid4()), project_id='benchmark', zone_id=zone.id, name=name,
        key=names.key(name), type=type_, records=[text], serial=1, created_at=NOW)
    return {**recordset.to_row(), 'wire': rdata.join([rdata.parse(type_, text, name)])}


@contextlib.contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """Serve from another process; yields its id and its port."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context('spawn').Process(target=serve, args=(url, POOL, its))
    process.start()
    try:
        yield process.pid, ours.recv()
    finally:
        ours.send('stop')
        process.join()


@contextlib.contextmanager
def bind_serving(directory: pathlib.Path, port: int) -> Iterator[int]:
    """Have a BIND serve the zone that is served at a port; yields its port."""
    zone = dns.zone.Zone(NAME)
    dns.query.inbound_xfr('127.0.0.1', zone, port=port, timeout=60)
    zone.to_file(str(directory / 'zone'), relativize=False)
    named = bind.Bind(directory, f'zone "{NAME}" {{ type primary; file "{directory}/zone"; }};',
                      'allow-transfer { any; };')
    named.start()
    try:
        base.wait(lambda: named.serial(NAME), 60)
        yield named.port
    finally:
        named.kill()


def serve(url: str, pool_id: str, control: multiprocessing.connection.Connection) -> None:
    """Serve until told to stop."""
    answerer = answer.Answerer(store.Store(url), default_pool_id=pool_id, enforce_tsig=False,
                               max_message_size=65535, transfers=50, on_notify=print)
    server = listener.Listener([('127.0.0.1', 0)], answerer.respond, connections=100,
                               per_client=100, backlog=100, receive_timeout=1)
    server.bind()
    server.start()
    control.send(server.addresses[0][1])
    control.recv()
    server.stop()


def transfer(port: int, records: int) -> float:
    """The seconds that dig takes; it must see at least so many records."""
    start = time.perf_counter()
    done = subprocess.run(['dig', '@127.0.0.1', '-p', str(port), '+tcp', NAME, 'AXFR'],
                          capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    assert done.stdout.count('\tA\t') >= records, done.stdout[-500:]
    return seconds


def memory(pid: int) -> int:
    """The most MiB that a process had resident."""
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(status.partition('VmHWM:')[2].split()[0]) // 1024


if __name__ == '__main__':
    main()
