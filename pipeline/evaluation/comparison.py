"""Figures of the product beside those of the readers that it is compared with."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.evaluation import calibration, shares
from pipeline.evaluation.resampling import Interval, interval
from pipeline.evaluation.words import OPTIONS

Count = TypeVar("Count")
Part = TypeVar("Part")
Rate = Callable[[Sequence[Count]], float | None]
Figure = Callable[[calibration.Judged], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and how sure it is."""

    value: float | None
    """None where there was nothing to measure."""
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One line of the table."""

    collection: str
    name: str
    tesseract: Estimate | None
    """None where it does nothing of the sort."""
    plain: Estimate | None
    """PP-OCRv6 small as it comes; None where it does nothing of the sort."""
    inkchart: Estimate
    count: int
    """How many things were counted."""
    unit: str
    """What was counted: `characters`, `lines`, `words`, ..."""
    better: str
    """`low` or `high`: which way is better."""


def compared(
    collection: str,
    name: str,
    unit: str,
    rate: Rate[Count],
    *,
    better: str,
    count: int,
    inkchart: Sequence[Count],
    tesseract: Sequence[Count] | None = None,
    plain: Sequence[Count] | None = None,
) -> Comparison:
    """A line of the table.

    Args:
        collection: what was read.
        name: of the measure.
        unit: what is counted.
        rate: the figure over several counts.
        better: which way.
        count: how many things were counted.
        inkchart: counts of the product, one a writer or document: these are what is resampled.
        tesseract: the same of Tesseract.
        plain: the same of PP-OCRv6 as it comes.
    """

    def estimate(counts: Sequence[Count]) -> Estimate:
        return Estimate(value=rate(counts), interval=interval(counts, rate))

    return Comparison(
        collection=collection,
        name=name,
        tesseract=None if tesseract is None else estimate(tesseract),
        plain=None if plain is None else estimate(plain),
        inkchart=estimate(inkchart),
        count=count,
        unit=unit,
        better=better,
    )


def confidence_rows(collection: str, words: Sequence[calibration.Judged]) -> Iterator[Comparison]:
    """What confidence is worth, from the words of each writer or document."""
    figures: tuple[tuple[str, Figure, str], ...] = (
        ("word ECE", calibration.expected_error, "low"),
        ("word AUROC", calibration.separation, "high"),
        ("errors left, fifth aside", _errors_left, "low"),
    )
    for name, figure, better in figures:

        def rate(parts: Sequence[calibration.Judged], figure: Figure = figure) -> float | None:
            return figure(calibration.together(parts))

        count = sum(len(one.right) for one in words)
        yield compared(collection, name, "words", rate, better=better, count=count, inkchart=words)


def offered_row(collection: str, words: Sequence[shares.Share]) -> Comparison:
    """The words of the truth that stand among what a coder is offered, of each writer or document."""
    name, count = f"right word among {OPTIONS}", sum(one.of for one in words)
    return compared(collection, name, "words", shares.rate, better="high", count=count, inkchart=words)


def by_collection(
    parts: Sequence[Part],
    collection: Callable[[Part], str],
    figures: Callable[[str, Sequence[Part]], Iterable[Comparison]],
) -> tuple[Comparison, ...]:
    """The figures of each collection, in the order in which they first come."""
    return tuple(
        row
        for name in dict.fromkeys(map(collection, parts))
        for row in figures(name, [part for part in parts if collection(part) == name])
    )


def _errors_left(words: calibration.Judged) -> float | None:
    met = calibration.errors_in_least_sure(words)
    return None if met is None else 1 - met


def rows(comparisons: Iterable[Comparison]) -> tuple[tuple[str, ...], ...]:
    """A table as people read it: measure, Tesseract, PP-OCRv6, Inkchart, its 95 % interval, count."""
    return tuple(
        (
            one.name,
            *(number(found) for found in (one.tesseract, one.plain, one.inkchart)),
            between(one.inkchart),
            f"{one.count:,} {one.unit}",
        )
        for one in comparisons
    )


def number(found: Estimate | None) -> str:
    """A figure as people read it."""
    return "-" if found is None or found.value is None else f"{found.value:.3f}"


def between(found: Estimate) -> str:
    """Its interval as people read it."""
    return "-" if found.interval is None else f"{found.interval.low:.3f} to {found.interval.high:.3f}"
