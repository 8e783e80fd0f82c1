# SPDX-License-Identifier: Apache-2.0
"""The program designate-like-standalone: every role in one process, on SQLite.

The bus is ``inproc://``, the database a file in the state directory, and the pool is mdns
itself until a pools file names servers.
"""
import argparse
import importlib.metadata
import ipaddress
import os
import pathlib
import signal
import sys
import threading
from collections.abc import Sequence

from oslo_config import cfg

from designate_like import conf
from designate_like import context
from designate_like import errors
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

# Central before those that call it, and mdns before the worker that asks it.
ROLES = (central.Central, mdns.Mdns, worker.Worker, producer.Producer, api.Api)
_API, _DNS = '127.0.0.1:9001', '127.0.0.1:5354'
_NS = 'ns1.standalone.invalid.'

READY = """\
designate-like {version} is ready; all data is in {state}
  API   http://{api}        (authentication: {auth})
  DNS   {dns}, UDP and TCP
Try it:
  openstack --os-auth-type none --os-endpoint http://{api}/v2 \
zone create --email me@example.org example.org.
  openstack --os-auth-type none --os-endpoint http://{api}/v2 \
recordset create example.org. www --type A --record 192.0.2.1
  dig @{dns_host} -p {dns_port} www.example.org A
"""


def main() -> int:
    """Run until SIGINT or SIGTERM."""
    return program.run(lambda: run(sys.argv[1:]))


def run(args: Sequence[str]) -> None:
    """Start everything, say so, and stop at a signal."""
    sys.setswitchinterval(0.0002)
    arguments, rest = _parser().parse_known_args(args)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    standalone = Standalone(configure(arguments, rest), arguments.pools)
    try:
        standalone.start()
        print(standalone.ready(), flush=True)
        stop.wait()
    finally:
        standalone.stop()


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
    state = pathlib.Path(options.state_path).absolute()
    state.mkdir(parents=True, exist_ok=True)
    options.set_default('connection', f'sqlite:///{state}/designate_like.sqlite',
                        'storage:sqlalchemy')
    rpc.set_transport_url(options, 'inproc://')
    guarded = options['service:api'].auth_strategy != 'noauth' or arguments.insecure
    for listen in options['service:api'].listen:
        if not guarded and not _is_loopback(addresses.split(listen, 9001)[0]):
            raise errors.ConfigurationError(
                f'[service:api] listen: without authentication the API listens on loopback only, '
                f'not on {listen}; set auth_strategy to keystone or http_basic, or use --insecure')
    return options


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost'


class Standalone:
    """Every role, started and stopped together.

    :param pools_file: a pools.yaml, or None.
    :raises OSError: when a port is taken.
    :raises ConfigurationError: when the pools file, or another setting, is wrong.
    """

    def __init__(self, options: cfg.ConfigOpts, pools_file: str | None) -> None:
        self.conf = options
        self._pools = pools.read(pools_file) if pools_file else None
        self._roles: list[service.Service] = [role(options) for role in ROLES]
        self._started: list[service.Service] = []
        self.api = addresses.split(options['service:api'].listen[0], 9001)
        self.dns = addresses.split(options['service:mdns'].listen[0], 5354)

    def start(self) -> None:
        """Migrate the database, start every role, apply the pools file."""
        host = {'0.0.0.0': '127.0.0.1', '::': '::1'}.get(self.dns[0], self.dns[0])
        mdns_itself = [resources.Nameserver(host=host, port=self.dns[1])]
        database.sync(self.conf, database.default_pool(
            self.conf, ns_records=[resources.NsRecord(hostname=_NS, priority=1)],
            nameservers=mdns_itself))
        for role in self._roles:
            role.start()
            self._started.append(role)
            if isinstance(role, central.Central):
                self._apply(role.central, mdns_itself)

    def _apply(self, client: rpc.Client, mdns_itself: list[resources.Nameserver]) -> None:
        """Make the pools what the file says; without one, mdns may have moved."""
        ctx, wanted = context.admin(), self._pools
        if wanted is None:
            default = client.pools.get(
                ctx, pool_id=self.conf['service:central'].default_pool_id)
            wanted = [] if default.targets else [
                {'id': default.id, 'name': default.name, 'nameservers': mdns_itself}]
        client.pools.configure(ctx, pools=wanted, delete=False, dry_run=False)

    def ready(self) -> str:
        """What to tell the user who started it."""
        return READY.format(
            version=importlib.metadata.version('designate_like'), state=self.conf.state_path,
            api=addresses.join(*self.api),
            auth=self.conf['service:api'].auth_strategy, dns=addresses.join(*self.dns),
            dns_host=self.dns[0], dns_port=self.dns[1])

    def stop(self) -> None:
        """Stop every role that was started, the last first."""
        while self._started:
            self._started.pop().stop()


if __name__ == '__main__':
    sys.exit(main())
