# SPDX-License-Identifier: Apache-2.0
"""What every role is: something that starts, says that it is alive, takes calls, and stops.

Each role is a subclass of :class:`Service`. The standalone program starts several in one
process; the program of a single role hands one to :mod:`launcher`, which runs it in processes
of its own.
"""
import contextlib
import pathlib
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any
from typing import ClassVar

from oslo_config import cfg
import oslo_messaging
from oslo_service import service

from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like import rpc
from designate_like.resources import addresses


_GRACE = 2      # Seconds that stopping waits for a report that is on its way,
_LAST = 6       # and for the last one, for which the bus is connected to anew.


class Heartbeat:
    """Reports to central, at once and then every so often, that a role is alive."""

    def __init__(self, central: rpc.Client, service_name: str, hostname: str,
                 interval: float) -> None:
        """Describe the reports.

        :param interval: seconds between two reports.
        """
        self._central = central
        self._name = service_name
        self._host = hostname
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f'heartbeat-{service_name}',
                                        daemon=True)

    def start(self) -> None:
        """Begin to report UP."""
        self._thread.start()

    def stop(self, last: bool) -> None:
        """Report no more, with STOPPED as the last word if nobody else reports for the host."""
        self._stopping.set()
        self._thread.join(_GRACE)
        if last and not self._thread.is_alive():
            report_stopped(self._central, self._name, self._host)

    def _run(self) -> None:
        while not self._stopping.is_set():
            _report(self._central, self._name, self._host, 'UP')
            self._stopping.wait(self._interval)


def _report(central: rpc.Client, service_name: str, hostname: str, status: str) -> None:
    central.cast.service_statuses.heartbeat(
        context.admin(), service_name=service_name, hostname=hostname, status=status,
        stats={}, capabilities={}, sent_at=time.time())


def report_stopped(central: rpc.Client, service_name: str, hostname: str) -> None:
    """Tell central that a role has stopped on a host; a bus that is away is not waited for."""
    thread = threading.Thread(target=_report, args=(central, service_name, hostname, 'STOPPED'),
                              name='stopped', daemon=True)
    thread.start()
    thread.join(_LAST)


class Service(service.ServiceBase):
    """The base of all roles.

    A subclass sets ``name`` and overrides :meth:`endpoints`, and :meth:`start` and
    :meth:`stop` around what it runs besides. Nothing is opened before :meth:`start`, because
    a fork may lie between it and the constructor.
    """

    name: ClassVar[str]
    gauges: Callable[[], Iterator[Any]] | None = None   # What Prometheus is told besides.

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self.conf = conf
        self.options = conf[f'service:{self.name}']
        self.transport: oslo_messaging.Transport
        self.central: rpc.Client
        self._server: rpc.Server | None = None
        self._heartbeat: Heartbeat | None = None
        self._metrics: metrics.Server | None = None
        self._stopped = threading.Event()
        # What start has opened so far, to be closed by stop in reverse order.
        self._opened = contextlib.ExitStack()
        self.alone = True       # Whether no other process is the same role on the same host.

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Refuse settings with which the role cannot work, before it opens anything.

        :param wait: for a part behind it without which it cannot start, if that is away.
        :raises ConfigurationError: one sentence.
        :raises OSError: one sentence, when the metrics cannot be served.
        """
        rpc.check(conf)
        if conf.metrics.enabled:
            try:
                metrics.try_address(conf.metrics.host, conf.metrics[f'{cls.name}_port'])
            except OSError as problem:
                raise OSError(f'[metrics] {cls.name}_port: {problem}') from problem

    def places(self) -> list[str]:
        """What it serves besides calls, and where, for the log."""
        options = self.conf.metrics
        where = addresses.join(options.host, options[f'{self.name}_port'])
        return [f'metrics at http://{where}/metrics'] if options.enabled else []

    def endpoints(self) -> Sequence[Any]:
        """Return what the role offers on its topic; ``transport`` and ``central`` are there."""
        return ()

    def start(self) -> None:
        """Connect to the bus, take calls, report UP.

        :raises OSError: one sentence, when the metrics cannot be served.
        """
        if self.conf.metrics.enabled:
            self._metrics = metrics.Server(
                self.conf.metrics.host, self.conf.metrics[f'{self.name}_port'],
                metrics_of(self.conf, self.name), self.gauges)
        self.transport = rpc.get_transport(self.conf)
        self.central = self.client('central')
        endpoints = self.endpoints()
        if endpoints:
            server = rpc.Server(self.transport, self.options.topic, self.conf.host, endpoints,
                                self.options.threads)
            server.start()      # While the bus is away it waits; stopping must not wait for it.
            self._server = server
        if self.conf.heartbeat_emitter.emitter_type == 'rpc':
            heartbeat = Heartbeat(self.central, self.name, self.conf.host,
                                  self.conf.heartbeat_emitter.heartbeat_interval)
            heartbeat.start()
            self._heartbeat = heartbeat     # Not before: it may be told to stop meanwhile.

    def stop(self) -> None:
        """Report STOPPED, finish the calls that were taken, and let :meth:`wait` return."""
        if self._heartbeat is not None:
            self._heartbeat.stop(self.alone)
            self._heartbeat = None
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._metrics is not None:
            self._metrics.stop()
            self._metrics = None
        self._stopped.set()

    def wait(self) -> None:
        """Return when the service has stopped."""
        self._stopped.wait()

    def reset(self) -> None:
        """Do nothing: on SIGHUP whole processes are replaced, and read their files anew."""

    def client(self, role: str, timeout: float | None = None) -> rpc.Client:
        """Return a handle on another role.

        :param timeout: seconds to wait for a result; None is ``rpc_response_timeout``.
        """
        return rpc.Client(self.transport, self.conf[f'service:{role}'].topic, timeout)


def listen_at(conf: cfg.ConfigOpts, role: str, default_port: int) -> list[tuple[str, int]]:
    """The hosts and ports in the option ``listen`` of a role; the system chooses for port 0.

    :raises ConfigurationError: when one is none, or there are none.
    """
    found = []
    for text in conf[f'service:{role}'].listen:
        host, port = addresses.split(text, default_port)
        if not port and not text.endswith(':0') or port > 65535:
            raise errors.ConfigurationError(f'[service:{role}] listen: {text!r} is not host:port')
        found.append((host, port))
    if not found:
        raise errors.ConfigurationError(f'[service:{role}] listen: there must be an address')
    return found


def metrics_of(conf: cfg.ConfigOpts, role: str) -> pathlib.Path:
    """The directory in which the processes of a role count."""
    return pathlib.Path(conf.state_path, 'metrics', role)
