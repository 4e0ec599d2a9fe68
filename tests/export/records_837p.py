"""What stands in an 837P, as its reader gives it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.records import CodeSystem


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody named by NM1, with what stands behind it."""

    role: str
    kind: str
    name: tuple[str, ...]
    """Last, first, middle, suffix."""
    number: tuple[str, ...]
    """Qualifier and number."""
    address: tuple[str, ...] = ()
    """Street, second line, city, state, ZIP code."""
    birth_date: date | None = None
    sex: str | None = None
    taxonomy: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """A service line."""

    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: int
    place: str
    points_to: tuple[int, ...]
    day: date
    ordered_by: Party | None


@dataclass(frozen=True, kw_only=True)
class ReadClaim:
    """A claim with those it is about."""

    levels: tuple[tuple[str, ...], ...]
    """HL01 to HL04 of the subscriber and, where there is one, of the patient."""
    insurance: tuple[str, ...]
    """SBR01 to SBR09."""
    subscriber: Party
    payer: Party
    relationship: str | None
    patient: Party | None
    number: str
    total: Decimal
    frequency: str
    indicators: tuple[str, ...]
    """CLM05-2, CLM06 to CLM09."""
    cause: str | None
    state: str | None
    days: tuple[tuple[str, tuple[date, ...]], ...]
    """Qualifier, and a day or the first and the last of several."""
    attachments: tuple[tuple[str, ...], ...]
    paid: Decimal | None
    references: dict[str, str]
    note: str | None
    diagnoses: tuple[tuple[CodeSystem, str], ...]
    referred_by: Party | None
    provider: Party | None
    facility: Party | None
    supervised_by: Party | None
    second: tuple[tuple[str, ...], tuple[str, ...], Party, Party] | None
    """SBR and OI of the second insurance, whose it is and who is asked."""
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True, kw_only=True)
class ReadSet:
    """A transaction set."""

    head: tuple[str, ...]
    purpose: tuple[str, ...]
    submitter: Party
    contact: tuple[str, ...]
    receiver: Party
    level: tuple[str, ...]
    taxonomy: tuple[str, ...]
    practice: Party
    tax_id: tuple[str, ...]
    claims: tuple[ReadClaim, ...]
    counted: int
    tail: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """An interchange."""

    isa: tuple[str, ...]
    gs: tuple[str, ...]
    sets: tuple[ReadSet, ...]
    ge: tuple[str, ...]
    iea: tuple[str, ...]
