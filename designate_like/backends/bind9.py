# SPDX-License-Identifier: Apache-2.0
"""BIND 9: zones are added and removed at run time with rndc.

named needs ``allow-new-zones yes``.
"""
import contextlib
import random
import re
import subprocess
import threading
from collections.abc import Iterator

from designate_like import errors
from designate_like import resources
from designate_like.backends import base

# What a file system takes, less the id of a zone and what named puts around a file's name.
_MAX_NAME_IN_FILE = 200

_SECONDARY = re.compile(r'\btype (?:slave|secondary);')
_PRIMARIES = re.compile(r'\b(?:masters|primaries) \{ (.*?) ?\};')


class Bind9(base.Backend):
    """A named that is told by rndc."""

    OPTIONS = {**base.Backend.OPTIONS, 'rndc_host': '127.0.0.1', 'rndc_port': '953',
               'rndc_bin_path': 'rndc', 'rndc_config_file': '', 'rndc_key_file': '',
               'rndc_timeout': '0', 'view': '', 'clean_zonefile': 'false'}

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        if not target.masters:
            raise errors.ConfigurationError("A target of type 'bind9' needs masters")
        self._command = [self.options['rndc_bin_path'], '-s', self.options['rndc_host'],
                         '-p', str(self.number('rndc_port'))]
        for flag, option in (('-c', 'rndc_config_file'), ('-k', 'rndc_key_file')):
            if self.options[option]:
                self._command += [flag, self.options[option]]
        self._timeout = self.number('rndc_timeout') or None
        self._clean = self.boolean('clean_zonefile')
        self._running: set[subprocess.Popen] = set()
        self._lock = threading.Lock()

    def create(self, zone: resources.Zone) -> None:
        """Add the zone; one that is there already is left as it is."""
        self._rndc(['addzone'], zone, self._declaration(zone), unless='already exists')

    def update(self, zone: resources.Zone) -> None:
        """Declare the zone anew, or add it.

        One that somebody has made a primary zone goes on serving what it has unless it is removed.
        """
        declaration = self._rndc(['showzone'], zone, unless='not found')
        if declaration is not None and _SECONDARY.search(declaration):
            self._rndc(['modzone'], zone, self._declaration(zone))
            return
        if declaration is not None:
            self.delete(zone)
        self.create(zone)

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Remove the zone; one that is not there is gone already."""
        clean = ['-clean'] if hard or self._clean else []
        self._rndc(['delzone', *clean], zone, unless='not found')

    def retransfer(self, zone: resources.Zone) -> None:
        """Have it transfer the zone whole, or add it."""
        if self._rndc(['retransfer'], zone, unless='not found') is None:
            self.create(zone)

    def carries(self, zone: resources.Zone) -> bool:
        """Whether it has the zone with no other primaries than the target's masters."""
        declaration = self._rndc(['showzone'], zone, unless='not found')
        found = _PRIMARIES.search(declaration or '')
        ours = {f'{each.host} port {each.port}' for each in self.target.masters}
        return found is not None and {
            each.strip() for each in found[1].split(';') if each.strip()} <= ours

    def close(self) -> None:
        """End the programs that still run."""
        with self._lock:
            for process in self._running:
                process.kill()

    def _declaration(self, zone: resources.Zone) -> str:
        # In another order for each zone, so that its servers share the transfers.
        masters = random.sample(self.target.masters, len(self.target.masters))
        listed = ' '.join(f'{each.host} port {each.port};' for each in masters)
        file = f'slave.{zone.name[:_MAX_NAME_IN_FILE]}{zone.id}'
        return f'{{ type slave; masters {{ {listed} }}; file "{file}"; }};'

    def _rndc(self, verb: list[str], zone: resources.Zone, *rest: str,
              unless: str | None = None) -> str | None:
        """Run rndc for a zone.

        :param unless: named's word for a failure that is none.
        :returns: what rndc wrote, None for that failure.
        :raises errors.BackendError: any other complaint, or no answer in time.
        """
        what = f'rndc {verb[0]} {zone.name}'
        view = ['in', self.options['view']] if self.options['view'] else []
        try:
            with self._started([*self._command, *verb, zone.name.removesuffix('.'), *view,
                                *rest]) as process:
                answer, complaint = process.communicate(timeout=self._timeout)
        except subprocess.TimeoutExpired as error:
            raise errors.BackendError(f'{what}: no answer in {self._timeout} seconds') from error
        except OSError as error:
            raise errors.BackendError(f'{what}: {error}') from error
        if process.returncode == 0:
            return answer
        # The whole phrase, because a key file may be "not found" as well.
        if unless is not None and f"'{verb[0]}' failed: {unless}" in complaint:
            return None
        raise errors.BackendError(f'{what}: {" ".join(complaint.split())}')

    @contextlib.contextmanager
    def _started(self, command: list[str]) -> Iterator[subprocess.Popen]:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors='replace') as process:
            with self._lock:
                self._running.add(process)
            try:
                yield process
            finally:
                with self._lock:
                    self._running.remove(process)
                process.kill()      # Does nothing to a process that has ended.
