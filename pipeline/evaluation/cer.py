"""Character error rate: how much of what is written was read wrong.

    CER = (edits + extra) / length

over all lines of one kind, where, after `normalise`,

- `length` is the number of characters of the truth's lines of that kind,
- `edits` is the sum of the Levenshtein distances (insertions, deletions and substitutions cost 1) between
  each such line and what was read in its place; a line where nothing was read counts its whole length,
- `extra` is the number of characters of words that were read as that kind where nothing is written
  (words in ignored places do not count).

It is 0 where all is right and can exceed 1. Order between lines does not matter; within a line it does.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.evaluation.places import PlacedChart
from pipeline.records import LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterErrors:
    """Errors of one chart in lines of one kind, in characters."""

    edits: int
    extra: int
    length: int


def normalise(text: str) -> str:
    """What counts of a text: small letters and digits, words apart by one space.

    NFKC and case folding first; apostrophes vanish; every other run of characters that are neither
    letter nor digit becomes one space; none at the ends.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\u2019", "")
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def character_errors(chart: PlacedChart, kind: LineKind) -> CharacterErrors:
    """Count a chart's errors in lines of one kind."""
    pairs = [(normalise(line.truth.text), normalise(line.text)) for line in chart.lines if line.truth.kind is kind]
    return CharacterErrors(
        edits=sum(Levenshtein.distance(truth, read) for truth, read in pairs),
        extra=sum(len(normalise(placed.word.text)) for placed in chart.extra if placed.kind is kind),
        length=sum(len(truth) for truth, _ in pairs),
    )


def rate(counts: Sequence[CharacterErrors]) -> float | None:
    """CER over charts; None where nothing is written."""
    length = sum(count.length for count in counts)
    return sum(count.edits + count.extra for count in counts) / length if length else None
