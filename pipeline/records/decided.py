"""What a person decided."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.records.codes import CodeSystem
from pipeline.records.findings import Context, Label
from pipeline.records.pages import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The ink that a decision is about: it outlives every row's id and every reading."""

    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who the encounter is of, as a person confirmed it."""

    name: str
    """`Last, First`."""
    birth_date: date | None
    record_number: str | None
    sex: str | None
    """`F` or `M`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page of an encounter, and where it comes from.

    An encounter's own pages keep the numbers of its document; a page that was brought from elsewhere gets the next
    free number, once and for all, so that anchors stay what they are.
    """

    number: int
    """In the encounter."""
    document: str
    page: int
    """In the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLine:
    """What a person says stands at a place of a page; it wins over every reading."""

    page: int
    """In the encounter."""
    box: Box
    text: str
    """Empty where nothing stands there."""
    drawn: bool
    """The person drew the box; the reading has no line there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextChange:
    """What a person says of how the note means a finding."""

    anchors: tuple[Anchor, ...]
    label: Label
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What people changed of a reading of one encounter, beside its codes: it is understood anew with this on it."""

    pages: tuple[PageSource, ...] | None = None
    """None where they are as proposed."""
    lines: tuple[WrittenLine, ...] = ()
    """The later one wins where two are at one place."""
    contexts: tuple[ContextChange, ...] = ()
    date_of_service: date | None = None
    """As confirmed."""
    patient: Patient | None = None
    """As confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedCode:
    """A code that a coder stands for."""

    system: CodeSystem
    code: str
    display: str
    who: str
    at: datetime
    anchors: tuple[Anchor, ...]
    """The ink behind it; empty for a code that the coder added."""
    units: int | None = None
    """How many are billed; None where nobody said."""
    modifiers: tuple[str, ...] = ()
    """In the order of the claim."""
    points_to: tuple[str, ...] = ()
    """Diagnosis codes that justify it, the primary first; empty where nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedEncounter:
    """An encounter that a coder signed, with its codes: diagnoses as the claim has them, then services as decided."""

    id: str
    document: str
    document_name: str
    batch: str
    reading: int
    """Number of the reading that the coder saw."""
    pages: tuple[int, ...]
    patient: Patient
    date_of_service: date
    provider: str | None
    confirmed_by: str
    confirmed_at: datetime
    codes: tuple[ConfirmedCode, ...]
