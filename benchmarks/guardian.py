# SPDX-License-Identifier: Apache-2.0
"""How soon what was changed by hand on DNS servers is right again, at default settings.

Makes a pool of BIND and PowerDNS with many zones, deletes some behind the service's back at
BIND and alters as many at PowerDNS; prints the seconds until all are as they should be, and what
the sweeps cost the service's process of a processor, without anything to repair and with.
"""
import argparse
import contextlib
import os
import pathlib
import sqlite3
import tempfile
import time

from tests import base
from tests.interop import bind
from tests.interop import pdns
from tests.interop import standalone

RIGHT, WRONG = '192.0.2.1', '192.0.2.66'


def processor(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def used(pid: int, seconds: float) -> float:
    """Percent of a processor that a process uses for a while."""
    before = processor(pid)
    time.sleep(seconds)
    return 100 * (processor(pid) - before) / seconds


def alter(server: pdns.Pdns, names: list[str]) -> None:
    """Change the address of each name in the server's database."""
    with contextlib.closing(sqlite3.connect(server.directory / 'pdns.sqlite', timeout=30)) as made:
        made.executemany("UPDATE records SET content = ? WHERE name = ? AND type = 'A'",
                         [(WRONG, name.rstrip('.')) for name in names])
        made.commit()


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--zones', type=int, default=1000)
    parser.add_argument('--wrong', type=int, default=20, help='of zones, half of them at each')
    parser.add_argument('--rounds', type=int, default=3)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        places = [pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
                  for _ in range(3)]
        named, other = bind.Bind(places[0]), pdns.Pdns(places[1])
        service = standalone.Standalone(places[2], [named, other], standalone.NO_LIMITS)
        for each in (named, other, service):
            stack.callback(each.kill)
            each.start()
        client = stack.enter_context(contextlib.closing(service.client()))
        names = [f'zone{number}.example.' for number in range(arguments.zones)]
        ids = [client('POST', '/v2/zones', {'name': name, 'email': 'me@example.org'})['id']
               for name in names]
        for zone_id, name in zip(ids, names):
            client.record(zone_id, f'www.{name}', RIGHT)
        for zone_id in ids:
            client.active(f'/v2/zones/{zone_id}', timeout=300)
        pid = service.process.pid
        used(pid, 60)       # The first sweep learns the fingerprints.
        print(f'{arguments.zones} zones: {used(pid, 60):.1f} % of a processor while all is well',
              flush=True)
        half = arguments.wrong // 2
        for number in range(arguments.rounds):
            some = names[number * 2 * half:(number + 1) * 2 * half]
            deleted, altered = some[:half], some[half:]
            for name in deleted:
                named.forget(name)
            alter(other, [f'www.{name}' for name in altered])
            began, before = time.monotonic(), processor(pid)
            for name in deleted:
                base.wait(lambda: named.answers(f'www.{name}', 'A') == [RIGHT], 300, 0.05)
            for name in altered:
                base.wait(lambda: other.answers(f'www.{name}', 'A') == [RIGHT], 300, 0.05)
            took = time.monotonic() - began
            print(f'{2 * half} wrong: right after {took:.0f} s, with '
                  f'{100 * (processor(pid) - before) / took:.1f} % of a processor', flush=True)


if __name__ == '__main__':
    main()
