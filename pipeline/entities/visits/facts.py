"""A fact that a page states, bound to its ink."""

from dataclasses import dataclass, replace

from pipeline.entities.text.chart_text import PageText
from pipeline.entities.visits.dates import WrittenDate
from pipeline.entities.visits.fields import FieldValue
from pipeline.lexicon import Field, FieldLabel
from pipeline.records import Finding, Page

LABELLED, COMMON, BARE = 3, 2, 1
"""How firmly a fact is bound to its meaning: by its own label, by a word like `Date:`, by its place alone."""
TRUST = {LABELLED: 1.0, COMMON: 0.95, BARE: 0.8}
"""By how much the reading's confidence is lowered for it."""
NO_LABEL = FieldLabel(text="", field=Field.OTHER, weak=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact and where it stands."""

    field: Field
    finding: Finding
    line: int
    """Index of its line on the page."""
    firmness: int
    written: WrittenDate | None = None
    """The date as written, where it is one."""


def fact_at(
    text: PageText,
    field: Field,
    normal: str,
    start: int,
    end: int,
    firmness: int,
    *,
    exact: bool = True,
    written: WrittenDate | None = None,
) -> Fact:
    """The fact that a stretch of a page's text states.

    Args:
        text: the page's.
        field: what it is a fact of.
        normal: its normal form.
        start: first code point in the page's text.
        end: one past the last.
        firmness: LABELLED, COMMON or BARE.
        exact: False where a letter of its label was misread.
        written: the date as written, where it is one.
    """
    known = [word.confidence for word in text.words_in(start, end) if word.confidence is not None]
    trust = TRUST[firmness] * (1.0 if exact else 0.9)
    finding = Finding(
        value=normal,
        text=text.text[start:end],
        confidence=min(known) * trust if known else None,
        spans=text.spans(start, end),
    )
    return Fact(field, finding, text.line_at(start), firmness, written)


def fact_in(
    text: PageText,
    value: FieldValue,
    field: Field,
    normal: str,
    start: int,
    end: int,
    firmness: int,
    written: WrittenDate | None = None,
) -> Fact:
    """The fact that a stretch of a field's value states."""
    origin = text.starts[value.line] + value.start
    fact = fact_at(text, field, normal, origin + start, origin + end, firmness, exact=value.exact, written=written)
    return replace(fact, line=value.line)


def doubted(fact: Fact, sureness: float) -> Fact:
    """The fact of a word that says it in another reading only."""
    return replace(fact, finding=replace(fact.finding, confidence=sureness * TRUST[fact.firmness]))


def unlabelled(page: Page, index: int, start: int = 0) -> FieldValue:
    """A line, from one of its code points on, as the value of no label."""
    return FieldValue(NO_LABEL, index, index, start, page.lines[index].text[start:], True)
