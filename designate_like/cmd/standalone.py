# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-standalone: every role in one process, on SQLite.

The bus is ``inproc://``, the database a file in the state directory, and the pool is mdns
itself until a pools file names servers.
"""
import argparse
import fcntl
import importlib.metadata
import ipaddress
import logging
import os
import pathlib
import signal
import sys
from collections.abc import Sequence

from oslo_config import cfg

from designate_like import conf
from designate_like import context
from designate_like import errors
from designate_like import metrics
from designate_like import resources
from designate_like import rpc
from designate_like import service
from designate_like.api import service as api
from designate_like.central import service as central
from designate_like.cmd import program
from designate_like.manage import database
from designate_like.manage import pools
from designate_like.mdns import service as mdns
from designate_like.producer import service as producer
from designate_like.resources import addresses
from designate_like.worker import service as worker

_API, _DNS = '127.0.0.1:9001', '127.0.0.1:5354'
_NS = 'ns1.standalone.invalid.'
_STOPPING = (signal.SIGINT, signal.SIGTERM)

READY = """\
designate-like {version} is ready; all data is in {state}
  API   {api} (authentication: {auth})
  DNS   {dns} (UDP and TCP)
Try it:
  openstack{how} zone create --email me@example.org example.org.
  openstack{how} recordset create example.org. www --type A --record 192.0.2.1
  dig @{host} -p {port} www.example.org A
"""
# What the openstack command is told, by auth_strategy; with Keystone its catalog says where.
HOW = {
    'noauth': ' --os-auth-type none --os-endpoint http://{api}/v2',
    'http_basic': ' --os-auth-type http_basic --os-username NAME --os-password PASSWORD '
                  '--os-endpoint http://{api}/v2',
    'keystone': '',
}
# Where a listener on every address of the machine is reached from the machine itself.
_NEAR = {'0.0.0.0': '127.0.0.1', '::': '::1'}


def main() -> int:
    """Run until SIGINT or SIGTERM."""
    return program.run(lambda: run(sys.argv[1:]))


def run(args: Sequence[str]) -> None:
    """Start everything, say so, and stop at a signal."""
    sys.setswitchinterval(0.0002)
    arguments, rest = _parser().parse_known_args(args)
    signals = _signals()
    standalone = Standalone(configure(arguments, rest), arguments.pools)
    try:
        standalone.start()
        print(standalone.ready(), end='', flush=True)
        while os.read(signals, 1)[0] not in _STOPPING:
            pass
    finally:
        standalone.stop()


def _signals() -> int:
    """Return a file from which the numbers of signals can be read as they arrive.

    A handler in Python runs late where it matters: when a signal arrives as the main thread is
    about to wait, only the next signal wakes it.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in _STOPPING:
        signal.signal(number, lambda *_: None)
    return reader


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='designate-like-standalone', description=__doc__.partition('\n')[0],
        epilog='Every option of the configuration can stand in a file given with --config-file.')
    parser.add_argument('--state-path', help='directory of the database (default: '
                        '~/.local/state/designate_like)')
    parser.add_argument('--listen', help=f'host:port of the API (default: {_API})')
    parser.add_argument('--dns-listen', help=f'host:port of the DNS (default: {_DNS})')
    parser.add_argument('--pools', help='a pools.yaml: the servers that carry the zones')
    parser.add_argument('--insecure', action='store_true',
                        help='listen on any address though nobody has to authenticate')
    return parser


def configure(arguments: argparse.Namespace, rest: Sequence[str]) -> cfg.ConfigOpts:
    """The configuration: our defaults, then the files, then the command line.

    :raises ConfigurationError: when the API would be open to other machines unguarded.
    """
    options = conf.load(rest, default_config_files=[])
    home = pathlib.Path(os.environ.get('XDG_STATE_HOME') or '~/.local/state').expanduser()
    options.set_default('state_path', str(home / 'designate_like'))
    options.set_default('auth_strategy', 'noauth', 'service:api')
    options.set_default('listen', [_API], 'service:api')
    options.set_default('listen', [_DNS], 'service:mdns')
    if arguments.state_path:
        options.set_override('state_path', arguments.state_path)
    for group, value in (('service:api', arguments.listen), ('service:mdns', arguments.dns_listen)):
        if value:
            options.set_override('listen', [value], group)
    _check_guarded(options, arguments.insecure)
    state = pathlib.Path(options.state_path).absolute()
    state.mkdir(parents=True, exist_ok=True)
    options.set_default('connection', f'sqlite:///{state}/designate_like.sqlite',
                        'storage:sqlalchemy')
    rpc.set_transport_url(options, 'inproc://')
    # The migrations tell of each step; here the user wants to know where things are.
    logging.getLogger('alembic').setLevel(logging.WARNING)
    return options


def _check_guarded(options: cfg.ConfigOpts, insecure: bool) -> None:
    guarded = options['service:api'].auth_strategy != 'noauth' or insecure
    for listen in options['service:api'].listen:
        if not guarded and not _is_loopback(addresses.split(listen, 9001)[0]):
            raise errors.ConfigurationError(
                f'[service:api] listen: without authentication the API listens on loopback only, '
                f'not on {listen}; set auth_strategy to keystone or http_basic, or use --insecure')


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'


class Standalone:
    """Every role, started and stopped together.

    :param pools_file: a pools.yaml, or None.
    :raises OSError: when a port is taken.
    :raises ConfigurationError: when another process works on the same state, or when the pools
        file, or another setting, is wrong.
    """

    def __init__(self, options: cfg.ConfigOpts, pools_file: str | None) -> None:
        self.conf = options
        self._pools = pools.read(pools_file) if pools_file else None
        for kind in (producer.Producer, api.Api):       # The others have nothing more to say.
            kind.check(options)
        self._api, self._mdns = api.Api(options), mdns.Mdns(options)
        self._mdns.try_ports()
        _lock(pathlib.Path(options.state_path))
        # Central before those that call it, and mdns before the worker that asks it.
        self._roles: list[service.Service] = [
            central.Central(options), self._mdns, worker.Worker(options),
            producer.Producer(options), self._api]
        self._started: list[service.Service] = []

    def start(self) -> None:
        """Migrate the database, start every role, apply the pools file."""
        metrics.forget(service.metrics_of(self.conf, ''))
        ns_records = [resources.NsRecord(hostname=_NS, priority=1)]
        database.sync(self.conf, database.default_pool(self.conf, ns_records=ns_records))
        for role in self._roles:
            role.start()
            self._started.append(role)
            if role is self._mdns:
                self._apply(role.central)

    def _apply(self, client: rpc.Client) -> None:
        """Make the pools what the file says; without one, mdns may have moved."""
        ctx, wanted = context.admin(), self._pools
        if wanted is None:
            default = client.pools.get(
                ctx, pool_id=self.conf['service:central'].default_pool_id)
            host, port = _near(*self._mdns.addresses[0])
            itself = resources.Nameserver(host=host, port=port)
            wanted = [] if default.targets else [
                {'id': default.id, 'name': default.name, 'nameservers': [itself]}]
        client.pools.configure(ctx, pools=wanted, delete=False, dry_run=False)

    def ready(self) -> str:
        """What to tell the user who started it."""
        auth = self.conf['service:api'].auth_strategy
        dns = self._mdns.addresses
        near = addresses.join(*_near(*addresses.split(self._api.addresses[0], 0)))
        host, port = _near(*dns[0])
        return READY.format(
            version=importlib.metadata.version('designate_like'), state=self.conf.state_path,
            api=', '.join(f'http://{each}' for each in self._api.addresses), auth=auth,
            dns=', '.join(addresses.join(*each) for each in dns), how=HOW[auth].format(api=near),
            host=host, port=port)

    def stop(self) -> None:
        """Stop every role that was started, the last first."""
        while self._started:
            self._started.pop().stop()


def _lock(state: pathlib.Path) -> None:
    """Take the state directory for this process: two would undo each other's default pool."""
    file = os.open(state / 'lock', os.O_CREAT | os.O_WRONLY, 0o600)     # Open until it ends.
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise errors.ConfigurationError(
            f'{state} is in use by another designate-like-standalone') from None


def _near(host: str, port: int) -> tuple[str, int]:
    return _NEAR.get(host, host), port


if __name__ == '__main__':
    sys.exit(main())
