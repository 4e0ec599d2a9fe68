"""Findings: how many of those that the chart states were found, and how many of those found it states.

A found entity matches one of the truth where page and label agree and the texts, normalised, are alike:
a similarity (1 - indel distance / both lengths) of at least .6, or the words of one inside the other.
Each is matched once, the likest first, and of equally like ones the one in the same line. What the truth
marks as optional is matched too, and then counts neither way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from rapidfuzz.distance import Indel

from pipeline.evaluation.cer import normalise
from pipeline.evaluation.places import PlacedChart, line_at
from pipeline.evaluation.shares import Share
from pipeline.evaluation.truth import TruthEntity
from pipeline.records import Box, Context, Entity, Label

ALIKE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Found and true entities of a chart, matched."""

    pairs: tuple[tuple[TruthEntity, Entity], ...]
    missed: tuple[TruthEntity, ...]
    invented: tuple[Entity, ...]


def match(chart: PlacedChart) -> Matches:
    """Match the entities of a reading with those of the truth."""
    found = chart.reading.entities
    options = []
    for t, truth in enumerate(chart.truth.entities):
        for f, entity in enumerate(found):
            alike = _alike(truth, entity)
            if alike >= ALIKE:
                options.append((-alike, not _same_line(chart, truth, entity), t, f))
    left_true, left_found = set(range(len(chart.truth.entities))), set(range(len(found)))
    pairs = []
    for _, _, t, f in sorted(options):
        if t in left_true and f in left_found:
            left_true.discard(t)
            left_found.discard(f)
            pairs.append((chart.truth.entities[t], found[f]))
    missed = [chart.truth.entities[t] for t in sorted(left_true)]
    return Matches(
        pairs=tuple(pair for pair in pairs if not pair[0].optional),
        missed=tuple(true for true in missed if not true.optional),
        invented=tuple(found[f] for f in sorted(left_found)),
    )


def recall(matches: Matches, label: Label | None = None) -> Share:
    """True entities that were found; of one label where it is given."""
    hits = sum(label is None or truth.label is label for truth, _ in matches.pairs)
    return Share(right=hits, of=hits + sum(label is None or truth.label is label for truth in matches.missed))


def precision(matches: Matches, label: Label | None = None) -> Share:
    """Found entities that are true; of one label where it is given."""
    hits = sum(label is None or found.label is label for _, found in matches.pairs)
    return Share(right=hits, of=hits + sum(label is None or found.label is label for found in matches.invented))


def f1(charts: Sequence[Matches]) -> float | None:
    """Harmonic mean of precision and recall over charts, counts pooled: 2 hits / (true + found)."""
    hits = sum(len(matches.pairs) for matches in charts)
    total = 2 * hits + sum(len(matches.missed) + len(matches.invented) for matches in charts)
    return 2 * hits / total if total else None


def context_right(matches: Matches) -> Share:
    """Matched entities of which all five of negated, uncertain, historical, hypothetical and family are right."""
    right = sum(
        all(getattr(truth.context, flag.name) == getattr(found.context, flag.name) for flag in fields(Context))
        for truth, found in matches.pairs
    )
    return Share(right=right, of=len(matches.pairs))


def negation_right(matches: Matches) -> Share:
    """Entities that the chart denies and that were found so, of those that were found at all."""
    denied = [found for truth, found in matches.pairs if truth.context.negated]
    return Share(right=sum(found.context.negated for found in denied), of=len(denied))


def _alike(truth: TruthEntity, found: Entity) -> float:
    """0 to 1; 0 where page or label differ."""
    if truth.label is not found.label or truth.page not in {span.page for span in found.spans}:
        return 0.0
    one, other = normalise(truth.text), normalise(found.text)
    if not one or not other:
        return 0.0
    similarity = Indel.normalized_similarity(one, other)
    inside = f" {one} " in f" {other} " or f" {other} " in f" {one} "
    return max(similarity, ALIKE) if inside else similarity


def _same_line(chart: PlacedChart, truth: TruthEntity, found: Entity) -> bool:
    """Whether the ink of a found entity stands in the truth's line."""
    page = chart.truth.pages[truth.page - 1]
    read = next((page for page in chart.reading.pages if page.number == truth.page), None)
    boxes: tuple[Box, ...] = tuple(box for span in found.spans if span.page == truth.page for box in span.boxes)
    return read is not None and bool(boxes) and line_at(page, read, boxes[0]) == truth.line
