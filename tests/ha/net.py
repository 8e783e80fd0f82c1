# SPDX-License-Identifier: Apache-2.0
"""Three regions in network namespaces on one bridge, which can be cut off from each other.

The test itself goes to a fourth place on the bridge, from which it reaches all of them whatever
is cut: its clients stand for those that a region has of its own. Needs root.
"""
import ctypes
import os
import subprocess
from collections.abc import Callable

from tests import base
from tests.ha import places

_NETWORK = '10.99.0'
_CLONE_NEWNET = 0x40000000
_CUT = '''
add table inet cut
add chain inet cut in { type filter hook input priority 0; }
add chain inet cut out { type filter hook output priority 0; }
'''


class Net:
    """The namespaces; ``regions`` are the places in them."""

    def __init__(self, cleanup: Callable[..., object]) -> None:
        """Make them, and move this thread, and all that it starts, to the fourth place.

        :param cleanup: is told what undoes it all.
        :raises AssertionError: for anyone but root.
        """
        self._ip, self._nft = base.require('ip'), base.require('nft')
        if os.getuid():
            raise AssertionError('network namespaces need root')
        mine = f'ha{os.getpid()}'
        self._clients = f'{mine}-cl'
        self.regions = [
            places.Place(f'r{number}', f'{_NETWORK}.1{number}',
                         (self._ip, 'netns', 'exec', f'{mine}-r{number}'))
            for number in (1, 2, 3)]
        self._namespace(self._clients, cleanup)
        self._run('-n', self._clients, 'link', 'add', 'br0', 'type', 'bridge')
        self._run('-n', self._clients, 'addr', 'add', f'{_NETWORK}.10/24', 'dev', 'br0')
        self._run('-n', self._clients, 'link', 'set', 'br0', 'up')
        for place in self.regions:
            name = place.prefix[-1]
            self._namespace(name, cleanup)
            self._run('-n', self._clients, 'link', 'add', place.name, 'type', 'veth',
                      'peer', 'name', 'eth0', 'netns', name)
            self._run('-n', self._clients, 'link', 'set', place.name, 'master', 'br0', 'up')
            self._run('-n', name, 'addr', 'add', f'{place.address}/24', 'dev', 'eth0')
            self._run('-n', name, 'link', 'set', 'eth0', 'up')
        before = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
        cleanup(os.close, before)
        cleanup(_enter, before)
        there = os.open(f'/run/netns/{self._clients}', os.O_RDONLY)
        _enter(there)
        os.close(there)

    def _namespace(self, name: str, cleanup: Callable[..., object]) -> None:
        self._run('netns', 'add', name)
        cleanup(self._run, 'netns', 'del', name)
        self._run('-n', name, 'link', 'set', 'lo', 'up')

    def _run(self, *arguments: str) -> None:
        subprocess.run([self._ip, *arguments], check=True)

    def cut(self, place: places.Place) -> None:
        """Drop without a word all that goes between a region and the others."""
        rules = ''.join(f'add rule inet cut {chain} ip {side} {other.address} drop\n'
                        for chain, side in (('in', 'saddr'), ('out', 'daddr'))
                        for other in self.regions if other != place)
        subprocess.run([*place.prefix, self._nft, '-f', '-'], input=_CUT + rules, text=True,
                       check=True)

    def heal(self, place: places.Place) -> None:
        """Undo that, if it was done."""
        subprocess.run([*place.prefix, self._nft, '-f', '-'], check=True, text=True,
                       input='add table inet cut\ndelete table inet cut\n')


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'setns')
