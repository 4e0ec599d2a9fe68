"""How sure a figure is: 95 % bootstrap intervals over charts.

Whole charts are drawn with replacement, because lines of one chart share a writer and a scanner. The
seed is fixed: the same readings give the same intervals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

DRAWS = 1000
SEED = 20_150_001
FEWEST = 2
"""Charts below which no interval is given."""

Count = TypeVar("Count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The middle 95 % of the resampled values."""

    low: float
    high: float


def interval(counts: Sequence[Count], rate: Callable[[Sequence[Count]], float | None]) -> Interval | None:
    """Resample charts and take the 2.5th and 97.5th percentile of a figure.

    Args:
        counts: one a chart.
        rate: the figure over charts; draws where it is None are left out.

    Returns:
        None where there are too few charts or no draw gives a figure.
    """
    if len(counts) < FEWEST:
        return None
    random = np.random.default_rng(SEED)
    values = [rate([counts[i] for i in random.integers(0, len(counts), len(counts))]) for _ in range(DRAWS)]
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(low=float(low), high=float(high))
