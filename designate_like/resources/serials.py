# SPDX-License-Identifier: Apache-2.0
"""Serial arithmetic (RFC 1982).

A stored serial is a 64-bit number that only grows; the DNS sees it modulo 2^32.
"""

MODULUS = 2**32
_HALF = 2**31


def to_wire(serial: int) -> int:
    """The serial as the DNS carries it."""
    return serial % MODULUS


def at_least(served: int, wanted: int) -> bool:
    """Whether a serial seen in the DNS is that of ``wanted`` (64 bits), or a later one."""
    return (served - wanted) % MODULUS < _HALF


def shown(served: int, wanted: int) -> int:
    """The 64-bit serial nearest to ``wanted`` that the DNS shows as ``served``."""
    distance = (served - wanted) % MODULUS
    return wanted + (distance if distance < _HALF else distance - MODULUS)


def adopt(current: int, served: int) -> int:
    """The lowest serial above ``current`` that the DNS shows as ``served``."""
    serial = current - current % MODULUS + served
    return serial if serial > current else serial + MODULUS


def follow(current: int, served: int) -> int:
    """The serial of what a master has as ``served``: that one, where it is later than ``current``.

    Else it is the next one, as name servers never go back.
    """
    return max(shown(served, current), current + 1)


def advance(current: int, now: float, floor: int = 0) -> int:
    """The serial that follows: the time in seconds, or one more than the last.

    :param floor: a serial that was seen elsewhere, and must be passed too.
    """
    return max(int(now), current + 1, floor + 1 if floor else 0)
