"""Codes and why they are put before the coder."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CodeSystem(StrEnum):
    """Part of a code's identity: 1,593 undotted codes are both ICD-9 diagnoses and ICD-9 procedures."""

    ICD9CM = "ICD9CM"
    ICD10CM = "ICD10CM"
    CPT = "CPT"
    HCPCS = "HCPCS"
    ICD9PCS = "ICD9PCS"
    """Volume 3 of ICD-9-CM, procedures of hospitals: to be looked up, never on a professional claim."""


CLAIMED = (CodeSystem.ICD9CM, CodeSystem.ICD10CM, CodeSystem.CPT, CodeSystem.HCPCS)
"""The systems that a professional claim holds: what is proposed, and what a coder may choose, is of these."""
DIAGNOSES = frozenset({CodeSystem.ICD9CM, CodeSystem.ICD10CM})
"""The two editions of diagnoses, of which a date of service asks for one."""
ICD10_FROM = date(2015, 10, 1)
"""Dates of service from this day on are coded in ICD-10-CM, earlier ones in ICD-9-CM."""
SYSTEM_NAMES = {
    CodeSystem.ICD9CM: "ICD-9-CM",
    CodeSystem.ICD10CM: "ICD-10-CM",
    CodeSystem.CPT: "CPT",
    CodeSystem.HCPCS: "HCPCS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An entry of a code book."""

    system: CodeSystem
    code: str
    """With its dot."""
    display: str
    billable: bool
    """False for a category that has subdivisions."""
    kind: str
    """`diagnosis`, `procedure` or `supply`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for a candidate."""

    source: str
    """`synonym`, `description`, `map`, `note`, ..."""
    detail: str
    """A sentence for the coder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A code that the product puts before the coder."""

    encounter: str | None
    """Encounter id; None where a bare text was asked."""
    entity: str | None
    """Entity id; None where a bare text was asked."""
    system: CodeSystem
    code: str
    display: str
    score: float
    rank: int
    """From 1, within its entity and system."""
    proposed: bool
    """What the product would tick for the coder to confirm."""
    billable: bool
    evidence: tuple[Evidence, ...]
    withheld: str | None
    """Why it is not proposed, in one sentence; None where it is, or where a better one is."""
    units: int | None = None
    """How many are billed; None where the note does not tell."""
    modifiers: tuple[str, ...] = ()
    """Those that the ink supports."""
    warnings: tuple[str, ...] = ()
    """Sentences on what to look at before confirming it."""


class WarningKind(StrEnum):
    """Which rule speaks."""

    UNKNOWN = "unknown"
    """No loaded book has the code."""
    EDITION = "edition"
    """It is of the ICD edition that the day does not take."""
    NOT_IN_FORCE = "not_in_force"
    CATEGORY = "category"
    """It has subdivisions, and is not billed itself."""
    INTEGRAL = "integral"
    """A symptom that belongs to a disease of the visit."""
    INCLUDED = "included"
    """A part of another service of the visit."""
    EXCLUDES = "excludes"
    MANIFESTATION = "manifestation"
    """It stands without the disease that it comes of, or before it."""
    SEX = "sex"
    AGE = "age"
    UNUSUAL = "unusual"
    """Sex or age make it unlikely, and not impossible."""
    PAIR = "pair"
    """Two services that CMS does not pay together."""
    UNITS = "units"
    """More than CMS believes."""
    COMPANION = "companion"
    """What stands beside it as a rule is missing."""
    VISIT = "visit"
    """A visit beside a procedure or check-up of the same day."""
    CAUSE = "cause"
    """An injury without its external cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWarning:
    """What a coder should look at in the codes that stand in an encounter."""

    system: CodeSystem
    code: str
    """The code that it stands beside."""
    kind: WarningKind
    sentence: str
    """What is the matter and what to do, in one or two sentences."""
    source: str
    """Where the rule stands: a guideline's section, a note's place in the book, an edit's table and quarter."""
    other: str | None = None
    """The second code that it is about."""
