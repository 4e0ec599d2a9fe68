"""What a crop's strokes look like, in numbers: what tells print from handwriting.

Print repeats itself: letters stand on one base line and reach one height, strokes run upright or level
and are of one width. All measures are relative to the height of the writing and do not look
at how dark it is, so that the pen, the paper and the scanner matter little.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.records import Pixels

HEIGHT = 48
_WIDEST = 1_600
_NARROWEST = 8
_DIRECTIONS = 12
_ROWS = 12
_RULE = 1.6
"""A level run of ink longer than this many heights is a ruled line or a form's line, no writing."""
_LEAST_INK = 20
_LETTER_BODY = 0.15
"""A connected patch lower than this share of the height is a dot or a comma."""


def measure(crop: Pixels) -> NDArray[np.float64] | None:
    """The measures of a crop of one line or word (grey, any height); None where it holds no ink."""
    ink, grey = _ink(crop)
    if int(ink.sum()) < _LEAST_INK:
        return None
    parts = [
        _directions(grey, ink),
        _rows(ink),
        _patches(ink),
        _stroke_width(ink),
        _straight_runs(ink),
        _columns(ink),
        _corners(ink),
    ]
    return np.concatenate(parts)


def _ink(crop: Pixels) -> tuple[NDArray[np.uint8], Pixels]:
    """Ink (1) at `HEIGHT`, cut to the writing's own rows, ruled lines taken away; and its grey picture."""
    scale = HEIGHT / crop.shape[0]
    width = int(np.clip(round(crop.shape[1] * scale), _NARROWEST, _WIDEST))
    grey = cv2.resize(crop, (width, HEIGHT), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    grey = without_rules(grey.astype(np.uint8))
    mask = _dark(grey)
    rows = np.flatnonzero(mask.sum(axis=1) > 0.02 * mask.sum(axis=1).max(initial=0))
    columns = np.flatnonzero(mask.any(axis=0))
    if len(rows) < 8 or not len(columns):
        return mask, grey
    cut = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = HEIGHT / cut.shape[0]
    size = (int(np.clip(round(cut.shape[1] * scale), _NARROWEST, _WIDEST)), HEIGHT)
    cut = cv2.resize(cut, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return _dark(cut), cut


def _dark(grey: Pixels) -> NDArray[np.uint8]:
    level, _ = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    # On a crop without ink Otsu parts paper from paper; ink is darker than that.
    return (grey < min(level + 1, 215.0)).astype(np.uint8)


def without_rules(grey: Pixels) -> Pixels:
    """A grey crop of one line without ruled lines."""
    run = cv2.getStructuringElement(cv2.MORPH_RECT, (round(_RULE * grey.shape[0]), 1))
    rules = cv2.morphologyEx(_dark(grey), cv2.MORPH_OPEN, run)
    if not rules.any():
        return grey
    cleared = grey.copy()
    cleared[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 255
    return cleared


def _directions(grey: Pixels, ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Shares of the edges by direction: print has peaks at level and upright."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    angle = np.mod(np.arctan2(down, across), np.pi)
    bins = np.floor(angle / np.pi * 2 * _DIRECTIONS + 0.5).astype(int) % (2 * _DIRECTIONS)
    counts = np.bincount(bins.ravel(), weights=strength.ravel(), minlength=2 * _DIRECTIONS)
    shares = counts / max(counts.sum(), 1e-9)
    entropy = -float((shares * np.log(shares + 1e-9)).sum())
    return np.concatenate([shares, [entropy, shares.max()]])


def _rows(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How the ink is spread over the height: print jumps at the base line and at the height of x."""
    profile = ink.sum(axis=1).astype(np.float64)
    profile /= max(profile.sum(), 1.0)
    bands = profile.reshape(_ROWS, -1).sum(axis=1)
    jumps = np.abs(np.diff(profile)) * HEIGHT
    return np.concatenate([bands, [jumps.max(), jumps.mean(), np.sort(jumps)[-4:].sum()]])


def _patches(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Connected patches: how alike they are, and whether they stand on one line."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    body = stats[1:][stats[1:, cv2.CC_STAT_HEIGHT] > _LETTER_BODY * HEIGHT].astype(np.float64)
    if not len(body):
        return np.zeros(11)
    top, height = body[:, cv2.CC_STAT_TOP] / HEIGHT, body[:, cv2.CC_STAT_HEIGHT] / HEIGHT
    width, area = body[:, cv2.CC_STAT_WIDTH] / HEIGHT, body[:, cv2.CC_STAT_AREA] / HEIGHT**2
    bottom = top + height
    length = ink.shape[1] / HEIGHT
    return np.array(
        [
            _spread(bottom),
            _spread(top),
            _spread(height),
            float(np.abs(bottom - np.median(bottom)).mean()),
            float((np.abs(bottom - np.median(bottom)) < 0.04).mean()),
            float((np.abs(height - np.median(height)) < 0.05).mean()),
            float(np.median(width)),
            float(np.std(width)),
            float(np.median(area / np.maximum(width * height, 1e-6))),
            min(len(body) / length, 6.0),
            min(float(width.max()), 12.0),
        ]
    )


def _spread(values: NDArray[np.float64]) -> float:
    low, high = np.percentile(values, [20, 80])
    return float(high - low)


def _stroke_width(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    padded = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)
    ridge = depth[(depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))]
    mean = float(ridge.mean())
    return np.array([mean / HEIGHT * 10, float(ridge.std()) / mean, float(np.percentile(ridge, 90)) / mean])


def _straight_runs(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Shares of the ink in upright and in level runs."""
    total = float(ink.sum())
    shares = []
    for size in ((1, 12), (1, 20), (1, 28), (8, 1), (14, 1)):
        run = cv2.getStructuringElement(cv2.MORPH_RECT, size)
        shares.append(float(cv2.morphologyEx(ink, cv2.MORPH_OPEN, run).sum()) / total)
    return np.array(shares)


def _columns(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Gaps between letters, and whether letters come at a fixed pace."""
    profile = ink.sum(axis=0).astype(np.float64)
    empty = profile == 0
    starts = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(int), [0]])) == 1)
    ends = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(int), [0]])) == -1)
    gaps = (ends - starts) / HEIGHT
    length = ink.shape[1] / HEIGHT
    centred = profile - profile.mean()
    power = float((centred**2).sum())
    pace = 0.0
    if len(profile) > 2 * HEIGHT and power > 0:
        lags = range(round(0.25 * HEIGHT), round(0.9 * HEIGHT))
        pace = max(float((centred[lag:] * centred[:-lag]).sum()) for lag in lags) / power
    return np.array(
        [
            float(empty.mean()),
            min(len(gaps) / length, 5.0),
            float(np.median(gaps)) if len(gaps) else 0.0,
            float(np.std(gaps)) if len(gaps) else 0.0,
            pace,
            min(length, 20.0) / 10,
        ]
    )


def _corners(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How bent outlines are, and how many holes letters have."""
    contours, levels = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outline = sum(cv2.arcLength(contour, closed=True) for contour in contours)
    bends = sum(len(cv2.approxPolyDP(contour, 1.5, closed=True)) for contour in contours)
    holes = sum(1 for level in levels[0] if level[3] >= 0) if len(contours) else 0
    ink_area = max(float(ink.sum()), 1.0)
    return np.array([bends / max(outline, 1.0) * 10, holes / (ink.shape[1] / HEIGHT), outline / ink_area])
