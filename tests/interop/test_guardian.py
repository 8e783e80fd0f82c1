# SPDX-License-Identifier: Apache-2.0
"""What is changed by hand on real DNS servers is put right; orphans are reported, then removed."""
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
from typing import ClassVar

from tests import base
from tests.interop import bind
from tests.interop import knot
from tests.interop import nsd
from tests.interop import pdns
from tests.interop import server
from tests.interop import standalone

ZONE = 'Example.org.'
NAME = f'www.{ZONE}'
RIGHT, WRONG = '192.0.2.1', '192.0.2.66'
ORPHAN = 'orphan.example.'

HASTE = standalone.NO_LIMITS + '''
[service:worker]
threshold_percentage = 50
poll_timeout = 2
remove_orphans = %s
[producer_task:sweep]
interval = 0.5
[producer_task:verify]
interval = 2
[producer_task:orphans]
interval = 1
'''


class Bind(bind.Bind):
    """One whose zones can be altered."""

    def alter(self, ahead: int) -> None:
        """Change an address while it is stopped, in the file that it wrote last."""
        compile_zone, serial = base.require('named-compilezone'), self.serial(ZONE)
        self.rndc('sync', '-clean', ZONE).check_returncode()
        self.stop()
        file, = self.directory.glob(f'slave.{ZONE}*[!l]')
        text = self.directory / 'altered'
        for command in (['-f', 'raw', '-F', 'text', '-o', text, ZONE, file],
                        ['-f', 'text', '-F', 'raw', '-o', file, ZONE, text]):
            subprocess.run([compile_zone, '-k', 'ignore', '-i', 'none', *command], check=True,
                           capture_output=True)
            if command[3] == 'text':
                text.write_text(altered(text.read_text(), serial, ahead))
        self.start()

    def estrange(self) -> None:
        """Have its zone not come from us any more."""
        soa, = self.answers(ZONE, 'SOA')
        (self.directory / 'own').write_text(f'@ 300 SOA {soa}\n@ 300 NS ns1.example.net.\n')
        self.forget(ZONE)
        self.rndc('addzone', ZONE, '{ type primary; file "own"; };').check_returncode()


class Knot(knot.Knot):
    """One whose zones can be altered, and that takes others."""

    def alter(self, ahead: int) -> None:
        soa = self.answers(ZONE, 'SOA')[0].split()
        soa[2] = str(int(soa[2]) + ahead)
        for command in ('begin', f'unset {NAME} A', f'set {NAME} 60 A {WRONG}', 'unset @ SOA',
                        f'set @ 3600 SOA {" ".join(soa)}', 'commit'):
            verb, _, rest = command.partition(' ')
            self.knotc(f'zone-{verb}', ZONE, *rest.split()).check_returncode()

    def estrange(self) -> None:
        for command in ('conf-begin', f'conf-unset zone[{ZONE}].master', 'conf-commit'):
            self.knotc(*command.split()).check_returncode()

    def adopt(self, name: str, ours: bool) -> None:
        """Have it carry a zone, with the masters of one of ours or of none."""
        master = self.knotc('conf-read', f'zone[{ZONE}].master').stdout.split()[-1]
        for command in (['conf-begin'], ['conf-set', f'zone[{name}]'],
                        *([['conf-set', f'zone[{name}].master', master]] if ours else []),
                        ['conf-commit']):
            self.knotc(*command).check_returncode()

    def has(self, name: str) -> bool:
        return name in self.knotc('conf-read', 'zone').stdout


class Nsd(nsd.Nsd):
    """One whose zones can be altered, and that takes others."""

    def _configure(self, *masters: int) -> None:
        super()._configure(*masters)
        with (self.directory / 'nsd.conf').open('a') as file:
            file.write('    zonefile: "%s.zone"\npattern:\n    name: "other"\n')

    def alter(self, ahead: int) -> None:
        self.control('write', ZONE).check_returncode()
        file = self.directory / f'{ZONE.rstrip(".")}.zone'
        base.wait(file.exists)
        file.write_text(altered(file.read_text(), self.serial(ZONE), ahead))
        self.control('reload', ZONE).check_returncode()

    def estrange(self) -> None:
        self.control('changezone', ZONE, 'other').check_returncode()

    def adopt(self, name: str, ours: bool) -> None:
        self.control('addzone', name, 'slave' if ours else 'other').check_returncode()

    def has(self, name: str) -> bool:
        return self.control('zonestatus', name).returncode == 0


class Pdns(pdns.Pdns):
    """One whose zones can be altered, and that takes others; it caches nothing."""

    def __init__(self, directory: pathlib.Path) -> None:
        super().__init__(directory)
        with (directory / 'pdns.conf').open('a') as file:
            file.write('cache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\n')

    def alter(self, ahead: int) -> None:
        serial = self.serial(ZONE)
        with contextlib.closing(sqlite3.connect(self.directory / 'pdns.sqlite')) as database:
            for rowid, content in database.execute('SELECT id, content FROM records').fetchall():
                database.execute('UPDATE records SET content = ? WHERE id = ?',
                                 (altered(content, serial, ahead), rowid))
            database.commit()

    def estrange(self) -> None:
        self.api('PUT', f'/{ZONE}', {'kind': 'Native', 'masters': []}).raise_for_status()

    def adopt(self, name: str, ours: bool) -> None:
        masters = self.api('GET', f'/{ZONE}').json()['masters'] if ours else ['192.0.2.9']
        self.api('POST', '', {'name': name, 'kind': 'Slave', 'masters': masters}
                 ).raise_for_status()

    def has(self, name: str) -> bool:
        return self.api('GET', f'/{name}').ok


def altered(text: str, serial: int, ahead: int) -> str:
    """The text of a zone or of a record with another address, and with a serial that is ahead."""
    return text.replace(str(serial), str(serial + ahead)).replace(RIGHT, WRONG)


class Case(standalone.Mixin, base.TestCase):
    """A service in haste, with a zone on its servers."""

    def serve(self, *kinds: type[server.Server], remove: bool = False) -> str:
        """Start servers and the service that has them as its pool; returns a zone's id."""
        self.servers = [self.run_server(kind) for kind in kinds]
        self.metrics = standalone.Metrics()
        self.service = self.standalone(self.servers, HASTE % remove + self.metrics.settings)
        self.api = self.client(self.service)
        zone_id = self.api.zone(ZONE)
        self.api.record(zone_id, NAME, RIGHT)
        self.api.active(f'/v2/zones/{zone_id}')
        for each in self.servers:
            self.serving(each)
        return zone_id

    def serving(self, it: server.Server, address: str = RIGHT) -> None:
        base.wait(lambda: it.answers(NAME, 'A') == [address], timeout=30)

    def counted(self, what: str) -> None:
        """Fail unless the metrics tell of such a drift."""
        self.assertRegex('\n'.join(self.metrics.lines('worker')),
                         f'designate_like_drift_total{{what="{what}"}} [1-9]')

    def orphans(self) -> list[str]:
        """The names that designate-like-manage shows."""
        file = self.service.state / 'manage.conf'
        database, = self.service.state.glob('*.sqlite')
        file.write_text(f'[storage:sqlalchemy]\nconnection = sqlite:///{database}\n')
        shown = subprocess.run(
            [sys.executable, '-m', 'designate_like.cmd.manage', '--config-file', str(file),
             'pool', 'orphans', '--json'], check=True, capture_output=True, text=True).stdout
        return [each['name'] for each in json.loads(shown)]


class OneServer:
    """What is put right on every kind of server."""

    KIND: ClassVar[type[server.Server]]

    def test_other_records_in_the_same_version(self):
        self.repaired(ahead=0, words='serves other records of zone')
        self.counted('content')

    def test_a_version_that_does_not_exist(self):
        zone_id = self.repaired(ahead=1000, words='serves serial')
        serial = self.api('GET', f'/v2/zones/{zone_id}')['serial']
        self.assertEqual(serial, self.servers[0].serial(ZONE))
        # It follows again, and does so when it is ahead of a change.
        self.servers[0].alter(5000)
        self.api.record(zone_id, f'new.{ZONE}', '192.0.2.2')
        self.api.active(f'/v2/zones/{zone_id}')
        self.assertEqual(['192.0.2.2'], self.servers[0].answers(f'new.{ZONE}', 'A'))

    def test_a_zone_that_is_made_to_come_from_elsewhere(self):
        zone_id = self.serve(self.KIND)
        it = self.servers[0]
        it.estrange()
        self.api.record(zone_id, f'new.{ZONE}', '192.0.2.2')
        base.wait(lambda: it.answers(f'new.{ZONE}', 'A') == ['192.0.2.2'], timeout=30)
        self.serving(it)

    def repaired(self, ahead: int, words: str) -> str:
        zone_id = self.serve(self.KIND)
        it = self.servers[0]
        it.alter(ahead)
        base.wait(lambda: words in self.service.log(), timeout=30)
        self.serving(it)
        self.assertEqual(1, self.service.log().count(words))
        return zone_id


class Lister:
    """What is found on servers that list their zones."""

    def test_an_orphan_is_reported(self):
        self.serve(self.KIND)
        it = self.servers[0]
        it.adopt(ORPHAN, ours=True)
        it.adopt('own.example.', ours=False)
        base.wait(lambda: ORPHAN in self.service.log(), timeout=15)
        self.assertEqual([ORPHAN], self.orphans())
        self.counted('orphan')
        self.assertTrue(it.has(ORPHAN))

    def test_an_orphan_is_removed_where_that_is_configured(self):
        self.serve(self.KIND, remove=True)
        it = self.servers[0]
        it.adopt('own.example.', ours=False)
        it.adopt(ORPHAN, ours=True)
        base.wait(lambda: not it.has(ORPHAN), timeout=15)
        base.wait(lambda: self.orphans() == [])
        self.assertTrue(it.has('own.example.'))
        self.serving(it)


class BindTest(OneServer, Case):
    KIND = Bind


class KnotTest(OneServer, Lister, Case):
    KIND = Knot


class NsdTest(OneServer, Lister, Case):
    KIND = Nsd


class PdnsTest(OneServer, Lister, Case):
    KIND = Pdns


class DeletedTest(Case):
    """A BIND that was away when a zone was deleted, and does not list its zones."""

    def left_over(self, remove: bool) -> server.Server:
        zone_id = self.serve(Bind, Knot, remove=remove)
        it = self.servers[0]
        it.kill()
        self.api('DELETE', f'/v2/zones/{zone_id}')
        self.api.gone(f'/v2/zones/{zone_id}')
        self.service.kill()     # With it ends the attempt to remove the zone from BIND.
        self.service.start()
        it.start()
        return it

    def test_it_is_reported(self):
        it = self.left_over(remove=False)
        base.wait(lambda: self.orphans() == [ZONE.lower()], timeout=15, pause=0.2)
        self.assertIsNotNone(it.serial(ZONE))

    def test_it_is_removed_where_that_is_configured(self):
        it = self.left_over(remove=True)
        base.wait(lambda: it.refuses(ZONE), timeout=15)
        base.wait(lambda: self.orphans() == [], timeout=15, pause=0.2)
