"""Figures of coding: shares with their intervals, what a score is worth, and what went wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.evaluation import calibration, shares
from pipeline.evaluation.comparison import Estimate
from pipeline.evaluation.resampling import interval
from pipeline.evaluation.shares import Share

SHOWN_SURE = 0.8
"""Score from which four in five shown candidates are to be right."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    of: str
    """Code system, or what else is counted."""
    measure: str
    estimate: Estimate
    count: int
    unit: str
    """What was counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Something that went wrong; the worst come first."""

    id: str
    of: str
    what: str
    """`not found`, `not first`, `proposed`, ..."""
    text: str
    wanted: str
    shown: str
    """What was shown instead."""
    weight: float
    """How bad it is, to sort by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingFigures:
    """What was measured of one file or folder."""

    file: str
    kind: str
    way: str
    """How its texts came: as they are typed, or from handwriting."""
    count: int
    figures: tuple[Figure, ...]
    misses: tuple[Miss, ...]


def figure(
    of: str, measure: str, unit: str, parts: Sequence[Part], rate: Callable[[Sequence[Part]], float | None], count: int
) -> Figure:
    """A line of the table; `parts`, one a document, are what is resampled."""
    return Figure(
        of=of,
        measure=measure,
        estimate=Estimate(value=rate(parts), interval=interval(parts, rate)),
        count=count,
        unit=unit,
    )


def share(of: str, measure: str, unit: str, parts: Sequence[Share]) -> Figure:
    """A share, counted of what there was to get right."""
    return figure(of, measure, unit, parts, shares.rate, shares.together(parts).of)


def sureness(of: str, documents: Sequence[Sequence[tuple[float, bool]]]) -> Iterator[Figure]:
    """What a score is worth: right in each band of it, right of those shown as sure, and the gap in all.

    Args:
        of: what is counted.
        documents: score and whether it is right of each candidate shown, document by document.
    """
    parts = [calibration.judged(shown) for shown in documents]
    whole = calibration.together(parts)
    for one in calibration.bins(whole):
        # most of what is shown far down a list has hardly a chance, as it says itself
        if one.count:
            inside = [
                Share(
                    right=sum(right for score, right in shown if _inside(score, one)),
                    of=sum(_inside(score, one) for score, _ in shown),
                )
                for shown in documents
            ]
            yield share(
                of, f"right of those at {one.low:.1f} to {one.high:.1f} (said {one.confidence:.2f})", "shown", inside
            )
    sure = [
        Share(
            right=sum(right for score, right in shown if score >= SHOWN_SURE),
            of=sum(score >= SHOWN_SURE for score, _ in shown),
        )
        for shown in documents
    ]
    yield share(of, f"right of those at {SHOWN_SURE} or more", "shown", sure)
    yield figure(of, "ECE", "shown", parts, _ece, len(whole.right))


def _inside(score: float, one: calibration.Bin) -> bool:
    return one.low <= score < one.high or (one.high == 1 and score >= 1)


def _ece(parts: Sequence[calibration.Judged]) -> float | None:
    return calibration.expected_error(calibration.together(parts))
