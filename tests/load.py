# SPDX-License-Identifier: Apache-2.0
"""A steady load of changes from clients that each prefer one API, and what was accepted."""
import collections
import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from typing import Any

from tests import base

_PAUSE = 0.05       # seconds between two changes of a client
_TIMEOUT = 40       # seconds that a client waits for an answer


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, document: Any, retry_after: str | None) -> None:
        super().__init__(f'{code} {document}')
        self.code = code
        self.document = document
        self.retry_after = retry_after


class Client:
    """Speaks to the API at one ``host:port``, each time over a new connection."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The document of the answer.

        :raises Refused: for an answer that is an error.
        :raises OSError: when there is none.
        """
        connection = http.client.HTTPConnection(self.address, timeout=_TIMEOUT)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {'Content-Type': 'application/json'})
            response = connection.getresponse()
            content = response.read()
        except http.client.HTTPException as problem:
            raise OSError(repr(problem)) from problem
        finally:
            connection.close()
        document = json.loads(content) if content else None
        if response.status >= 400:
            raise Refused(response.status, document, response.getheader('Retry-After'))
        return document


class Load:
    """Threads that change recordsets; each has zones of its own, so it knows what they hold."""

    def __init__(self, addresses: Sequence[str],
                 zones: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Describe the load.

        :param zones: for each client its zones, as id and name.
        """
        self.accepted: list[tuple[float, int]] = []     # when, and by which client
        self.refused: collections.Counter[str] = collections.Counter()
        self.silent: collections.Counter[str] = collections.Counter()   # without Retry-After
        self.longest = 0.0                              # seconds for an answer
        self.records: dict[str, list[str]] = {}         # what each name has to show
        self.unclear: set[str] = set()                  # names of changes without an answer
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number, addresses, mine))
            for number, mine in enumerate(zones)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Return when all clients have had their last answer."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def goes_on(self, seconds: float = 3) -> None:
        """Return when every client has had successes that long after now."""
        since = time.monotonic() + seconds
        base.wait(lambda: {number for moment, number in list(self.accepted)
                           if moment > since} == set(range(len(self._threads))),
                  timeout=90, pause=0.05)

    def stalls(self, since: float) -> list[float]:
        """The longest time after a moment in which each client had no success, in seconds."""
        stalls = []
        for client in range(len(self._threads)):
            moments = [moment for moment, number in list(self.accepted)
                       if number == client and moment >= since - 1]
            stalls.append(max(b - a for a, b in zip(moments, moments[1:])))
        return stalls

    def _run(self, number: int, addresses: Sequence[str],
             zones: Sequence[tuple[str, str]]) -> None:
        clients = [Client(address) for address in addresses]
        place = number % len(clients)
        known: list[tuple[str, str, str]] = []      # zone id, recordset id, name
        draw = random.Random(number)
        for count in range(1_000_000):
            if self._stopping.wait(_PAUSE):
                return
            client, begin = clients[place], time.monotonic()
            try:
                if known and draw.random() < 0.4:
                    self._change(client, known, draw, count)
                else:
                    zone_id, zone_name = zones[count % len(zones)]
                    self._create(client, known, zone_id, f'n{count}.{zone_name}')
            except (Refused, OSError) as problem:
                what = problem.code if isinstance(problem, Refused) else type(problem).__name__
                self.refused[str(what)] += 1
                if isinstance(problem, Refused) and problem.retry_after is None:
                    self.silent[str(what)] += 1
                place = (place + 1) % len(clients)      # As behind a proxy that knows all regions.
            else:
                self.accepted.append((time.monotonic(), number))
            self.longest = max(self.longest, time.monotonic() - begin)

    def _create(self, client: Client, known: list[tuple[str, str, str]], zone_id: str,
                name: str) -> None:
        with self._answered(name):
            made = client('POST', f'/v2/zones/{zone_id}/recordsets', {
                'name': name, 'type': 'A', 'records': ['192.0.2.1']})
        self.records[name] = ['192.0.2.1']
        known.append((zone_id, made['id'], name))

    def _change(self, client: Client, known: list[tuple[str, str, str]], draw: random.Random,
                count: int) -> None:
        zone_id, id_, name = known.pop(draw.randrange(len(known)))
        path = f'/v2/zones/{zone_id}/recordsets/{id_}'
        if count % 3:
            record = f'198.51.100.{count % 250}'
            with self._answered(name):
                client('PUT', path, {'records': [record]})
            self.records[name] = [record]
            known.append((zone_id, id_, name))
        else:
            with self._answered(name):
                client('DELETE', path)
            self.records[name] = []

    def _answered(self, name: str) -> '_Answered':
        return _Answered(self.unclear, name)


class _Answered:
    """Notes the name of a change of which nobody said what has become."""

    def __init__(self, unclear: set[str], name: str) -> None:
        self._unclear = unclear
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, problem: Any, traceback: Any) -> None:
        if problem is not None:
            self._unclear.add(self._name)
