"""Smooth random fields and the small image operations that drawing and ageing share."""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Grey = NDArray[np.uint8]


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number drawn evenly between two."""
    return low + (high - low) * float(rng.random())


def smooth(rng: np.random.Generator, height: int, width: int, rows: float, columns: float) -> Field:
    """Return a height x width field of unit spread that changes about every `rows` and `columns` pixels."""
    knots = (max(2, int(height / rows) + 2), max(2, int(width / columns) + 2))
    noise = rng.standard_normal(knots, dtype=np.float32)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def grain(rng: np.random.Generator, height: int, width: int, size: float) -> Field:
    """Return noise of unit spread whose grains are about `size` pixels wide."""
    if size <= 1:
        return rng.standard_normal((height, width), dtype=np.float32)
    return smooth(rng, height, width, size, size)


def ink_box(ink: Grey, least: int = 40) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right of what is darker than `least`; zeros where nothing is."""
    rows = np.flatnonzero((ink > least).any(axis=1))
    columns = np.flatnonzero((ink > least).any(axis=0))
    if not len(rows):
        return 0, 0, 0, 0
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
