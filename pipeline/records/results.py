"""What comes out of the pipeline."""

from dataclasses import dataclass

from pipeline.records.codes import Candidate
from pipeline.records.findings import Encounter, Entity
from pipeline.records.pages import Alternative, LineKind, Page, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A model, table or program that took part in a reading."""

    name: str
    edition: str
    sha256: str | None
    """None for an outside program, which has a version only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made a reading."""

    version: str
    """Of this program."""
    settings: str
    """Fingerprint of every setting that can change a result."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read from one file. Immutable: reading again makes another."""

    document: str
    """Document id."""
    pages: tuple[Page, ...]
    entities: tuple[Entity, ...]
    encounters: tuple[Encounter, ...]
    candidates: tuple[Candidate, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedLine:
    """A crop of one line or word, read."""

    kind: LineKind
    text: str
    confidence: float | None
    unreadable: bool
    alternatives: tuple[Alternative, ...]
    words: tuple[Word, ...] = ()
    """From left to right, without boxes."""
