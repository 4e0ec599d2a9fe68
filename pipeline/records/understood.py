"""A reading with people's corrections on it."""

from dataclasses import dataclass

from pipeline.records.codes import Candidate
from pipeline.records.decided import ContextChange, WrittenLine
from pipeline.records.findings import Encounter, Entity
from pipeline.records.pages import Page
from pipeline.records.results import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidLine:
    """A written line as it was laid over a page."""

    written: WrittenLine
    line: str | None
    """Id of the line that it became; None where it says that nothing stands there, or its page is gone."""
    read: str
    """What the reading has at its place; empty where it has nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was made of one encounter with people's corrections on its pages."""

    pages: tuple[Page, ...]
    """Those that people changed or brought from elsewhere, numbered as in the encounter; the others are as read."""
    encounter: Encounter
    """With the facts that a person confirmed in place of what was read."""
    entities: tuple[Entity, ...]
    """Of the encounter, in reading order; each keeps the id that the reading gave it where its ink is the same."""
    candidates: tuple[Candidate, ...]
    lines: tuple[LaidLine, ...]
    """Every written line that counts, in the order in which they were written."""
    unmatched: tuple[ContextChange, ...]
    """Said of findings that are not found any more."""
    provenance: Provenance
    """Of the stages that look at text."""
