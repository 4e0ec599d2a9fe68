"""What a person decided."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.records.codes import CodeSystem
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
class ConfirmedCode:
    """A code that a coder stands for."""

    system: CodeSystem
    code: str
    display: str
    who: str
    at: datetime
    anchors: tuple[Anchor, ...]
    """The ink behind it; empty for a code that the coder added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedEncounter:
    """An encounter that a coder signed, with its codes in the order in which they were decided."""

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
