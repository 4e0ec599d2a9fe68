"""Split a stretch of text where print turns to handwriting or back, as on a form's filled line."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.layout.crops import level_crop
from pipeline.layout.kind import KindClassifier
from pipeline.layout.rows import Stretch
from pipeline.layout.strokes import without_rules
from pipeline.records import LineKind, Pixels

_GAP = 0.25
"""A gap that the kind may change at is at least this many heights wide: wider than those between a word's letters."""
_SHORTEST = 0.8
"""A piece that is judged by itself is at least this many heights wide."""
_TURN = 1.5
"""What it costs, in log odds, to change the kind from one piece to the next."""
_SURE = 3.0
"""The log odds of one piece count at most this much."""
_MARGIN = 0.18
"""Room above and below the ink of a part, as a share of its height."""
_LONG = 2.2
"""A piece of so many heights is long enough to be sure of."""
_AGREED = 0.9
"""Each part of a split must by itself be of its kind with this probability."""


def split_by_kind(pixels: Pixels, corners: NDArray[np.float32], classify: KindClassifier) -> list[Stretch]:
    """The stretches of one kind that a stretch of text falls into; most often one."""
    ruled = level_crop(pixels, corners)
    crop = without_rules(ruled)
    width = crop.shape[1]
    whole = classify.hand_probability(crop)
    cuts = _gaps(crop, _rule_start(ruled, crop))
    bounds = [0, *cuts, width]
    odds = [_piece_odds(crop[:, start:end], classify) for start, end in pairwise(bounds)] if cuts else []
    kinds = _kinds(odds)
    turns = [place for place in range(1, len(kinds)) if kinds[place] != kinds[place - 1]]
    if turns:
        edges = [0, *(bounds[place] for place in turns), width]
        parts = [classify.hand_probability(crop[:, start:end]) for start, end in pairwise(edges)]
        agreed = [hand if kinds[place] else 1 - hand for hand, place in zip(parts, [0, *turns], strict=True)]
        if min(agreed) > _AGREED:
            return [
                _tight(corners, crop, start, end, hand)
                for (start, end), hand in zip(pairwise(edges), parts, strict=True)
            ]
    # Where its pieces have a mind of their own, half of the say is theirs.
    hand = _chance(0.5 * sum(odds) / len(odds) + 0.5 * _log_odds(whole)) if odds else whole
    return [_stretch(corners, 0.0, 1.0, hand)]


def _rule_start(ruled: Pixels, crop: Pixels) -> int | None:
    """Where a form's line begins that does not run under the whole stretch: a value stands on it."""
    columns = np.flatnonzero((crop.astype(np.int16) - ruled > 60).any(axis=0))
    height, width = crop.shape
    if len(columns) < 0.5 * height or not _SHORTEST * height <= columns[0] <= width - _SHORTEST * height:
        return None
    return int(columns[0])


def _gaps(crop: Pixels, rule_start: int | None) -> list[int]:
    """Middles of the gaps between words, so that every piece is wide enough to be judged; and the start of a rule."""
    height = crop.shape[0]
    inner = crop[round(0.1 * height) : round(0.9 * height)]
    # A speck or the tail of a letter of the next line bridges no gap.
    empty = (inner < 150).sum(axis=0) <= 0.02 * height
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    gaps = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        at_rule = rule_start is not None and start - 0.2 * height <= rule_start <= end + 0.2 * height
        if end - start >= _GAP * height or at_rule:
            gaps.append((at_rule, end - start, (start + end) // 2))
    # The widest first: the gap behind a colon is wider than the one before it.
    cuts = [0, crop.shape[1]]
    for _, _, middle in sorted(gaps, reverse=True):
        if min(abs(middle - cut) for cut in cuts) >= _SHORTEST * height:
            cuts.append(middle)
    return sorted(cuts)[1:-1]


def _kinds(odds: Sequence[float]) -> list[bool]:
    """The likeliest run of kinds (True is hand), where each change costs `_TURN`."""
    best = [[0.0, 0.0]]
    came: list[list[int]] = []
    for odd in odds:
        gains = (-odd / 2, odd / 2)
        step, origin = [0.0, 0.0], [0, 0]
        for kind in (0, 1):
            stay, turn = best[-1][kind], best[-1][1 - kind] - (_TURN if came else 0.0)
            origin[kind] = kind if stay >= turn else 1 - kind
            step[kind] = max(stay, turn) + gains[kind]
        best.append(step)
        came.append(origin)
    if not odds:
        return []
    kind = int(best[-1][1] > best[-1][0])
    kinds = [kind]
    for origin in reversed(came[1:]):
        kind = origin[kind]
        kinds.append(kind)
    return [bool(kind) for kind in reversed(kinds)]


def _piece_odds(piece: Pixels, classify: KindClassifier) -> float:
    """Log odds that a piece is handwriting; a short one, in heights of its own ink, has less to say."""
    rows = np.flatnonzero((piece < 150).any(axis=1))
    if not len(rows):
        return 0.0
    length = piece.shape[1] / (rows[-1] - rows[0] + 1)
    return _log_odds(classify.hand_probability(piece)) * min(1.0, float(length) / _LONG)


def _log_odds(chance: float) -> float:
    return float(np.clip(np.log(max(chance, 1e-6) / max(1 - chance, 1e-6)), -_SURE, _SURE))


def _chance(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def _tight(corners: NDArray[np.float32], crop: Pixels, start: int, end: int, hand: float) -> Stretch:
    """A part of a stretch, cut to the rows of its own ink: a small label stands beside large writing."""
    height, width = crop.shape
    rows = np.flatnonzero((crop[:, start:end] < 150).sum(axis=1) > 1)
    margin = _MARGIN * (rows[-1] - rows[0] + 1) if len(rows) else 0.0
    top = max(0.0, rows[0] - margin) / height if len(rows) else 0.0
    bottom = min(float(height), rows[-1] + 1 + margin) / height if len(rows) else 1.0
    left, right = corners[3] - corners[0], corners[2] - corners[1]
    cut = np.stack(
        [corners[0] + left * top, corners[1] + right * top, corners[1] + right * bottom, corners[0] + left * bottom]
    )
    return _stretch(cut.astype(np.float32), start / width, end / width, hand)


def _stretch(corners: NDArray[np.float32], start: float, end: float, hand: float) -> Stretch:
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    cut = np.stack(
        [corners[0] + top * start, corners[0] + top * end, corners[3] + bottom * end, corners[3] + bottom * start]
    )
    kind = LineKind.HAND if hand >= 0.5 else LineKind.PRINT
    return Stretch(corners=cut.astype(np.float32), kind=kind, hand=hand)
