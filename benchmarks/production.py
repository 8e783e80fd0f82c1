# SPDX-License-Identifier: Apache-2.0
"""The stack of production under load: every role a program, RabbitMQ, MariaDB, a BIND.

Each round creates recordsets one after the other and waits until BIND serves them, then creates
recordsets from eight clients at once. Then come rounds of zones, which the worker goes on to
verify, and that would be part of what a recordset takes. Prints rates and latencies, how long it
took until all was ACTIVE, and the milliseconds of processor time that each program took per
request. These say more than rates, which depend on what else the machine does; how fast it is at
the time is seen by what the clients take.
The queues are those of the defaults, replicated; MariaDB writes every commit through to the disk.
"""
import argparse
import collections
import contextlib
import os
import pathlib
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable

from benchmarks import figures
from benchmarks import served
from tests.interop import bind
from tests.interop import deployment
from tests.interop import mariadb
from tests.interop import rabbitmq
from tests.interop import standalone

ROLES = ('central', 'mdns', 'worker', 'producer', 'api')

# Recordsets a second of the incumbent on such a machine, and milliseconds at the 99th percentile.
_INCUMBENT_RATES, _INCUMBENT_P99S = (25, 45), (600, 2400)

_TICK = 1000 / os.sysconf('SC_CLK_TCK')     # milliseconds


class Stack:
    """Everything, in directories of its own."""

    def __init__(self, exit_: contextlib.ExitStack, workers: int) -> None:
        database, state, named = (
            pathlib.Path(exit_.enter_context(tempfile.TemporaryDirectory())) for _ in range(3))
        self._mariadb = mariadb.Database(database, 'innodb_flush_log_at_trx_commit=1\n')
        exit_.callback(self._mariadb.kill)
        self._mariadb.start()
        self.bind = bind.Bind(named, refresh=86400)     # As in production: it waits for NOTIFY.
        exit_.callback(self.bind.kill)
        self.bind.start()
        self.site = deployment.Deployment(state, [self.bind], database=self._mariadb.url(),
                                          roles=ROLES)
        for role in ROLES:
            self.site.configure(role, workers)
        exit_.callback(self.site.kill_all)
        self.site.start()

    def spent(self) -> dict[str, float]:
        """Milliseconds of processor time that each program has taken so far."""
        leaders = {process.pid: role for role, process in self.site.processes.items()}
        leaders[rabbitmq.shared().process.pid] = 'RabbitMQ'
        leaders[self._mariadb.process.pid] = 'MariaDB'
        leaders[int((self.bind.directory / 'named.pid').read_text())] = 'BIND'
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = collections.Counter(clients=1000 * (usage.ru_utime + usage.ru_stime))
        for entry in pathlib.Path('/proc').glob('[0-9]*/stat'):
            with contextlib.suppress(OSError):      # It has ended.
                fields = entry.read_text().rpartition(')')[2].split()
                owner = leaders.get(int(entry.parent.name)) or leaders.get(int(fields[2]))
                if owner:
                    spent[owner] += (int(fields[11]) + int(fields[12])) * _TICK
        return spent


class Load:
    """What eight clients did at once: milliseconds of each request, and how they went on."""

    def __init__(self, stack: Stack, clients: int, seconds: float) -> None:
        self._stack = stack
        self._clients = clients
        self._seconds = seconds
        self.latencies: list[float] = []
        self.rates: list[float] = []
        self.settled: list[float] = []
        self.spent: collections.Counter[str] = collections.Counter()

    def run(self, request: Callable[[standalone.Client, str], str],
            pending: Callable[[standalone.Client], bool]) -> None:
        """One round.

        :param request: creates something that is to have this name in it.
        :param pending: whether something is not ACTIVE yet.
        """
        before, failed = self._stack.spent(), []
        latencies: list[float] = []
        started = time.perf_counter()

        def work(number: int) -> None:
            try:
                with contextlib.closing(self._stack.site.client()) as client:
                    count = 0
                    while (begun := time.perf_counter()) < started + self._seconds:
                        request(client, f'r{len(self.rates)}-{number}-{count}')
                        latencies.append((time.perf_counter() - begun) * 1000)
                        count += 1
            except Exception as problem:
                failed.append(problem)

        threads = [threading.Thread(target=work, args=(number,))
                   for number in range(self._clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        ended = time.perf_counter()
        self.latencies += latencies
        with contextlib.closing(self._stack.site.client()) as client:
            while pending(client):
                time.sleep(0.02)
        self.settled.append((time.perf_counter() - ended) * 1000)
        self.rates.append(len(latencies) / (ended - started))
        after = self._stack.spent()
        self.spent.update({each: after[each] - before[each] for each in after})

    def __str__(self) -> str:
        each = ', '.join(f'{name} {total / len(self.latencies):.2f}'
                         for name, total in self.spent.most_common())
        return (f'{figures.rounds(self.rates, "/s")}; {figures.spread(self.latencies)}\n'
                f'  all ACTIVE after the last: median {statistics.median(self.settled):.0f} ms\n'
                f'  processor, ms per request: {each}; '
                f'in all {self.spent.total() / len(self.latencies):.2f}')


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--changes', type=int, default=30, help='one after the other, per round')
    parser.add_argument('--seconds', type=float, default=10, help='of each load, per round')
    parser.add_argument('--clients', type=int, default=8)
    parser.add_argument('--zones', type=int, default=4, help='in which recordsets are created')
    parser.add_argument('--workers', type=int, default=1, help='processes of each role')
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with contextlib.ExitStack() as exit_:
        stack = Stack(exit_, arguments.workers)
        client = exit_.enter_context(contextlib.closing(stack.site.client()))
        zones = {f'zone{number}.example.': client.zone(f'zone{number}.example.')
                 for number in range(arguments.zones)}
        names = list(zones)

        def recordset(client: standalone.Client, label: str) -> str:
            zone = names[int(label.split('-')[1]) % len(names)]
            return client.record(zones[zone], f'{label}.{zone}', '192.0.2.1')

        def zone(client: standalone.Client, label: str) -> str:
            return client('POST', '/v2/zones', {'name': f'{label}.example.',
                                                'email': 'me@example.org'})['id']

        def pending(client: standalone.Client) -> bool:
            return bool(client('GET', '/v2/zones?status=PENDING&limit=1')['zones'])

        alone: list[float] = []
        recordset_load, zone_load = (Load(stack, arguments.clients, arguments.seconds)
                                     for _ in range(2))
        for round_ in range(arguments.rounds):
            alone += [served.one(client, zones[names[0]], f'one{round_}-{number}.{names[0]}',
                                 stack.bind.port)[0] for number in range(arguments.changes)]
            recordset_load.run(recordset, pending)
        for _ in range(arguments.rounds):
            zone_load.run(zone, pending)
    print(f'{os.cpu_count()} processors; their load before: {load:.1f}')
    print(f'a recordset, created and served by BIND: {figures.spread(alone)}')
    print(f'recordsets: {recordset_load}')
    rate = statistics.median(recordset_load.rates)
    p99 = sorted(recordset_load.latencies)[int(len(recordset_load.latencies) * 0.99)]
    print('  times the incumbent: '
          + ' to '.join(f'{rate / each:.1f}' for each in reversed(_INCUMBENT_RATES))
          + ' in rate, a p99 lower by '
          + ' to '.join(f'{each / p99:.1f}' for each in _INCUMBENT_P99S))
    print(f'zones: {zone_load}')


if __name__ == '__main__':
    main()
