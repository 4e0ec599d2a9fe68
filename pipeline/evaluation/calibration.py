"""Calibration: does a word's confidence say how often it is right?

A read word is right where it stands in the alignment of its line's words with the truth's (fewest
insertions, deletions and substitutions of whole words, after normalisation) as a word that agrees.
Words read where nothing is written are wrong; words without letters or digits, or without a
confidence, do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline.evaluation.cer import normalise
from pipeline.evaluation.places import PlacedChart, PlacedLine

BINS = 10
"""Of equal width from 0 to 1; a confidence of 1 falls in the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Words with their confidences, and whether they were right."""

    confidence: NDArray[np.float64]
    """One a word, 0 to 1."""
    right: NDArray[np.bool_]
    """One a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Words whose confidence lies in one tenth."""

    low: float
    high: float
    count: int
    confidence: float | None
    """Mean confidence; None where there are no words."""
    accuracy: float | None
    """Share that is right; None where there are no words."""


def judge(chart: PlacedChart) -> Judged:
    """Every read word of a chart that has a confidence, judged."""
    words = [judged for line in chart.lines for judged in _judge_line(line)]
    words += [
        (placed.word.confidence, False)
        for placed in chart.extra
        if placed.word.confidence is not None and normalise(placed.word.text)
    ]
    return judged(words)


def judged(words: Sequence[tuple[float, bool]]) -> Judged:
    """Words as pairs of confidence and whether they were right."""
    return Judged(
        confidence=np.array([confidence for confidence, _ in words], dtype=np.float64),
        right=np.array([right for _, right in words], dtype=np.bool_),
    )


def together(parts: Sequence[Judged]) -> Judged:
    """The words of several charts."""
    return Judged(
        confidence=np.concatenate([np.empty(0), *(part.confidence for part in parts)]),
        right=np.concatenate([np.empty(0, np.bool_), *(part.right for part in parts)]),
    )


def _judge_line(line: PlacedLine) -> list[tuple[float, bool]]:
    read = [(token, placed.word.confidence) for placed in line.words for token in normalise(placed.word.text).split()]
    truth = normalise(line.truth.text).split()
    blocks = Levenshtein.opcodes([token for token, _ in read], truth)
    agreeing = {place for block in blocks if block.tag == "equal" for place in range(block.src_start, block.src_end)}
    return [(confidence, place in agreeing) for place, (_, confidence) in enumerate(read) if confidence is not None]


def bins(words: Judged) -> tuple[Bin, ...]:
    """The words by confidence, for the reliability diagram."""
    places = np.minimum((words.confidence * BINS).astype(np.int64), BINS - 1)
    out = []
    for number in range(BINS):
        inside = places == number
        count = int(inside.sum())
        out.append(
            Bin(
                low=number / BINS,
                high=(number + 1) / BINS,
                count=count,
                confidence=float(words.confidence[inside].mean()) if count else None,
                accuracy=float(words.right[inside].mean()) if count else None,
            )
        )
    return tuple(out)


def expected_error(words: Judged) -> float | None:
    """ECE: the gap between mean confidence and accuracy in each bin, weighted by its words."""
    if not len(words.right):
        return None
    return sum(
        one.count / len(words.right) * abs(one.confidence - one.accuracy)
        for one in bins(words)
        if one.confidence is not None and one.accuracy is not None
    )


def separation(words: Judged) -> float | None:
    """AUROC: how often a right word is surer than a wrong one, ties half; None where all are alike."""
    right, wrong = np.sort(words.confidence[words.right]), words.confidence[~words.right]
    if not len(right) or not len(wrong):
        return None
    below, upto = (np.searchsorted(right, wrong, side=side) for side in ("left", "right"))
    surer, equal = len(right) - upto, upto - below
    return float((surer + equal / 2).sum() / (len(right) * len(wrong)))


def errors_in_least_sure(words: Judged, share: float = 0.2) -> float | None:
    """Share of all wrong words that a coder meets who looks only at the least sure fifth.

    Equally sure words at the edge count in proportion. None where nothing is wrong.
    """
    wrong = int((~words.right).sum())
    if not wrong:
        return None
    levels, place = np.unique(words.confidence, return_inverse=True)
    sizes = np.bincount(place, minlength=len(levels))
    errors = np.bincount(place, weights=~words.right, minlength=len(levels))
    room = share * len(words.right) - (np.cumsum(sizes) - sizes)
    return float((errors * np.clip(room / sizes, 0, 1)).sum() / wrong)
