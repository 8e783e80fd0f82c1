# SPDX-License-Identifier: Apache-2.0
"""Shards: what several processes divide among themselves, by the first three digits of its id."""

COUNT = 4096


def of(id_: str) -> int:
    """The shard of what has that id."""
    return int(id_[:3], 16)


def bounds(shards: tuple[int, int]) -> tuple[str, str]:
    """The ids of a half-open range of shards: not below the first text, and below the second."""
    low, high = (f'{each:03x}' if each < COUNT else 'g' for each in shards)
    return low, high
