"""Findings in a text held against the true ones: how many were found, and how many of those found are true.

A finding counts as found where it shares a character with one of the same label: recall is over the true ones,
precision over those found, F1 their harmonic mean. An exact one has the same first and last character as well.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.evaluation.note_data import Mention
from pipeline.records import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Findings of one document."""

    found: int
    right: int
    """Of those found, how many share a character with a true one."""
    true: int
    met: int
    """Of the true ones, how many share a character with one found."""
    exact: int
    """Found with first and last character right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A wording that is missed or invented."""

    label: Label
    what: str
    """`missed` or `invented`."""
    text: str
    """In lower case, words apart by one space."""
    times: int


Rate = Callable[[Sequence[Counts]], float | None]


def count(true: Sequence[Mention], found: Sequence[Mention], labels: Iterable[Label]) -> Counts:
    """Count the findings of some labels in a document."""
    kept = set(labels)
    true, found = ([one for one in given if one.label in kept] for given in (true, found))
    places = {(one.start, one.end, one.label) for one in true}
    return Counts(
        found=len(found),
        right=sum(_met(one, true) for one in found),
        true=len(true),
        met=sum(_met(one, found) for one in true),
        exact=len(places & {(one.start, one.end, one.label) for one in found}),
    )


def precision(counts: Sequence[Counts]) -> float | None:
    """Of what was found, the share that is true; None where nothing was found."""
    found = sum(one.found for one in counts)
    return sum(one.right for one in counts) / found if found else None


def recall(counts: Sequence[Counts]) -> float | None:
    """Of what is true, the share that was found; None where nothing is true."""
    true = sum(one.true for one in counts)
    return sum(one.met for one in counts) / true if true else None


def f1(counts: Sequence[Counts]) -> float | None:
    """Harmonic mean of precision and recall; None where nothing was found and nothing is true."""
    p, r = precision(counts), recall(counts)
    if p is None and r is None:
        return None
    return 2 * p * r / (p + r) if p and r else 0.0


def exact_f1(counts: Sequence[Counts]) -> float | None:
    """F1 of findings with first and last character right."""
    total = sum(one.found + one.true for one in counts)
    return 2 * sum(one.exact for one in counts) / total if total else None


def mistakes(pairs: Iterable[tuple[Sequence[Mention], Sequence[Mention]]], labels: Iterable[Label]) -> list[Mistake]:
    """What was missed and what was invented in documents (true, found), the commonest wording first."""
    times: Counter[tuple[Label, str, str]] = Counter()
    kept = set(labels)
    for true, found in pairs:
        for what, asked, among in (("missed", true, found), ("invented", found, true)):
            times.update(
                (one.label, what, " ".join(one.text.lower().split()))
                for one in asked
                if one.label in kept and not _met(one, among)
            )
    return [
        Mistake(label=label, what=what, text=text, times=number)
        for (label, what, text), number in sorted(times.items(), key=lambda item: (-item[1], item[0]))
    ]


def _met(one: Mention, others: Sequence[Mention]) -> bool:
    return any(one.label is other.label and one.start < other.end and other.start < one.end for other in others)
