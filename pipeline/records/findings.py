"""What a chart says: entities with their context, and the encounters they belong to."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.records.pages import LineSpan


class Label(StrEnum):
    """What an entity is."""

    DIAGNOSIS = "DIAGNOSIS"
    PROCEDURE = "PROCEDURE"
    SUPPLY = "SUPPLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the note says of a finding, beyond naming it."""

    negated: bool = False
    uncertain: bool = False
    historical: bool = False
    hypothetical: bool = False
    family: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A detail of an entity: `laterality` = `left`, `dose` = `1 g`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A diagnosis, procedure or supply that the chart names."""

    id: str
    """Unique in the reading: `n1`, `n2`, ..."""
    label: Label
    text: str
    """As read."""
    normalized: str
    """Abbreviations expanded and spelling repaired: what the code books are asked for."""
    section: str | None
    """Heading that it stands under, as a key of the section list."""
    context: Context
    attributes: tuple[Attribute, ...]
    spans: tuple[LineSpan, ...]
    """In reading order; more than one where it runs over a line end."""
    confidence: float | None = None
    """Probability that its words were read right."""
    unreadable: bool = False
    """One of its words is unreadable: never proposed."""
    clause: str = ""
    """The words that it stands among, itself included, as understood: one sentence, nothing denied or doubted."""
    line: str = ""
    """The whole sentence that it stands in, as read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fact read from the page: a name, a date, a number."""

    value: str
    """Normalised: dates as YYYY-MM-DD, names as `Last, First`, numbers without spaces."""
    text: str
    """As read."""
    confidence: float | None
    spans: tuple[LineSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """What was added to the note of a visit later on."""

    written: Finding | None
    """The day it was added, as YYYY-MM-DD; never a date of service."""
    note: Finding
    """Its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """A proposed encounter: one patient, one date of service, one provider. A person confirms it."""

    id: str
    """Unique in the reading: `e1`, `e2`, ..."""
    part: int
    """Part of the file that it was found in."""
    pages: tuple[int, ...]
    """Page numbers, ascending."""
    patient_name: Finding | None
    birth_date: Finding | None
    record_number: Finding | None
    date_of_service: Finding | None
    provider: Finding | None
    sex: Finding | None = None
    """`F` or `M`."""
    age: Finding | None = None
    """In whole years on the date of service, `0` for an infant."""
    payer: Finding | None = None
    """`medicare`, `medicaid` or `commercial`, where the note names who pays."""
    signature: Finding | None = None
    """The provider's: `signed`, or `unsigned` where its place was left empty; None where the chart does not tell."""
    patient_status: Finding | None = None
    """`new` or `established`, where it is written."""
    visit_level: Finding | None = None
    """The level that the provider wrote himself, `1` to `5`."""
    time_spent: Finding | None = None
    """Whole minutes of the visit, where they are written."""
    addenda: tuple[Addendum, ...] = ()
    """In reading order."""
    entities: tuple[str, ...] = ()
    """Ids of the entities on its pages."""
    conflicts: tuple[str, ...] = ()
    """Sentences on what does not fit together; a person must look before signing."""
