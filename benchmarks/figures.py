# SPDX-License-Identifier: Apache-2.0
"""How figures are printed."""
import statistics
from collections.abc import Sequence


def spread(values: Sequence[float], unit: str = 'ms') -> str:
    """The median and the 99th percentile of many."""
    ranked = sorted(values)
    return (f'median {statistics.median(ranked):.0f} {unit}, '
            f'p99 {ranked[int(len(ranked) * 0.99)]:.0f} {unit} of {len(ranked)}')


def rounds(values: Sequence[float], unit: str = 's') -> str:
    """The median of a few, and each of them."""
    return (f'median {statistics.median(values):.2f} {unit} '
            f'(rounds: {", ".join(f"{each:.2f}" for each in values)})')
