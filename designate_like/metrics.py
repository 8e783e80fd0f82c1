# SPDX-License-Identifier: Apache-2.0
"""What a role counts and times, and the HTTP server from which Prometheus reads it.

The table is the whole of it. Until a :class:`Server` is made nothing is counted, and counting
costs one look at an empty dict. The processes of one role on a host count in files that they
share, so whichever of them Prometheus asks, it tells of all (the multiprocess mode of
prometheus_client).
"""
import contextlib
import http.server
import os
import pathlib
import shutil
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple

PREFIX = 'designate_like_'
_FAST = (.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
_SLOW = (.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300)


class Metric(NamedTuple):
    """A histogram of seconds where there are buckets, else a counter."""
    help: str
    labels: tuple[str, ...]
    buckets: tuple[float, ...] = ()


METRICS = {
    'api_request_seconds': Metric(
        'Time until a request of the API was answered', ('method', 'code'), _FAST),
    'rpc_call_seconds': Metric(
        'Time that a call to another role took here', ('method', 'outcome'), _FAST),
    'rpc_wait_seconds': Metric(
        'Time from the sending of a request to its start: the bus and its queues', (), _FAST),
    'rpc_work_seconds': Metric(
        'Time that a request from another role took', ('method', 'outcome'), _FAST),
    'database_wait_seconds': Metric(
        'Time until a transaction had a connection ("connection"), its turn to write '
        '("writer", SQLite), or the row of its zone ("zone")', ('what',), _FAST),
    'propagation_seconds': Metric(
        'Time from a change until enough name servers showed it', ('pool',), _SLOW),
    'backend_seconds': Metric(
        'Time that a server took to heed what its backend told it', ('type', 'verb', 'outcome'),
        _SLOW),
    'swept_zones_total': Metric(
        'Zones that the sweeps of the producer handled', ('task',)),
    'drift_total': Metric(
        'What the sweeps found wrong on name servers', ('what',)),
    'dns_answers_total': Metric(
        'Packets that mdns handled', ('kind', 'transport')),
    'notifications_total': Metric(
        'Notifications that a handler of the sink was given', ('handler', 'outcome')),
}

_live: dict[str, Any] = {}
_directory: pathlib.Path | None = None      # Where they are counted; several roles may share it.


def count(name: str, amount: float = 1, **labels: str) -> None:
    """Add to a counter of the table."""
    if _live:
        _labelled(name, labels).inc(amount)


def observe(name: str, seconds: float, **labels: str) -> None:
    """Add a duration to a histogram of the table."""
    if _live:
        _labelled(name, labels).observe(seconds)


def _labelled(name: str, labels: Mapping[str, str]) -> Any:
    return _live[name].labels(**labels) if labels else _live[name]


@contextlib.contextmanager
def timed(name: str, **labels: str) -> Iterator[None]:
    """Time a block; where the table has a label ``outcome`` it is ``ok`` or the exception's class.
    """
    if not _live:
        yield
        return
    began, outcome = time.monotonic(), 'ok'
    try:
        yield
    except BaseException as problem:
        outcome = type(problem).__name__
        raise
    finally:
        if 'outcome' in METRICS[name].labels:
            labels['outcome'] = outcome
        observe(name, time.monotonic() - began, **labels)


class Server:
    """Answers GET /metrics; several processes may answer at one address."""

    def __init__(self, host: str, port: int, directory: pathlib.Path,
                 gauges: Callable[[], Iterator[Any]] | None = None) -> None:
        """Begin to count.

        :param directory: of the files that the processes of a role share.
        :param gauges: makes what is found out anew each time, with :func:`family`.
        :raises OSError: one sentence that names the address, when it cannot be had.
        """
        _begin(directory)
        import prometheus_client
        from prometheus_client import multiprocess

        def page() -> tuple[str, bytes]:
            registry = prometheus_client.CollectorRegistry()
            multiprocess.MultiProcessCollector(registry, str(_directory))
            if gauges is not None:
                registry.register(_Gauges(gauges))
            return (prometheus_client.CONTENT_TYPE_LATEST,
                    prometheus_client.generate_latest(registry))
        self._server = _http(host, port, page)
        self.address = self._server.server_address[:2]
        self._thread = threading.Thread(target=self._server.serve_forever, name='metrics',
                                        args=(0.1,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; what was counted stays in the files."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def try_address(host: str, port: int) -> None:
    """Find out whether metrics can be served at an address.

    :raises OSError: one sentence, when they cannot.
    """
    _http(host, port, lambda: ('', b'')).server_close()


def family(name: str, help_: str, label: str, values: Mapping[str, float]) -> Any:
    """A gauge with a value for each value of its label, for ``gauges``."""
    from prometheus_client import core
    made = core.GaugeMetricFamily(PREFIX + name, help_, labels=[label])
    for each, value in values.items():
        made.add_metric([each], value)
    return made


def forget(directory: pathlib.Path) -> None:
    """Delete what processes that are gone have counted; before the first of a role starts."""
    shutil.rmtree(directory, ignore_errors=True)


def _begin(directory: pathlib.Path) -> None:
    """Count from now on, unless that has begun."""
    global _directory
    if _directory is not None:
        return
    directory.mkdir(parents=True, exist_ok=True)
    _directory = directory
    os.environ['PROMETHEUS_MULTIPROC_DIR'] = str(directory)
    # Not before: the library chooses how to count when it is imported.
    import prometheus_client as library
    for name, metric in METRICS.items():
        more: dict[str, Any] = {'buckets': metric.buckets} if metric.buckets else {}
        kind = library.Histogram if metric.buckets else library.Counter
        _live[name] = kind(PREFIX + name, metric.help, metric.labels, registry=None, **more)


class _Gauges:
    """A collector for a registry."""

    def __init__(self, gauges: Callable[[], Iterator[Any]]) -> None:
        self.collect = gauges


class _Http(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_port = True         # Every process of the role listens here.

    def __init__(self, host: str, port: int, page: Callable[[], tuple[str, bytes]]) -> None:
        self.address_family = socket.AF_INET6 if ':' in host else socket.AF_INET
        self.page = page
        super().__init__((host, port), _Handler)


def _http(host: str, port: int, page: Callable[[], tuple[str, bytes]]) -> _Http:
    try:
        return _Http(host, port, page)
    except OSError as problem:
        raise OSError(f'metrics cannot be served at {host}:{port}: '
                      f'{problem.strerror or problem}') from problem


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:       # The name that the standard library wants.
        """Send the page."""
        if self.path.partition('?')[0] != '/metrics':
            self.send_error(404)
            return
        kind, body = self.server.page()
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the log for what matters."""
