# SPDX-License-Identifier: Apache-2.0
"""NSD 4: zones are added and removed at run time over the protocol of nsd-control, by TLS.

Where zones are transferred from, and who may send NOTIFY, stands in a pattern of nsd.conf.
"""
import contextlib
import re
import socket
import ssl
from collections.abc import Iterator

from designate_like import errors
from designate_like import resources
from designate_like.backends import base

# The version of the protocol; the command follows, and its end is the end of the line.
_GREETING = 'NSDCT1 '

# Seconds for each step of an exchange.
_TIMEOUT = 10

_STATUS = re.compile(r'zone: (\S+) pattern: (\S+)')
_NO_ZONE = 'not configured'
_NO_REPLY = 'no reply'      # That is how it says that it has no zones.


class Nsd4(base.Backend):
    """An nsd that is told over its control channel.

    ``host`` and ``port`` are those of the control channel; so NOTIFY needs options of its own.
    """

    OPTIONS = {'host': '127.0.0.1', 'port': '8952', 'notify_host': '', 'notify_port': '53',
               'certfile': '/etc/nsd/nsd_control.pem', 'keyfile': '/etc/nsd/nsd_control.key',
               'ca_certs': '', 'pattern': 'slave', 'verify_ssl': 'true', 'check_hostname': 'true'}

    def __init__(self, target: resources.Target) -> None:
        super().__init__(target)
        self._control = self.address
        self.address = (self.options['notify_host'] or self.options['host'],
                        self.number('notify_port'))
        self._verify = self.boolean('verify_ssl')
        self._check_hostname = self._verify and self.boolean('check_hostname')

    def create(self, zone: resources.Zone) -> None:
        """Add the zone; one that is there already is left as it is."""
        self._command('addzone', zone.name.removesuffix('.'), self.options['pattern'])

    def update(self, zone: resources.Zone) -> None:
        """Add the zone, or give it the pattern of the target, in which is what may have changed.

        NSD's ``changezone`` drops the content first, so it is for zones of another pattern alone.
        """
        status = self._status(zone)
        if status is None:
            self.create(zone)
        elif not self._added(status):
            self._command('changezone', zone.name.removesuffix('.'), self.options['pattern'])

    def delete(self, zone: resources.Zone, hard: bool = False) -> None:
        """Remove the zone; one that is not there is gone already."""
        self._command('delzone', zone.name.removesuffix('.'))

    def retransfer(self, zone: resources.Zone) -> None:
        """Have it transfer the zone whole, or add it."""
        if self._command('force_transfer', zone.name.removesuffix('.'), unless=_NO_ZONE) is None:
            self.create(zone)

    def zones(self) -> list[str]:
        """The zones that were added with the pattern of the target."""
        return self._added(self._command('zonestatus', unless=_NO_REPLY))

    def carries(self, zone: resources.Zone) -> bool:
        """Whether the zone is one of those."""
        return bool(self._added(self._status(zone)))

    def _status(self, zone: resources.Zone) -> str | None:
        """What it says of a zone; None where it does not have it."""
        return self._command('zonestatus', zone.name.removesuffix('.'), unless=_NO_ZONE)

    def _added(self, status: str | None) -> list[str]:
        return [name.removesuffix('.') + '.' for name, pattern in _STATUS.findall(status or '')
                if pattern == self.options['pattern']]

    def _command(self, *words: str, unless: str | None = None) -> str | None:
        """Give one command.

        :param unless: NSD's words for a failure that is none.
        :returns: the reply, None for that failure.
        :raises errors.BackendError: NSD refuses, or cannot be reached or trusted.
        """
        what = ' '.join(words)
        try:
            reply = self._exchange(f'{_GREETING}{what}\n')
        except OSError as error:        # So are those of TLS and of certificates.
            raise errors.BackendError(f'nsd: {what}: {error}') from error
        # What it says of a zone that is, or is not, there already is a remark before the "ok",
        # or a warning; only an error is one.
        if reply and not reply.startswith('error'):
            return reply
        complaint = reply or _NO_REPLY
        if unless is not None and unless in complaint:
            return None
        raise errors.BackendError(f'nsd: {what}: {complaint}')

    def _exchange(self, line: str) -> str:
        """Send a line, return all of the reply."""
        context = self._context()
        with (socket.create_connection(self._control, _TIMEOUT) as plain,
              context.wrap_socket(plain, server_hostname=self.options['host']) as secure):
            secure.sendall(line.encode('ascii'))
            with secure.makefile(encoding='utf-8', errors='replace') as reply:
                return ' '.join(reply.read().split())

    def _context(self) -> ssl.SSLContext:
        # Made anew each time, so that renewed certificates are found.
        with _named(self.options['ca_certs']):
            context = ssl.create_default_context(cafile=self.options['ca_certs'] or None)
        context.check_hostname = self._check_hostname
        if not self._verify:
            context.verify_mode = ssl.CERT_NONE
        files = self.options['certfile'], self.options['keyfile']
        with _named(' or '.join(files)):
            context.load_cert_chain(*files)
        return context


@contextlib.contextmanager
def _named(files: str) -> Iterator[None]:
    """Name the files of a block in its errors, as the library of TLS does not.

    :raises OSError: one that names them.
    """
    try:
        yield
    except OSError as error:
        raise OSError(f'{files}: {error}') from error
