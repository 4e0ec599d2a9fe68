"""The date of a labelled field; where the best reading is no date, what the reader's other readings say."""

from collections.abc import Sequence

from pipeline.entities.visits.dates import WrittenDate, dates_in
from pipeline.records import Word

FEWEST_DIGITS = 4
"""A word with fewer digits is not taken for a misread date."""
SHARE = 0.6
"""The date meant has at least this share of what all readings that are dates have together."""
TRUST = 0.5
"""A date that is not in the best reading is worth at most this."""


def date_meant(text: str, words: Sequence[Word], *, visit: bool) -> tuple[WrittenDate, float | None] | None:
    """The first date of a field.

    Args:
        text: the field's value.
        words: that it was read from.
        visit: the date is a visit's, and must be of a year that can be one.

    Returns:
        The date and None where it stands there, or how sure it is where only another reading of a word says it.
    """
    for written in dates_in(text)[:1]:
        if not visit or written.dates_a_visit():
            return written, None
    cursor = 0
    for word in words:
        start = text.find(word.text, cursor)
        if start < 0:
            continue
        cursor = start + len(word.text)
        if sum(char.isdigit() for char in word.text) < FEWEST_DIGITS:
            continue
        return _other_reading(word, start, visit)
    return None


def _other_reading(word: Word, start: int, visit: bool) -> tuple[WrittenDate, float] | None:
    """What the other readings of a word agree on, as a date that covers the word."""
    weights: dict[tuple[int, int, int], float] = {}
    for other in word.alternatives:
        for written in dates_in(other.text)[:1]:
            if other.confidence and (not visit or written.dates_a_visit()):
                day = written.year, written.month, written.day
                weights[day] = weights.get(day, 0.0) + other.confidence
    if not weights:
        return None
    day = max(weights, key=lambda one: weights[one])
    share = weights[day] / sum(weights.values())
    if share < SHARE:
        return None
    year, month, number = day
    return WrittenDate(start, start + len(word.text), year, month, number), share * TRUST
