# SPDX-License-Identifier: Apache-2.0
"""mdns as a service: an answerer over the database, a listener in front of it."""
from oslo_config import cfg

from designate_like import resources
from designate_like import service
from designate_like import store
from designate_like.mdns import answer
from designate_like.mdns import listener
from designate_like.mdns import tally
from designate_like.mdns import udp
from designate_like.mdns import worker
from designate_like.resources import addresses

_DEFAULT_PORT = 5354


class Mdns(service.Service):
    """The role from which name servers transfer zones."""
    name = 'mdns'

    def __init__(self, conf: cfg.ConfigOpts, share: bool = False) -> None:
        """Describe the role.

        :param share: let other processes of mdns use the same ports.
        :raises ConfigurationError: for an address in ``listen`` that is none.
        """
        super().__init__(conf)
        self._share = share
        self._hosts = service.listen_at(conf, self.name, _DEFAULT_PORT)
        self._store: store.Store
        self._worker: worker.Worker
        self._listener: listener.Listener

    @classmethod
    def check(cls, conf: cfg.ConfigOpts, wait: bool = True) -> None:
        """Look at the database; it must be migrated."""
        super().check(conf, wait)
        service.listen_at(conf, cls.name, _DEFAULT_PORT)
        store.await_current(conf, wait)

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """The hosts and ports that are served."""
        return self._listener.addresses

    def places(self) -> list[str]:
        return [f'DNS at {addresses.join(*each)} by UDP and TCP'
                for each in self._hosts] + super().places()

    def try_ports(self) -> None:
        """Find out whether the ports can be had.

        :raises OSError: one sentence, when one cannot.
        """
        trial = self._listener_for(lambda packet, sender, stream: iter(()))
        trial.bind()
        trial.stop()

    def start(self) -> None:
        """Take the ports, then answer.

        :raises OSError: one sentence, when a port cannot be had.
        """
        self._store = store.Store.from_conf(self.conf)
        self._opened.callback(self._store.dispose)
        answerer = answer.Answerer(
            self._store,
            default_pool_id=self.conf['service:central'].default_pool_id,
            enforce_tsig=self.options.query_enforce_tsig,
            max_message_size=self.options.max_message_size,
            transfers=self.options.transfers or _half(self.conf['storage:sqlalchemy']),
            on_notify=self._transfer)
        self._listener = self._listener_for(tally.counted(answerer.respond))
        self._listener.bind()
        self._opened.callback(self._listener.stop)
        super().start()
        self._worker = worker.Worker(self.client('worker'))
        self._opened.callback(self._worker.stop)
        self._listener.start()

    def stop(self) -> None:
        """Answer nothing more, then leave the bus and the database."""
        self._opened.close()
        super().stop()

    def _listener_for(self, respond: udp.Respond) -> listener.Listener:
        return listener.Listener(
            self._hosts, respond, connections=self.options.threads,
            per_client=self.options.connections_per_client,
            backlog=self.options.tcp_backlog, receive_timeout=self.options.tcp_recv_timeout,
            keepidle=self.options.tcp_keepidle, share=self._share)

    def _transfer(self, zone: resources.Zone, master: str) -> None:
        """Have a worker look at a secondary zone whose master says that it has changed."""
        self._worker.transfer(zone.id)


def _half(options: cfg.ConfigOpts.GroupAttr) -> int:
    """Half of the connections that a process has to the database."""
    return max(1, (options.max_pool_size + max(0, options.max_overflow or 0)) // 2)
